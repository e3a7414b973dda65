import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import type { Uuid, WalkState } from "../domain/wire";
import type { Database } from "../storage/database";
import { type Identity, identity } from "../storage/identity";
import type { World } from "./ask";
import { aPhone, WALK } from "./evening";
import { fetchCard, walkCard } from "./walkcard";

const FIRST = "01930000-0000-7000-8000-00000000ca01";
const SECOND = "01930000-0000-7000-8000-00000000ca02";

let asked: string[];
let online: boolean;
let served: Uuid;

const world = {
  now: () => 0,
  fetch: async (path: string) => {
    asked.push(path);
    if (!online) throw new TypeError("no network");
    const card = { id: served, walk: WALK, code: "ABCD-EFGH-JKMN", address: "https://trygg.test/kort" };
    return new Response(JSON.stringify({ ...card, qr_svg: "<svg/>", through: "2027-12-24" }), {
      headers: { "Content-Type": "application/json", "Trygg-Protocol": "1" },
    });
  },
} as unknown as World;

async function named(db: Database, card: Uuid | null | undefined): Promise<void> {
  const state = { id: WALK, version: 1, card } as WalkState;
  await db.write(["states"], (tx) =>
    tx.objectStore("states").put({ kind: "walk", id: WALK, version: 1, state, run: 1 }),
  );
}

async function phone(): Promise<[Database, Identity]> {
  const db = await aPhone();
  return [db, (await identity(db)) as Identity];
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  asked = [];
  online = true;
  served = FIRST;
});

test("the card comes with the walk, is asked for once and shown without a network", async () => {
  const [db, who] = await phone();
  await named(db, FIRST);
  await fetchCard(db, world, who);
  online = false;
  await fetchCard(db, world, who);

  expect(asked).toEqual(["/api/card"]);
  expect((await walkCard(db, who))?.code).toBe("ABCD-EFGH-JKMN");
});

test("one that was replaced is not shown, also before the new one has come", async () => {
  const [db, who] = await phone();
  await named(db, FIRST);
  await fetchCard(db, world, who);
  await named(db, SECOND);
  expect(await walkCard(db, who)).toBeNull();
  online = false;
  await fetchCard(db, world, who);
  expect(await walkCard(db, who)).toBeNull();

  online = true;
  served = SECOND;
  await fetchCard(db, world, who);
  expect((await walkCard(db, who))?.id).toBe(SECOND);
});

test("one that was shut goes, and nothing is asked for", async () => {
  const [db, who] = await phone();
  await named(db, FIRST);
  await fetchCard(db, world, who);
  await named(db, null);
  await fetchCard(db, world, who);
  await named(db, undefined);

  expect(await walkCard(db, who)).toBeNull();
  expect(asked).toEqual(["/api/card"]);
});

test("the phone forgets the walk after two weeks and still has its card, but not another walk's", async () => {
  const [db, who] = await phone();
  await named(db, FIRST);
  await fetchCard(db, world, who);
  await db.write(["states"], (tx) => tx.objectStore("states").delete(["walk", WALK]));

  expect((await walkCard(db, who))?.id).toBe(FIRST);
  expect(await walkCard(db, { ...who, walk: SECOND })).toBeNull();
});

test("a server of before says nothing about cards, and nothing is asked", async () => {
  const [db, who] = await phone();
  await named(db, undefined);
  await fetchCard(db, world, who);

  expect(asked).toEqual([]);
});
