import { beforeEach, expect, test, vi } from "vitest";
import type { Operation } from "../../../domain/wire";

const kept = new Map<string, string>();
vi.stubGlobal("sessionStorage", {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => kept.set(key, value),
});
vi.stubGlobal("addEventListener", () => undefined);
const { submit, resume, tryNow, unanswered, Refusal } = await import("./submit");
const { me, sessionLost, signIn } = await import("./session");
const { operation } = await import("./operations");

const ME = {
  device: "d",
  municipality: { id: "lidkoping", name: "Lidköping" },
  user: { id: "u", login: "handlaggare", function: "Handläggare", role: "handler" as const },
  organisation: { id: "gata", name: "Gata och park" },
  public_url: "",
};
type Answer = (body: { operations: Operation[] }) => Response;
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const applied: Answer = ({ operations }) =>
  json(200, { outcomes: operations.map((op) => ({ id: op.id, outcome: "applied" })) });
const cut: Answer = () => {
  throw new TypeError("network");
};
const portal: Answer = () =>
  new Response("<h1>Välkommen till hotellet</h1>", { headers: { "content-type": "text/html" } });
const signedOut: Answer = () => json(401, { code: "not_signed_in" });

let pushed: string[][] = [];
function answers(...script: Answer[]): void {
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (path === "/api/session") return json(200, ME);
    const body = JSON.parse(String(init.body)) as { operations: Operation[] };
    pushed.push(body.operations.map((op) => op.id));
    return (script.shift() ?? applied)(body);
  });
}
/** Lets what is waiting go on, a few times over. */
async function hurry(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    tryNow();
  }
}
const note = () => operation("task.note", "0190a000-0000-7000-8000-000000000001", { text: "Stegen står i bilen." });

beforeEach(() => {
  kept.clear();
  pushed = [];
  me.value = ME;
  sessionLost.value = false;
});

test("an act whose answer is lost is asked about again with the same ids, and then forgotten", async () => {
  answers(cut, portal, () => json(503, { code: "server_busy" }), applied);
  const op = note();
  const done = submit(op);
  await hurry();
  await done;
  expect(pushed).toEqual([[op.id], [op.id], [op.id], [op.id]]);
  expect(kept.get("desk.unanswered")).toBe("[]");
  expect(unanswered.value).toBe(0);
});

test("while nothing answers the act is kept and counted", async () => {
  answers(cut, cut, cut, cut, cut, cut, cut, cut);
  const op = note();
  const done = submit(op);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(kept.get("desk.unanswered")).toContain(op.id);
  expect(unanswered.value).toBe(1);
  answers();
  await hurry();
  await done;
});

test("a lost session waits for the same person and then sends the same act", async () => {
  answers(signedOut, applied);
  const op = note();
  const done = submit(op);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(sessionLost.value).toBe(true);
  await signIn("handlaggare", "lösenord");
  await done;
  expect(pushed).toEqual([[op.id], [op.id]]);
});

test("a refusal is told and not asked again", async () => {
  answers(({ operations }) =>
    json(200, { outcomes: operations.map((op) => ({ id: op.id, outcome: "rejected", code: "not_your_task" })) }),
  );
  await expect(submit(note())).rejects.toEqual(new Refusal("not_your_task", {}));
  expect(pushed).toHaveLength(1);
  expect(kept.get("desk.unanswered")).toBe("[]");
});

test("an answer that forgets an operation is no answer", async () => {
  answers(() => json(200, { outcomes: [] }), applied);
  const done = submit(note());
  await hurry();
  await done;
  expect(pushed).toHaveLength(2);
});

test("after a reload the one who did it sends it, and nobody else", async () => {
  answers(cut, cut, cut);
  const op = note();
  void submit(op);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const left = kept.get("desk.unanswered") ?? "";
  answers();
  await hurry();
  pushed = [];

  kept.set("desk.unanswered", left);
  me.value = { ...ME, user: { ...ME.user, id: "someone else" } };
  resume();
  await hurry();
  expect(pushed).toEqual([]);

  me.value = ME;
  resume();
  await hurry();
  expect(pushed).toEqual([[op.id]]);
});
