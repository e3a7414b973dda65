import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { WalkState } from "../../domain/wire";
import type { World } from "../../sync/ask";
import { aPhone } from "../../sync/evening";
import { ModelServer } from "../../sync/model";
import { round } from "../../sync/sender";
import { clockAhead, db, isOver, isRunning, load, mayStillNote } from "./store";

const DAY = 86_400_000;
const evening = {
  state: "running",
  starts_at: "2026-11-23T18:00:00Z",
  ends_at: "2026-11-23T20:00:00Z",
} as unknown as WalkState;
const during = Date.parse("2026-11-23T19:00:00Z");

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => {
  vi.useRealTimers();
  clockAhead.value = 0;
});

describe.each([
  ["three days fast", 3 * DAY],
  ["a year slow", -365 * DAY],
])("a phone whose clock is %s", (_, off) => {
  test("may note all evening, whether it has met the server or not", () => {
    vi.setSystemTime(during + off);
    expect(mayStillNote(evening)).toBe(true);
    clockAhead.value = off;
    expect(mayStillNote(evening)).toBe(true);
  });

  test("knows from its last meeting with the server that the walk is on", () => {
    vi.setSystemTime(during + off);
    clockAhead.value = off;
    expect(isRunning(evening)).toBe(true);
    expect(isOver(evening)).toBe(false);
  });

  test("learns from a page of the feed how far off it is", async () => {
    const server = new ModelServer();
    const phone: World = {
      fetch: server.fetch,
      upload: server.upload,
      random: server.random,
      locks: () => null,
      now: () => server.now() + off,
    };
    (await aPhone()).close();
    await round(db, phone, "a");
    await load();
    expect(clockAhead.value).toBe(off);
  });
});

test("a walk that the desk has ended is ended, whatever the clock says", () => {
  vi.setSystemTime(during - 365 * DAY);
  expect(isOver({ ...evening, state: "ended" })).toBe(true);
  expect(mayStillNote({ ...evening, state: "ended" })).toBe(false);
});
