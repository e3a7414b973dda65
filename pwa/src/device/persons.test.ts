import { faces } from "virtual:faces";
import { beforeEach, expect, test, vi } from "vitest";
import { facesIn } from "./cascade";
import type { Faces } from "./lookout";

class Thread {
  static all: Thread[] = [];
  static refuses = false;
  onmessage: ((event: { data: Faces }) => void) | null = null;
  onerror: (() => void) | null = null;
  onmessageerror: (() => void) | null = null;
  isOver = false;
  constructor() {
    if (Thread.refuses) throw new Error("refused");
    Thread.all.push(this);
  }
  postMessage(): void {}
  terminate(): void {
    this.isOver = true;
  }
}
vi.mock("./lookout?worker", () => ({ default: Thread }));
const { coveredBy, personsIn, wholePerson } = await import("./persons");

const PHOTO = { width: 2048, height: 1536 };

beforeEach(() => {
  vi.useRealTimers();
  Thread.all = [];
  Thread.refuses = false;
  vi.stubGlobal("Worker", Thread);
  vi.stubGlobal("OffscreenCanvas", class {});
});

const asked = (end = new AbortController()) => ({ end, answer: personsIn(new ArrayBuffer(4), PHOTO, end.signal) });
const thread = () => Thread.all[0] as Thread;

test("a face becomes the whole person: hair above, three faces wide, down to the feet", () => {
  expect(wholePerson({ x: 1000, y: 200, width: 100, height: 100 }, PHOTO)).toEqual({
    x: 900,
    y: 120,
    width: 300,
    height: 1030,
  });
});

test("who stands at an edge or near the camera is covered to the picture's edge and no further", () => {
  expect(wholePerson({ x: 20, y: 30, width: 200, height: 200 }, PHOTO)).toEqual({
    x: 0,
    y: 0,
    width: 420,
    height: 1536,
  });
  expect(wholePerson({ x: 1900, y: 1400, width: 120, height: 120 }, PHOTO)).toEqual({
    x: 1780,
    y: 1304,
    width: 268,
    height: 232,
  });
});

test("a box somebody drew over a suggestion covers it, one beside it does not", () => {
  const person = { x: 100, y: 100, width: 100, height: 200 };
  expect(coveredBy(person, [])).toBe(0);
  expect(coveredBy(person, [{ x: 300, y: 100, width: 50, height: 50 }])).toBe(0);
  expect(coveredBy(person, [{ x: 0, y: 0, width: 400, height: 200 }])).toBe(0.5);
});

test("at most five persons are suggested, and the thread ends with its answer", async () => {
  const { answer } = asked();
  thread().onmessage?.({ data: Array.from({ length: 9 }, (_, i) => ({ x: i * 90, y: 9, width: 40, height: 40 })) });
  expect(await answer).toHaveLength(5);
  expect(thread().isOver).toBe(true);
});

test.each<[string, (end: AbortController) => void]>([
  ["could not", () => thread().onmessage?.({ data: null })],
  ["broke", () => thread().onerror?.()],
  ["is no longer asked", (end) => end.abort()],
  ["is too slow", () => vi.advanceTimersByTime(10_000)],
])("a thread that %s ends, and nobody is suggested", async (_, happens) => {
  vi.useFakeTimers();
  const { end, answer } = asked();
  happens(end);
  expect(await answer).toEqual([]);
  expect(thread().isOver).toBe(true);
});

test("where there are no threads, or none is given, nobody is suggested", async () => {
  Thread.refuses = true;
  expect(await asked().answer).toEqual([]);
  vi.stubGlobal("OffscreenCanvas", undefined);
  expect(await asked().answer).toEqual([]);
});

test("where nothing has a face nothing is found: evenly lit, too small, or noise", () => {
  let seed = 5;
  const noise = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed >> 23;
  };
  const grey = (width: number, height: number, light: () => number) => ({
    width,
    height,
    light: Uint8Array.from({ length: width * height }, light),
  });
  expect(
    facesIn(
      grey(200, 200, () => 40),
      faces,
    ),
  ).toEqual([]);
  expect(facesIn(grey(12, 12, noise), faces)).toEqual([]);
  expect(facesIn(grey(200, 200, noise), faces)).toEqual([]);
});
