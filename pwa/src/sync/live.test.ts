import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openDatabase } from "../storage/database";
import { saveIdentity } from "../storage/identity";
import { type Ear, listenToServer } from "./live";

const db = openDatabase("field");
const WHO = {
  device: "d",
  walk: "w",
  token: "secret",
  municipality: "lidkoping",
  alias: "",
  surface: "field" as const,
};

let seen: boolean;
let look: () => void;
let asked: { headers: Record<string, string>; signal: AbortSignal; says: (text: string) => void; ends: () => void }[];
let exchanges: number;
let stop: () => void;
let answer: (body: ReadableStream<Uint8Array>) => Response;

const stream = (body: ReadableStream<Uint8Array>) =>
  new Response(body, { headers: { "Content-Type": "text/event-stream; charset=utf-8" } });

const ear: Ear = {
  random: () => 0,
  isSeen: () => seen,
  onSeen: (fn) => {
    look = fn;
    return () => undefined;
  },
  fetch: async (_, init) => {
    let control: ReadableStreamDefaultController<Uint8Array> | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (it) => {
        control = it;
      },
    });
    const signal = init.signal as AbortSignal;
    signal.addEventListener("abort", () => control?.error(new DOMException("left", "AbortError")));
    asked.push({
      headers: init.headers as Record<string, string>,
      signal,
      says: (text) => control?.enqueue(new TextEncoder().encode(text)),
      ends: () => control?.close(),
    });
    return answer(body);
  },
};

beforeEach(async () => {
  await saveIdentity(db, { ...WHO, joined_at: "2026-11-20T18:00:00Z" } as never);
  seen = true;
  asked = [];
  exchanges = 0;
  answer = stream;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  stop = listenToServer(
    db,
    () => {
      exchanges += 1;
    },
    ear,
  );
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

async function until(fact: () => boolean): Promise<void> {
  while (!fact()) {
    await new Promise((go) => setImmediate(go));
    vi.advanceTimersByTime(1);
  }
}

test("the word runs one exchange, also when it comes in pieces and twice", async () => {
  await until(() => asked.length === 1);
  expect(asked[0]?.headers.Authorization).toBe("Bearer secret");
  asked[0]?.says("retry: 3000\n\nevent: cha");
  asked[0]?.says("nged\ndata:\n\nevent: changed\ndata:\n\n");
  await until(() => exchanges > 0);
  expect(exchanges).toBe(1);
});

test("a login page that answers is no word of ours", async () => {
  stop();
  answer = () => new Response("event: changed\n\n", { headers: { "Content-Type": "text/html" } });
  stop = listenToServer(db, () => exchanges++, ear);
  await until(() => asked.length >= 2);
  for (let n = 0; n < 50; n++) await new Promise((go) => setImmediate(go));
  vi.advanceTimersByTime(10_000);
  expect(exchanges).toBe(0);
});

test("a stream that ends is opened again after a while, and not at once", async () => {
  await until(() => asked.length === 1);
  asked[0]?.ends();
  for (let n = 0; n < 50; n++) await new Promise((go) => setImmediate(go));
  vi.advanceTimersByTime(5_000);
  expect(asked.length).toBe(1);
  vi.advanceTimersByTime(60_000);
  await until(() => asked.length === 2);
});

test("a page that nobody looks at holds no line", async () => {
  await until(() => asked.length === 1);
  seen = false;
  look();
  expect(asked[0]?.signal.aborted).toBe(true);
  vi.advanceTimersByTime(120_000);
  for (let n = 0; n < 50; n++) await new Promise((go) => setImmediate(go));
  expect(asked.length).toBe(1);
  seen = true;
  look();
  await until(() => asked.length === 2);
});
