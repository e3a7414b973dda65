import type { HttpResponse, HttpStack } from "tus-js-client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Upload } from "./ask";
import { upload } from "./tus";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const BYTES = new Uint8Array(64);

function aPhoto(said: unknown[]): Upload {
  return {
    photo: "01a1fa42-2000-7451-aee4-1c178eee3ceb",
    sha256: "00",
    bytes: BYTES.buffer,
    token: "t",
    url: "/uploads/1",
    onUrl: (url) => void said.push(url),
    onSent: (sent) => void said.push(sent),
  };
}

/** Answers to each request when the test says so, and goes on even when it is aborted. */
function aSlowNetwork() {
  const waiting: ((answer: HttpResponse) => void)[] = [];
  const stack: HttpStack = {
    getName: () => "slow",
    createRequest: (method, url) => ({
      getMethod: () => method,
      getURL: () => url,
      setHeader: () => undefined,
      getHeader: () => undefined,
      setProgressHandler: () => undefined,
      send: () => new Promise((resolve) => waiting.push(resolve)),
      abort: () => Promise.resolve(),
      getUnderlyingObject: () => null,
    }),
  };
  return { stack, waiting };
}

function anAnswer(status: number, headers: Record<string, string>): HttpResponse {
  return {
    getStatus: () => status,
    getHeader: (name) => headers[name],
    getBody: () => "",
    getUnderlyingObject: () => null,
  };
}

test("what comes after an upload was given up changes nothing and leaves no timer", async () => {
  const { stack, waiting } = aSlowNetwork();
  const said: unknown[] = [];
  const done = upload(aPhoto(said), stack);
  await vi.advanceTimersByTimeAsync(10);
  waiting.shift()?.(anAnswer(200, { "Upload-Offset": "0", "Upload-Length": `${BYTES.length}` }));
  await vi.advanceTimersByTimeAsync(10);
  said.length = 0;

  await vi.advanceTimersByTimeAsync(45_000);
  expect(await done).toEqual({ kind: "lost", status: 0, retry_after: null });
  waiting.shift()?.(anAnswer(204, { "Upload-Offset": `${BYTES.length}`, "Trygg-Photo": "received" }));
  await vi.advanceTimersByTimeAsync(10);

  expect(said).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
