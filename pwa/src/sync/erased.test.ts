import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import type { Uuid } from "../domain/wire";
import type { Database } from "../storage/database";
import { aPhone, hasBytes, heal, note, outbox, shoot, WALK } from "./evening";
import { handIn } from "./hand_in";
import { items } from "./items";
import { ModelServer } from "./model";
import { round } from "./sender";

let server: ModelServer;
let db: Database;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = new ModelServer();
  db = await aPhone();
});

const photos = () => db.read(["photos"], (tx) => tx.objectStore("photos").getAll());
const words = async () =>
  JSON.stringify([
    await outbox(db),
    await photos(),
    await db.read(["states"], (tx) => tx.objectStore("states").getAll()),
  ]);
const tombstone = (id: Uuid) =>
  server.show({
    kind: "erased",
    id,
    version: 2,
    state: { id, version: 2, kind: "observation", reason: "erasure", on: "2026-11-21" },
  });

test("a tombstone takes the phone's own words and bytes with it, and the item says why", async () => {
  const photo = await shoot(db, 600, true, { text: "Kanariefågeln åt solrosfrön" });
  await handIn(db, WALK);
  await heal(db, server);
  const [sent] = await items(db, WALK);
  expect([sent?.passage, await hasBytes(db, photo)]).toEqual(["received", true]);

  tombstone(sent?.id as Uuid);
  await round(db, server, "a");

  expect(await hasBytes(db, photo)).toBe(false);
  expect(await photos()).toEqual([]);
  expect(await words()).not.toContain("solrosfrön");
  const [gone] = await items(db, WALK);
  expect([gone?.passage, gone?.code, gone?.receipt]).toEqual(["received", "erased", null]);
});

test("what others made is not touched, nor is a draft", async () => {
  const kept = await shoot(db, 600, true, { text: "Lampan" });
  await handIn(db, WALK);
  await heal(db, server);
  const draft = await note(db, { text: "Utkastet" });

  tombstone(draft);
  await round(db, server, "a");

  expect(await hasBytes(db, kept)).toBe(true);
  expect(await db.read(["drafts"], (tx) => tx.objectStore("drafts").count())).toBe(1);
  expect((await items(db, WALK)).map((item) => item.code)).toEqual([null, null]);
});

test("an operation that is answered erased ends there: nothing waits, nothing is left of what it said", async () => {
  await note(db, { text: "Kanariefågeln åt solrosfrön" });
  await handIn(db, WALK);
  server.judge = ({ type }) => (type === "observation.record" ? { outcome: "rejected", code: "erased" } : null);

  await round(db, server, "a");

  expect(await words()).not.toContain("solrosfrön");
  const [gone] = await items(db, WALK);
  expect([gone?.passage, gone?.code]).toEqual(["received", "erased"]);
});
