import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Database } from "../storage/database";
import { heldFor, LONGEST_HOLD, pause } from "./contact";
import { aPhone, note, outbox, WALK } from "./evening";
import { handIn } from "./hand_in";
import { ModelServer, problem } from "./model";
import { type Sender, startSender } from "./sender";

let server: ModelServer;
let db: Database;
let sender: Sender | null = null;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = new ModelServer();
  db = await aPhone();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  sender?.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const breath = () => new Promise((resolve) => setImmediate(resolve));
async function pass(seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n++) {
    server.clock += 1_000;
    await vi.advanceTimersByTimeAsync(1_000);
    for (let turn = 0; turn < 12; turn++) await breath();
  }
}
const settled = async (is: () => boolean | Promise<boolean>) => {
  for (let n = 0; n < 2_000 && !(await is()); n++) await breath();
  expect(await is()).toBe(true);
};
const received = async () => (await outbox(db)).every((row) => row.passage === "received");
const pushes = () => server.asked.filter((asked) => asked.path === "/sync/push").length;

test("pauses stay under a ceiling that doubles from 2 s to 5 min, and never become a tight loop", () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat({ max: 10_000 }), chance, (failures, random) => {
      const wait = pause(failures, () => random);
      expect(wait).toBeGreaterThanOrEqual(250);
      expect(wait).toBeLessThanOrEqual(Math.min(300_000, 2_000 * 2 ** failures));
    }),
  );
});

test("no clock can make a Retry-After longer than an hour", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (until, now) => {
      expect(heldFor(until, now)).toBeGreaterThanOrEqual(0);
      expect(heldFor(until, now)).toBeLessThanOrEqual(LONGEST_HOLD);
    }),
  );
});

test("ten minutes of 503 are a handful of requests, and it recovers alone", async () => {
  await note(db);
  await handIn(db, WALK);
  server.fates = Array.from({ length: 500 }, () => () => problem(503, "busy"));
  sender = startSender(db, server);
  await pass(600);
  expect(server.asked.length).toBeGreaterThan(3);
  expect(server.asked.length).toBeLessThan(40);
  server.fates = [];
  await pass(301);
  expect(await received()).toBe(true);
});

test("what is handed in goes at once, without a tap", async () => {
  sender = startSender(db, server);
  await settled(() => server.asked.length > 0);
  await note(db);
  await handIn(db, WALK);
  await settled(received);
});

test("handed in while sending: it goes in the same breath", async () => {
  await note(db);
  await handIn(db, WALK);
  const fetch = server.fetch;
  let first = true;
  server.fetch = async (input, init) => {
    if (first) {
      first = false;
      await note(db);
      await handIn(db, WALK);
    }
    return fetch(input, init);
  };
  sender = startSender(db, server);
  await settled(async () => (await outbox(db)).length === 4 && (await received()));
});

test.each(["online", "focus", "pageshow"])("%s tries again at once", async (name) => {
  const page = new EventTarget();
  vi.stubGlobal("window", page);
  await note(db);
  await handIn(db, WALK);
  server.fates = ["lost_request"];
  sender = startSender(db, server);
  await settled(async () => (await outbox(db))[0]?.passage === "waiting" && pushes() === 1);
  for (let n = 0; n < 40; n++) await breath();
  page.dispatchEvent(new Event(name));
  await settled(received);
});

test("a person's tap wakes what rests, and does not break a Retry-After", async () => {
  await note(db);
  await handIn(db, WALK);
  server.judge = () => ({ outcome: "deferred", code: "walk_missing" });
  sender = startSender(db, server);
  await settled(async () => (await outbox(db))[0]?.deferred === true);
  for (let n = 0; n < 60; n++) await breath();
  server.judge = () => null;
  sender.now();
  await settled(received);

  await note(db);
  const before = pushes();
  server.fates = [() => problem(429, "slow_down", { "Retry-After": "60" })];
  await handIn(db, WALK);
  await settled(() => pushes() === before + 1);
  for (let n = 0; n < 60; n++) await breath();
  sender.now();
  for (let n = 0; n < 60; n++) await breath();
  expect(pushes()).toBe(before + 1);
  await pass(70);
  expect(await received()).toBe(true);
});

test("a stopped sender is silent", async () => {
  sender = startSender(db, server);
  await settled(() => server.asked.length > 0);
  for (let n = 0; n < 60; n++) await breath();
  sender.stop();
  const asked = server.asked.length;
  await note(db);
  await handIn(db, WALK);
  await pass(300);
  expect(server.asked.length).toBe(asked);
});
