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
/** The machine's own time, in which storage and packing get done; the fake clock only moves the sender's pauses. */
const machine = setTimeout;
const breathe = (ms: number) => new Promise((resolve) => machine(resolve, ms));
async function pass(seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n += 5) {
    server.clock += 5_000;
    await vi.advanceTimersByTimeAsync(5_000);
    await breathe(8);
  }
}
const settled = (is: () => boolean | Promise<boolean>) =>
  vi.waitFor(async () => expect(await is()).toBe(true), { interval: 2, timeout: 3_000 });
/** Whatever was going on is over. */
const quiet = () => breathe(60);
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
  await settled(received);
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
  await quiet();
  page.dispatchEvent(new Event(name));
  await settled(received);
});

test("a person's tap wakes what rests, and does not break a Retry-After", async () => {
  await note(db);
  await handIn(db, WALK);
  server.judge = () => ({ outcome: "deferred", code: "walk_missing" });
  sender = startSender(db, server);
  await settled(async () => (await outbox(db))[0]?.deferred === true);
  await quiet();
  server.judge = () => null;
  sender.now();
  await settled(received);
  await quiet();

  await note(db);
  const before = pushes();
  server.fates = [() => problem(429, "slow_down", { "Retry-After": "60" })];
  await handIn(db, WALK);
  await settled(() => pushes() === before + 1);
  await quiet();
  sender.now();
  await quiet();
  expect(pushes()).toBe(before + 1);
  await pass(70);
  await settled(received);
});

test("a stopped sender is silent", async () => {
  sender = startSender(db, server);
  await settled(() => server.asked.length > 0);
  await quiet();
  sender.stop();
  const asked = server.asked.length;
  await note(db);
  await handIn(db, WALK);
  await pass(300);
  expect(server.asked.length).toBe(asked);
});
