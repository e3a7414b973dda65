import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import type { Operation } from "../../../../domain/wire";

vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("addEventListener", () => undefined);
const uploaded: string[] = [];
let cut = false;
vi.mock("../upload", () => ({
  upload: async ({ id }: { id: string }) => {
    if (cut) throw new TypeError("network");
    uploaded.push(id);
  },
}));
const { acts, keepAct, keepList, theList, KEPT_MS } = await import("../../../../storage/van");
const { sendAll, standing } = await import("./sending");
const { me } = await import("../../data/session");
const { operation } = await import("../../data/operations");

const ME = {
  device: "d",
  municipality: { id: "lidkoping", name: "Lidköping" },
  user: { id: "u", login: "handlaggare", function: "Handläggare", role: "handler" as const },
  organisation: { id: "gata", name: "Gata och park" },
  public_url: "",
};
const TASK = "0190a000-0000-7000-8000-000000000001";
const PHOTO = "0190a000-0000-7000-8000-000000000002";
let pushed: string[][] = [];

function answers(outcome: object | "cut"): void {
  vi.stubGlobal("fetch", async (_path: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body)) as { operations: Operation[] };
    pushed.push(body.operations.map((op) => op.id));
    if (outcome === "cut") throw new TypeError("network");
    const outcomes = body.operations.map((op) => ({ id: op.id, version: 8, ...outcome }));
    return new Response(JSON.stringify({ outcomes }), { headers: { "content-type": "application/json" } });
  });
}

const list = (fetched_at: number) => ({
  me: ME,
  fetched_at,
  tasks: [
    {
      id: TASK,
      version: 3,
      number: "Å-1",
      title: "Byt lampa",
      place: "Torget",
      lat: null,
      lon: null,
      state: "accepted" as const,
      priority: 2 as const,
      due_on: null,
      planned_on: null,
      person: "",
      seen: [],
      before: null,
    },
  ],
});

async function finished(user = "u") {
  const act = {
    id: crypto.randomUUID(),
    user,
    task: TASK,
    title: "Byt lampa",
    made_at: Date.now(),
    operations: [operation("task.finish", TASK, { extent: "full", public_text: "", photos: [PHOTO] }, 3)],
    photos: [{ id: PHOTO, sha256: "0".repeat(64), bytes: new ArrayBuffer(8) }],
    leads: "done" as const,
    refused: null,
  };
  await keepAct(act);
  return act;
}

beforeEach(async () => {
  const { dropAct } = await import("../../../../storage/van");
  for (const act of await acts()) await dropAct(act.id);
  await keepList(list(Date.now()), new Map());
  me.value = ME;
  uploaded.length = 0;
  pushed = [];
  cut = false;
});

test("without a network nothing is lost, and the next try carries the same ids", async () => {
  const act = await finished();
  answers("cut");
  await sendAll();
  expect([standing.value, (await acts()).length]).toEqual(["offline", 1]);

  answers({ outcome: "applied" });
  await sendAll();
  expect(pushed).toEqual([[act.operations[0]?.id], [act.operations[0]?.id]]);
  expect([standing.value, await acts(), uploaded]).toEqual(["idle", [], [PHOTO]]);
  expect((await theList())?.tasks[0]).toMatchObject({ state: "done", version: 8 });
});

test("an act whose photo did not arrive is kept until it has", async () => {
  await finished();
  answers({ outcome: "applied" });
  cut = true;
  await sendAll();
  expect(await acts()).toHaveLength(1);

  cut = false;
  answers({ outcome: "repeated", first: "applied" });
  await sendAll();
  expect([await acts(), uploaded]).toEqual([[], [PHOTO]]);
});

test("a refusal stays to be read, and is not asked about again", async () => {
  await finished();
  answers({ outcome: "rejected", code: "no_such_arrow" });
  await sendAll();
  await sendAll();

  expect((await acts())[0]?.refused?.code).toBe("no_such_arrow");
  expect([pushed.length, uploaded]).toEqual([1, []]);
});

test("nobody sends what another did", async () => {
  await finished("somebody else");
  answers({ outcome: "applied" });
  await sendAll();

  expect(pushed).toEqual([]);
});

test("a list that has lain two weeks is wiped, and what is not sent is not", async () => {
  await finished();
  await keepList(list(Date.now() - KEPT_MS - 1), new Map());

  expect(await theList()).toBeNull();
  expect(await acts()).toHaveLength(1);
});
