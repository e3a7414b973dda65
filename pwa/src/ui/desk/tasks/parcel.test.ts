import { beforeEach, expect, test, vi } from "vitest";
import type { Operation } from "../../../domain/wire";

class Kept {
  [name: string]: unknown;
}
const kept = new Kept();
vi.stubGlobal("localStorage", kept);
Object.defineProperties(Kept.prototype, {
  getItem: { value: (key: string) => (kept[key] as string | undefined) ?? null },
  setItem: {
    value: (key: string, value: string) => {
      kept[key] = value;
    },
  },
  removeItem: { value: (key: string) => delete kept[key] },
});
vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => undefined });
const leaving: (() => void)[] = [];
const coming: ((event: { persisted: boolean }) => void)[] = [];
vi.stubGlobal("addEventListener", (name: string, fn: () => void) => {
  if (name === "pagehide") leaving.push(fn);
  if (name === "pageshow") coming.push(fn);
});
vi.stubGlobal("window", globalThis);
vi.useFakeTimers();
const { hold, undo, held, underway, answered, putBack, sendLeft, UNDO_MS } = await import("./parcel");
const { canTake, pieces } = await import("./bulk");
const { me } = await import("../data/session");

const GATA = "gata";
me.value = {
  device: "d",
  municipality: { id: "lidkoping", name: "Lidköping" },
  user: { id: "u", login: "handlaggare", function: "Handläggare", role: "handler" },
  organisation: { id: GATA, name: "Gata och park" },
  public_url: "",
};
const rows = Array.from({ length: 20 }, (_, i) => ({
  id: `0190a000-0000-7000-8000-${`${i}`.padStart(12, "0")}`,
  title: `Lampa ${i}`,
  version: 2,
  department: GATA,
  state: "assigned" as const,
})) as never[];
const idOf = (row: unknown) => (row as { id: string }).id;
const facts = { person: "Laget", assignee: "", day: "2026-12-01", text: "" };

let pushed: Operation[][] = [];
function answers(no: (op: Operation) => boolean = () => false): void {
  vi.stubGlobal("fetch", async (_path: string, init: RequestInit) => {
    const { operations } = JSON.parse(String(init.body)) as { operations: Operation[] };
    pushed.push(operations);
    const outcomes = operations.map((op) => ({
      id: op.id,
      ...(no(op) ? { outcome: "rejected", code: "no_such_arrow" } : { outcome: "applied" }),
    }));
    return new Response(JSON.stringify({ outcomes }), { headers: { "content-type": "application/json" } });
  });
}
const left = () => Object.keys(kept).filter((key) => key.startsWith("desk.parcel."));

beforeEach(() => {
  undo();
  answered.value = [];
  for (const key of left()) delete kept[key];
  pushed = [];
  answers();
});

test("twenty tasks get person and date in one push, an operation for each step of each task", async () => {
  hold(pieces("take", canTake("take", rows, GATA), facts), "tasks");
  await vi.advanceTimersByTimeAsync(UNDO_MS + 1);

  expect(pushed.map((ops) => ops.length)).toEqual([40]);
  expect(pushed[0]?.slice(0, 2).map((op) => [op.type, op.base])).toEqual([
    ["task.accept", 2],
    ["task.plan", 3],
  ]);
  expect([answered.value.at(-1)?.done, left()]).toEqual([20, []]);
});

test("one undo puts all back: nothing has left", async () => {
  hold(pieces("take", rows, facts), "tasks");
  await vi.advanceTimersByTimeAsync(UNDO_MS - 1);
  expect(undo()?.pieces).toHaveLength(20);
  await vi.advanceTimersByTimeAsync(UNDO_MS);

  expect([pushed, left(), held.value]).toEqual([[], [], null]);
});

test("a task that was refused is named, and the others are done", async () => {
  answers((op) => op.entity.endsWith("07"));
  hold(pieces("take", rows, facts), "tasks");
  await vi.advanceTimersByTimeAsync(UNDO_MS + 1);

  const came = answered.value.at(-1);
  expect(came?.done).toBe(19);
  expect(came?.refused.map(({ title, outcome }) => [title, outcome?.code])).toEqual([["Lampa 7", "no_such_arrow"]]);
  expect(putBack.value).toEqual({ of: "tasks", ids: came?.refused.map(({ id }) => id) });
});

test("a closed page sends at once, and what got no answer is sent again with the same ids when the desk is opened", async () => {
  vi.stubGlobal("fetch", async (_path: string, init: RequestInit) => {
    pushed.push((JSON.parse(String(init.body)) as { operations: Operation[] }).operations);
    throw new TypeError("network");
  });
  hold(pieces("plan", rows.slice(0, 2), facts), "tasks");
  for (const leave of leaving) leave();
  await vi.advanceTimersByTimeAsync(1);
  expect([pushed.length, left().length]).toEqual([1, 1]);

  answers();
  sendLeft(Date.now() + 60_000);
  await vi.advanceTimersByTimeAsync(1);
  expect(pushed[1]?.map((op) => op.id)).toEqual(pushed[0]?.map((op) => op.id));
  expect(left()).toEqual([]);
});

test("what joins another is sent after it, and not at all when that did not come about", async () => {
  const made = (no: (op: Operation) => boolean) => {
    answers(no);
    pushed = [];
    const [head, ...others] = pieces("plan", rows.slice(0, 3), facts);
    hold([head, ...others.map((one) => ({ ...one, after: head?.id }))] as never[], "findings");
    return vi.advanceTimersByTimeAsync(UNDO_MS + 1);
  };
  await made(() => false);
  expect([pushed.map((ops) => ops.length), answered.value.at(-1)?.done]).toEqual([[1, 2], 3]);

  await made((op) => op.entity === idOf(rows[0]));
  expect(pushed.map((ops) => ops.length)).toEqual([1]);
  expect(answered.value.at(-1)?.refused.map(({ outcome }) => outcome?.code)).toEqual([
    "no_such_arrow",
    undefined,
    undefined,
  ]);
  expect(left()).toEqual([]);
});

test("a push that is turned away whole stops none after it, and each of its rows is told and marked again", async () => {
  const many = Array.from({ length: 250 }, (_, i) => ({
    ...(rows[0] as never as object),
    id: `${i}`,
    title: `${i}`,
  })) as never[];
  let pushes = 0;
  const answering = globalThis.fetch;
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (pushes++ > 0) return answering(path, init);
    const problem = { code: "not_allowed", status: 403 };
    return new Response(JSON.stringify(problem), { status: 403, headers: { "content-type": "application/json" } });
  });
  hold(pieces("plan", many, facts), "tasks");
  await vi.advanceTimersByTimeAsync(UNDO_MS + 1);

  const came = answered.value.at(-1);
  expect([came?.done, came?.refused.length, came?.refused[0]?.outcome?.code]).toEqual([50, 200, "not_allowed"]);
  expect([putBack.value?.ids.length, left(), underway.value]).toEqual([200, [], []]);
});

test("without a network the rows are on their way, until they are answered", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("network");
  });
  hold(pieces("plan", rows.slice(0, 2), facts), "tasks");
  await vi.advanceTimersByTimeAsync(UNDO_MS + 1);
  expect([held.value, underway.value.length, left().length, answered.value]).toEqual([null, 1, 1, []]);

  answers();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([underway.value, left(), answered.value.at(-1)?.done]).toEqual([[], [], 2]);
});

test("nobody sends what another has held", async () => {
  hold(pieces("plan", rows.slice(0, 1), facts), "tasks");
  const other = held.value;
  undo();
  kept["desk.parcel.x"] = JSON.stringify({ ...other, user: "somebody else" });
  sendLeft(Date.now() + 60_000);
  await vi.advanceTimersByTimeAsync(1);

  expect(pushed).toEqual([]);
});

test("a page that comes back as it was sends what it left, without being opened anew", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("network");
  });
  hold(pieces("plan", rows.slice(0, 2), facts), "tasks");
  for (const leave of leaving) leave();
  answers();

  for (const come of coming) come({ persisted: false });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(left().length).toBe(1);
  for (const come of coming) come({ persisted: true });
  await vi.advanceTimersByTimeAsync(60_000);

  expect([left(), underway.value, answered.value.at(-1)?.done]).toEqual([[], [], 2]);
});

test("who is signed out while it waits leaves nothing standing, and it goes when they are back", async () => {
  const who = me.value;
  hold(pieces("plan", rows.slice(0, 2), facts), "tasks");
  me.value = null;
  await vi.advanceTimersByTimeAsync(UNDO_MS + 1);
  expect([pushed, underway.value, left().length]).toEqual([[], [], 1]);

  me.value = who;
  kept["desk.parcel.a"] = "{half";
  sendLeft(Date.now() + 60_000);
  await vi.advanceTimersByTimeAsync(1);
  kept["desk.parcel.a"] = undefined;
  expect([pushed.length, answered.value.at(-1)?.done]).toEqual([1, 2]);
});

test("a browser with no room left sends it all the same", async () => {
  const full = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  vi.stubGlobal("localStorage", { setItem: full, removeItem: () => undefined });
  hold(pieces("plan", rows.slice(0, 2), facts), "tasks");
  await vi.advanceTimersByTimeAsync(UNDO_MS + 1);
  vi.stubGlobal("localStorage", kept);
  expect([pushed.length, answered.value.at(-1)?.done, left()]).toEqual([1, 2, []]);
});
