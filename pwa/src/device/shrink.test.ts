import { beforeEach, expect, test, vi } from "vitest";
import type { Job, Said } from "./darkroom";

/** What a worker is to the page, and what a test makes of it. */
class Thread {
  static all: Thread[] = [];
  static refuses = false;
  onmessage: ((event: { data: Said }) => void) | null = null;
  onerror: (() => void) | null = null;
  onmessageerror: (() => void) | null = null;
  asked: Job[] = [];
  isOver = false;
  constructor() {
    Thread.all.push(this);
  }
  postMessage(job: Job, give: Transferable[] = []): void {
    if (Thread.refuses) throw new DOMException("no copy", "DataCloneError");
    expect(give).toEqual([]); // given away, the frame would be nowhere
    this.asked.push(job);
  }
  terminate(): void {
    this.isOver = true;
  }
  says(data: Said): void {
    this.onmessage?.({ data });
  }
}
vi.mock("./darkroom?worker", () => ({ default: Thread }));

const FRAME = { width: 64, height: 48, isClosed: false, close: () => undefined };
const VIDEO = { videoWidth: 64, videoHeight: 48 } as HTMLVideoElement;
let frame: typeof FRAME;
let drawnFrom: unknown[];

beforeEach(() => {
  vi.resetModules();
  vi.useRealTimers();
  Thread.all = [];
  Thread.refuses = false;
  drawnFrom = [];
  frame = { ...FRAME, close: () => void Object.assign(frame, { isClosed: true }) };
  const on = {
    drawImage: (source: typeof FRAME) => {
      expect(source.isClosed).not.toBe(true);
      drawnFrom.push(source);
    },
  };
  const canvas = { getContext: () => on, toDataURL: () => `data:image/jpeg;base64,${btoa("drawn here")}` };
  vi.stubGlobal("Worker", Thread);
  vi.stubGlobal("OffscreenCanvas", class {});
  vi.stubGlobal("document", { createElement: () => ({ ...canvas }) });
  vi.stubGlobal("createImageBitmap", async () => frame);
});

async function opened() {
  const shrink = await import("./shrink");
  shrink.darkroom();
  return { ...shrink, thread: Thread.all[0] as Thread };
}
const said = (bytes: ArrayBuffer) => new TextDecoder().decode(bytes);

test("a thread that never begins is never waited for", async () => {
  const { fromVideo, thread } = await opened();

  expect(said((await fromVideo(VIDEO)).bytes)).toBe("drawn here");
  expect(thread.asked).toEqual([]);
});

test("one that has begun makes the photo, and the frame is let go of", async () => {
  const { fromVideo, thread } = await opened();
  thread.says("ready");

  const shot = fromVideo(VIDEO);
  await vi.waitFor(() => expect(thread.asked.length).toBe(1));
  const bytes = new TextEncoder().encode("drawn there").buffer;
  thread.says({ n: thread.asked[0]?.n ?? 0, shot: { bytes, width: 64, height: 48 } });

  expect(said((await shot).bytes)).toBe("drawn there");
  expect([drawnFrom, frame.isClosed]).toEqual([[], true]);
});

const FAILURES: Record<string, (thread: Thread) => void> = {
  "says that it could not": (thread) => thread.says({ n: thread.asked[0]?.n ?? 0, shot: null }),
  "breaks down": (thread) => thread.onerror?.(),
  "cannot be understood": (thread) => thread.onmessageerror?.(),
};
test.each(Object.entries(FAILURES))("the frame that was seen is kept when the thread %s", async (_, fails) => {
  const { fromVideo, thread } = await opened();
  thread.says("ready");

  const shot = fromVideo(VIDEO);
  await vi.waitFor(() => expect(thread.asked.length).toBe(1));
  fails(thread);

  expect(said((await shot).bytes)).toBe("drawn here");
  expect(drawnFrom).toEqual([frame]);
  expect(frame.isClosed).toBe(true);
});

test("and when the frame cannot be sent there at all", async () => {
  const { fromVideo, thread } = await opened();
  thread.says("ready");
  Thread.refuses = true;

  expect(said((await fromVideo(VIDEO)).bytes)).toBe("drawn here");
  expect(drawnFrom).toEqual([frame]);
});

test("one photo waits for a thread that hangs, and no other does", async () => {
  const { fromVideo, thread } = await opened();
  thread.says("ready");
  vi.useFakeTimers();

  const shot = fromVideo(VIDEO);
  await vi.runAllTimersAsync();
  await shot;
  await fromVideo(VIDEO);

  expect([thread.isOver, thread.asked.length, Thread.all.length]).toEqual([true, 1, 1]);
});

test("a viewfinder that has gone out is no photo", async () => {
  const { fromVideo, NotAPicture } = await opened();

  await expect(fromVideo({ videoWidth: 0, videoHeight: 0 } as HTMLVideoElement)).rejects.toBeInstanceOf(NotAPicture);
  expect(drawnFrom).toEqual([]);
});
