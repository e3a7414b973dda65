import { afterEach, beforeEach, expect, test, vi } from "vitest";

vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("addEventListener", () => undefined);
class Page extends EventTarget {
  visibilityState = "visible";
}
const page = new Page();
vi.stubGlobal("document", page);

const { listenToServer } = await import("./live");
const { applied } = await import("./submit");

class Stream extends EventTarget {
  readyState = 1;
  close(): void {
    this.readyState = 2;
  }
  says(): void {
    this.dispatchEvent(new Event("changed"));
  }
  refused(): void {
    this.readyState = 2;
    this.dispatchEvent(new Event("error"));
  }
}

let stream: Stream;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  page.visibilityState = "visible";
  applied.value = 0;
  stop = listenToServer(() => {
    stream = new Stream();
    return stream as unknown as EventSource;
  });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test("many changes in one breath are fetched once", () => {
  stream.says();
  stream.says();
  stream.says();
  vi.advanceTimersByTime(1_000);
  expect(applied.value).toBe(1);
  stream.says();
  vi.advanceTimersByTime(1_000);
  expect(applied.value).toBe(2);
});

test("a page that nobody looks at fetches nothing until somebody does, and then once", () => {
  page.visibilityState = "hidden";
  stream.says();
  stream.says();
  vi.advanceTimersByTime(10_000);
  expect(applied.value).toBe(0);
  page.visibilityState = "visible";
  page.dispatchEvent(new Event("visibilitychange"));
  vi.advanceTimersByTime(1_000);
  expect(applied.value).toBe(1);
});

test("who has signed out hears nothing more", () => {
  stream.says();
  stop();
  vi.advanceTimersByTime(1_000);
  expect(stream.readyState).toBe(2);
  expect(applied.value).toBe(0);
});

test("a stream that was answered with an error is opened again, and one that was only cut is left to the browser", () => {
  const first = stream;
  first.dispatchEvent(new Event("error"));
  vi.advanceTimersByTime(60_000);
  expect(stream).toBe(first);
  first.refused();
  vi.advanceTimersByTime(60_000);
  expect(stream).not.toBe(first);
  stream.says();
  vi.advanceTimersByTime(1_000);
  expect(applied.value).toBe(1);
});
