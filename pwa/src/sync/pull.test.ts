import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import type { Change, Kind, PresenceState, ReplyState, WalkState } from "../domain/wire";
import type { Database } from "../storage/database";
import { openDatabase } from "../storage/database";
import { KEEP_AFTER_WALK, KEEP_PRESENCE, KEEP_REPLIES } from "../storage/forget";
import { identity, meta, saveIdentity } from "../storage/identity";
import { presence, replies, walk } from "../storage/states";
import { handInAgain } from "./again";
import { aPhone, heal, note, outbox, photoRow, SEEN, shoot, WALK } from "./evening";
import { handIn, logPresence } from "./hand_in";
import { items } from "./items";
import { ModelServer, problem } from "./model";
import { prepare } from "./prepare";
import { round } from "./sender";

let server: ModelServer;
let db: Database;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = new ModelServer();
  db = await aPhone();
});
const kinds = async () =>
  (await db.read(["states"], (tx) => tx.objectStore("states").getAllKeys())) as [Kind, string][];
const cursor = async () => (await meta<{ cursor: string | null }>(db, "read"))?.cursor ?? null;
const aWalk = (id: string, name: string, version = 1): Change => ({
  kind: "walk",
  id,
  version,
  state: { id, version, name, stops: [], ends_at: "2026-11-20T21:00:00Z" } as unknown as WalkState,
});
const aReply = (id: string, number: string): Change => ({
  kind: "reply",
  id,
  version: 1,
  state: { id, version: 1, number, state: "planned" } as unknown as ReplyState,
});

test("pages come until the head, and the answers are there to read", async () => {
  for (let n = 1; n <= 11; n++) server.show(aReply(`r${n}`, `LK-${n}`));
  await round(db, server, "a");
  expect((await replies(db)).map((reply) => reply.number)).toEqual(
    Array.from({ length: 11 }, (_, at) => `LK-${11 - at}`),
  );
  // Three pages, and the sum of all that came.
  expect(server.asked.filter((asked) => asked.path.startsWith("/sync/pull")).length).toBe(4);
});

test("a page and its cursor are one: a crash in between repeats the page, and never skips it", async () => {
  for (let n = 0; n < 6; n++) server.show(aWalk(`w${n}`, "x"));
  const put = IDBObjectStore.prototype.put;
  const crash = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, value) {
    if ((value as { key?: string }).key === "read") throw new Error("crash");
    return put.call(this, value);
  });
  await expect(round(db, server, "a")).rejects.toThrow("crash");
  crash.mockRestore();
  expect(await kinds()).toEqual([]);
  expect(await cursor()).toBeNull();
  await round(db, server, "a");
  expect((await kinds()).length).toBe(6);
});

test("only a tombstone removes; what a page does not mention stays", async () => {
  server.show(aWalk(WALK, "Åkern"));
  server.show(aWalk("other", "Hamnen"));
  await round(db, server, "a");
  await round(db, server, "a");
  expect((await kinds()).length).toBe(2);
  server.show({ kind: "walk", id: "other", version: 2, gone: true });
  await round(db, server, "a");
  expect(await kinds()).toEqual([["walk", WALK]]);
});

test("what a revoked right showed goes row by row, and comes back when it is granted again", async () => {
  server.show(aWalk(WALK, "Åkern", 2));
  server.show(aWalk("other", "Hamnen"));
  await round(db, server, "a");
  // As the server takes a scope back: every row of it as gone, older versions too.
  for (const version of [1, 2]) server.show({ kind: "walk", id: WALK, version, gone: true });
  await round(db, server, "a");
  expect(await kinds()).toEqual([["walk", "other"]]);
  server.show(aWalk(WALK, "Åkern", 1));
  server.show(aWalk(WALK, "Åkern", 2));
  await round(db, server, "a");
  expect((await walk(db, WALK))?.version).toBe(2);
});

test("a log of the night when the clock goes back is listed as it was lived", async () => {
  const at = ["2026-10-25T02:30:00+01:00", "2026-10-25T00:30:00Z", "2026-10-24T23:55:00+02:00"];
  for (const [n, when] of at.entries()) {
    const state = { id: `e${n}`, pass: "p", version: 1, at: when } as unknown as PresenceState;
    server.show({ kind: "presence", id: `e${n}`, version: 1, state });
  }
  await round(db, server, "a");
  expect((await presence(db, "p")).map((entry) => entry.id)).toEqual(["e2", "e1", "e0"]);
});

test("a version never goes back", async () => {
  server.show(aWalk(WALK, "new", 3));
  await round(db, server, "a");
  server.show(aWalk(WALK, "old", 2));
  await round(db, server, "a");
  expect((await walk(db, WALK))?.name).toBe("new");
});

test("must_refetch keeps the outbox and the drafts, and what was known stays readable until the new run is complete", async () => {
  server.show(aWalk(WALK, "Åkern"));
  server.show(aWalk("gone since", "Hamnen"));
  await round(db, server, "a");
  await note(db);
  await handIn(db, WALK);
  const draft = await note(db);
  server.stored.feed = server.stored.feed.slice(0, 1);
  for (let n = 0; n < 5; n++) server.show(aReply(`r${n}`, `LK-${n}`));
  server.epoch += 1;
  // The push passes; the refetch is cut after its first page.
  server.fates = ["pass", "pass", "pass", "lost_request"];
  expect(await round(db, server, "a")).toBe("lost");
  expect((await kinds()).filter(([kind]) => kind === "walk").length).toBe(2);

  expect(await heal(db, server)).toBe("done");
  expect((await kinds()).filter(([kind]) => kind === "walk")).toEqual([["walk", WALK]]);
  expect((await items(db, WALK)).map((item) => [item.id === draft, item.passage]).sort()).toEqual([
    [false, "received"],
    [true, "draft"],
  ]);
});

test("a restored server gets back what it once acknowledged, photos too, exactly once", async () => {
  const backup = server.backup();
  const photo = await shoot(db, 800);
  await note(db);
  await handIn(db, WALK);
  expect(await heal(db, server)).toBe("done");
  expect((await photoRow(db, photo)).proved_at).not.toBeNull();

  server.restore(backup);
  const before = (await outbox(db)).map((row) => row.operation);
  expect(await round(db, server, "a")).toBe("done");

  expect((await outbox(db)).map((row) => row.operation)).toEqual(before);
  expect(server.has("observation.record").length).toBe(2);
  expect([...server.stored.effects.values()].every((times) => times === 1)).toBe(true);
  expect(server.stored.photos.get(photo)?.state.state).toBe("received");
  expect((await items(db, WALK)).every((item) => item.passage === "received")).toBe(true);
});

test("what a restored server takes in again has the number it is given then, also on the phone", async () => {
  const first = await note(db);
  await handIn(db, WALK);
  await heal(db, server);
  const backup = server.backup();
  const lost = await note(db, { text: "Mörkt" });
  await handIn(db, WALK);
  await heal(db, server);
  const numbers = async () => new Map((await items(db, WALK)).map((item) => [item.id, item.receipt?.number]));
  const before = await numbers();

  server.restore(backup);
  for (let n = 0; n < 9; n++) server.stored.effects.set(`raised-${n}`, 1); // numbers go on from where they had been
  expect(await heal(db, server)).toBe("done");

  const after = await numbers();
  expect(after.get(first)).toBe(before.get(first));
  expect(after.get(lost)).not.toBe(before.get(lost));
  expect(after.get(lost)).toBe(numberOf(server, lost));
});

test("what came back by a rescue file before the phone did is shown with the number it got then", async () => {
  const backup = server.backup();
  const id = await note(db);
  await handIn(db, WALK);
  await heal(db, server);
  const before = (await items(db, WALK))[0]?.receipt?.number;

  server.restore(backup);
  for (let n = 0; n < 9; n++) server.stored.effects.set(`raised-${n}`, 1);
  for (const { operation } of await outbox(db)) server.takeIn(operation);
  expect(await heal(db, server)).toBe("done");

  const item = (await items(db, WALK))[0];
  expect(numberOf(server, id)).not.toBe(before);
  expect([item?.passage, item?.receipt?.number]).toEqual(["received", numberOf(server, id)]);
  expect(server.stored.effects.get((await outbox(db))[0]?.id ?? "")).toBe(1);
});

function numberOf({ stored }: ModelServer, entity: string): string | undefined {
  const all = [...stored.operations.values()];
  return all.find(({ text }) => (JSON.parse(text) as { entity: string }).entity === entity)?.outcome.receipt?.number;
}

test("a restored server is told again what it once refused, and what took its place", async () => {
  const backup = server.backup();
  const bad = await note(db, { text: "Kalle" });
  server.judge = ({ body }) => ("text" in body && body.text === "Kalle" ? { outcome: "rejected", code: "no" } : null);
  await handIn(db, WALK);
  await heal(db, server);
  await handInAgain(db, bad, { text: "Mörkt" });
  const parked = await note(db, { text: "Kalle" });
  await handIn(db, WALK);
  await heal(db, server);

  server.restore(backup);
  await heal(db, server);

  // Every number is with the server: it need not ask what else the phone may still hold.
  const rows = await outbox(db);
  expect(rows.filter((row) => !server.stored.operations.has(row.id))).toEqual([]);
  expect(server.has("observation.record").map(({ entity }) => entity)).toEqual([bad]);
  const shown = new Map((await items(db, WALK)).map((item) => [item.id, item.passage]));
  expect(shown).toEqual(
    new Map([
      [bad, "received"],
      [parked, "needs_you"],
    ]),
  );
});

test("a restore between the first push and the first pull is noticed", async () => {
  const backup = server.backup();
  await note(db);
  await handIn(db, WALK);
  server.fates = ["pass", "lost_request"];
  await round(db, server, "a");
  server.restore(backup);
  server.clock += 400_000;
  expect(await round(db, server, "a")).toBe("done");
  expect(server.has("observation.record").length).toBe(1);
  expect((await items(db, WALK))[0]?.passage).toBe("received");
});

test("after a restore no old proof lets the phone forget a photo", async () => {
  const photo = await shoot(db, 800);
  await handIn(db, WALK);
  await heal(db, server);
  server.epoch += 1;
  server.fates = ["pass", "lost_request"]; // must_refetch arrives, the refetch does not
  await round(db, server, "a");
  expect((await photoRow(db, photo)).proved_at).toBeNull();
});

test("an unanswered re-offer is made again after a restart", async () => {
  const backup = server.backup();
  await note(db);
  await handIn(db, WALK);
  await heal(db, server);
  server.restore(backup);
  server.fates = ["pass", "pass", "lost_response"]; // must_refetch, page, have
  expect(await round(db, server, "a")).toBe("lost");
  const again = await aPhone();
  expect(await heal(again, server)).toBe("done");
  expect(server.has("observation.record").length).toBe(1);
});

test("a feed that never stops asking to start over is left for later", async () => {
  server.fates = Array.from({ length: 20 }, () => () => problem(409, "must_refetch"));
  expect(await round(db, server, "a")).toBe("lost");
  expect(server.asked.length).toBe(3);
});

test("a deferred operation that the feed shows is received, though the push never said so", async () => {
  const id = await note(db);
  await handIn(db, WALK);
  server.judge = ({ type }) => (type === "observation.record" ? { outcome: "deferred", code: "walk_missing" } : null);
  await round(db, server, "a");
  const received_at = "2026-11-20T20:00:00Z";
  server.show({
    kind: "observation",
    id,
    version: 1,
    state: { id, version: 1, number: "LK-9", received_at, state: "received" },
  });
  await round(db, server, "a");
  expect((await items(db, WALK))[0]?.passage).toBe("received");
});

test("preparing fetches the walk and the checklist, and tells every step", async () => {
  server.show(aWalk(WALK, "Åkern"));
  const told: string[] = [];
  await prepare(db, ({ step, state }) => told.push(`${step} ${state}`), server);
  expect(told).toEqual([
    "app doing",
    "walk doing",
    "checklist doing",
    "walk done",
    "checklist no",
    "storage doing",
    "storage no",
    "app no",
  ]);
});

test("two weeks after the walk the phone has forgotten it; the answers and the phone's name stay 400 days", async () => {
  server.show(aWalk(WALK, "Åkern"));
  server.show(aReply("r", "LK-1"));
  await shoot(db);
  await handIn(db, WALK);
  await heal(db, server);
  server.clock = Date.parse("2026-11-20T21:00:00Z") + KEEP_AFTER_WALK - 1;
  await round(db, server, "a");
  expect(await walk(db, WALK)).not.toBeNull();
  server.clock += 1;
  await round(db, server, "a");
  expect(await walk(db, WALK)).toBeNull();
  expect(await outbox(db)).toEqual([]);
  expect(await db.read(["photos", "bytes"], (tx) => tx.objectStore("photos").count())).toBe(0);
  expect((await replies(db)).length).toBe(1);
  expect((await kinds()).some(([kind]) => kind === "observation")).toBe(true);
  expect((await identity(db))?.alias).toBe("Kim");
  server.clock += KEEP_REPLIES;
  await round(db, server, "a");
  expect((await kinds()).some(([kind]) => kind === "observation")).toBe(false);
  expect(await identity(db)).toBeNull();
});

test("a field secretary's phone keeps entries for 30 days, and what is unsent for as long as it takes", async () => {
  const falt = openDatabase("falt");
  const who = await identity(db);
  if (who) await saveIdentity(falt, { ...who, walk: "", surface: "falt", organisation: "lidkoping-faltarna" });
  const pass = { evening: "2026-11-20", kind: "field_shift" as const, adults: 2 };
  const none = { place: null, substances: null, minutes: null, ages: null, activity: null, noise: null };
  const entry = {
    area: "Lidköping",
    at: SEEN,
    band: "0" as const,
    mood: "calm" as const,
    action: "talk" as const,
    ...none,
  };
  await logPresence(falt, entry, pass);
  await round(falt, server, "f");
  const unsent = await logPresence(falt, entry, pass);
  const body = { ...entry, pass: "p", id: "e", version: 1, logged_at: SEEN } as PresenceState;
  server.show({ kind: "presence", id: "e", version: 1, state: body });
  server.clock = Date.parse(SEEN) + KEEP_PRESENCE - 1;
  server.judge = ({ entity }) => (entity === unsent ? { outcome: "rejected", code: "no" } : null);
  await round(falt, server, "f");
  expect((await outbox(falt)).length).toBe(3);
  server.clock += 1;
  await round(falt, server, "f");
  expect((await outbox(falt)).map((row) => row.entity)).toEqual([unsent]);
  expect(await falt.read(["states"], (tx) => tx.objectStore("states").count())).toBe(0);
});

test.each<[string, () => Promise<unknown>]>([
  ["a draft", () => note(db)],
  ["a draft with a photo", () => shoot(db)],
  ["a parked item", () => note(db, { text: "Kalle" }).then(() => handIn(db, WALK))],
  ["an unsent photo", () => shoot(db, 600, true, { text: "photo" }).then(() => handIn(db, WALK))],
])("%s keeps its walk on the phone, however old", async (_, left) => {
  server.show(aWalk(WALK, "Åkern"));
  await note(db);
  await handIn(db, WALK);
  await heal(db, server);
  await left();
  server.judge = ({ type, body }) => {
    const rejected = type === "photo.declare" || ("text" in body && body.text === "Kalle");
    return rejected ? { outcome: "rejected", code: "no" } : null;
  };
  server.clock += 20 * KEEP_AFTER_WALK;
  await round(db, server, "a");
  expect(await walk(db, WALK)).not.toBeNull();
  expect((await items(db, WALK)).length).toBe(2);
});
