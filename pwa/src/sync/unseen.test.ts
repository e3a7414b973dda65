import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import type { UnseenRow } from "../domain/wire";
import { type Database, openDatabase } from "../storage/database";
import { saveIdentity } from "../storage/identity";
import { browserWorld, type World } from "./ask";
import { answerUnseen, fetchUnseen, unseen } from "./unseen";

const TASK = "01a1fa42-2000-7451-aee4-1c178eee3ceb";
const ROW: UnseenRow = {
  id: TASK,
  title: "Trasig belysning",
  near: "Torget",
  lat: 58.5,
  lon: 13.1,
  unit: "Gata och park",
  done_on: "2026-11-20",
  said: "Lampan är bytt.",
  partly: false,
};

let db: Database;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  db = openDatabase("falt");
  await saveIdentity(db, { device: TASK, token: "t", municipality: "lidkoping" } as never);
});

function server(tasks: UnseenRow[] | null): World {
  return {
    ...browserWorld,
    now: () => 1_000,
    fetch: async () => {
      if (tasks === null) throw new TypeError("no network");
      const headers = { "Content-Type": "application/json", "Trygg-Protocol": "1" };
      return new Response(JSON.stringify({ tasks }), { headers });
    },
  };
}

async function outbox() {
  return db.read(["outbox"], (tx) => tx.objectStore("outbox").getAll());
}

test("the list is kept for where there is no network, and a lost answer takes nothing away", async () => {
  expect(await fetchUnseen(db, server([ROW]))).toBe(true);
  expect(await fetchUnseen(db, server(null))).toBe(false);

  expect(await unseen(db)).toEqual({ fetched_at: 1_000, tasks: [ROW], answered: {} });
});

test("an answer is one operation, and is not asked for again by a list that came before the server had it", async () => {
  await fetchUnseen(db, server([ROW]));

  await answerUnseen(db, ROW, "partly");
  await fetchUnseen(db, server([ROW]));

  const rows = await outbox();
  expect(rows.map(({ operation, entity }) => [operation.type, entity, operation.body])).toEqual([
    ["task.confirm", TASK, { seen: "partly", seen_on: null }],
  ]);
  expect((await unseen(db))?.answered).toEqual({ [`${TASK} 2026-11-20`]: "partly" });
});

test("who has not been there is asked again, and so is everybody when it is mended once more", async () => {
  await fetchUnseen(db, server([ROW]));
  await answerUnseen(db, ROW, "not_there");
  expect(Object.values((await unseen(db))?.answered ?? {})).toEqual(["not_there"]);

  await fetchUnseen(db, server([ROW]));
  expect((await unseen(db))?.answered).toEqual({});

  await answerUnseen(db, ROW, "no");
  const again = { ...ROW, done_on: "2026-12-01" };
  await fetchUnseen(db, server([again]));
  expect((await unseen(db))?.answered).toEqual({});
});

test("the list is the signed-in person's: it is gone when somebody signs in anew", async () => {
  await fetchUnseen(db, server([ROW]));

  await saveIdentity(db, { device: TASK, token: "u", municipality: "lidkoping" } as never);

  expect(await unseen(db)).toBe(null);
});
