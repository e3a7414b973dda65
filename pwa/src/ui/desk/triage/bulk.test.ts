import { expect, test } from "vitest";
import type { FindingRow, MunicipalityState } from "../../../domain/wire";
import { BULKS, canTake, type Facts, pieces } from "./bulk";

const here = {
  categories: [{ code: "bel.trasig", name: "Trasig belysning", kind: "F" }],
  departments: [
    { id: "gata", name: "Gata och park", kind: "municipal" },
    { id: "samordning", name: "Samordningen", kind: "coordination" },
  ],
} as unknown as MunicipalityState;
const rule = {
  department: "gata",
  reason: "Lampor sköter de.",
  due_on: "2026-12-07",
  priority: 2,
  priority_reason: "",
  times: [
    { priority: 1, due_on: "2026-11-30", days: 5, why: "" },
    { priority: 2, due_on: "2026-12-07", days: 10, why: "" },
  ],
};
const finding = (n: number, some: Partial<FindingRow> = {}) =>
  ({
    id: `f${n}`,
    version: 1,
    number: `LK-${n}`,
    state: "received",
    kind: "F",
    category: "bel.trasig",
    severity: 2,
    review_note: "",
    danger: false,
    stop: "s",
    suggestion: rule,
    ...some,
  }) as unknown as FindingRow;
const facts: Facts = {
  title: "",
  department: "",
  explanation: "",
  due_on: "",
  priority: "",
  reason: "",
  public_text: "",
  into: "",
};
const at = { here, titleOf: ({ number }: FindingRow) => number };
const written = (some: readonly FindingRow[], bulk: (typeof BULKS)[number], more: Partial<Facts> = {}) =>
  pieces(bulk, some, { ...facts, ...more }, at);

test("what is social goes to the lägesbild only, a danger is never turned away unread, and what is decided stays so", () => {
  const some = [
    finding(1),
    finding(2, { kind: "S", suggestion: null }),
    finding(3, { danger: true }),
    finding(4, { state: "linked" }),
    finding(5, { state: "withheld" }),
    finding(6, { kind: "P", suggestion: null }),
  ];
  const able = Object.fromEntries(BULKS.map((bulk) => [bulk, canTake(bulk, some).map(({ id }) => id)]));
  expect(able).toEqual({ send: ["f1", "f3"], join: ["f1", "f3"], dismiss: ["f1", "f6"], lagesbild: ["f2"] });
});

test("each is reviewed as it is and sent where its own rule says; one without a rule waits for a person", () => {
  const made = written([finding(1), finding(2, { suggestion: null }), finding(3, { state: "reviewed" })], "send");
  expect(made.map(({ id, operations }) => [id, operations.map(({ type }) => type)])).toEqual([
    ["f1", ["observation.review", "task.create", "task.assign"]],
    ["f3", ["task.create", "task.assign"]],
  ]);
  expect(made[0]?.operations.at(-1)?.body).toEqual({
    department: "gata",
    explanation: "Lampor sköter de.",
    due_on: "2026-12-07",
  });
});

test("what the form says holds for all of them, and the coordination is nobody's owner", () => {
  const said = { department: "gata", explanation: "De har bilen ute.", due_on: "2026-12-01", priority: "1" } as const;
  const made = written([finding(1), finding(2, { suggestion: null })], "send", said);
  expect(made.map(({ operations }) => operations.at(-1)?.body)).toEqual(
    Array(2).fill({ department: "gata", explanation: "De har bilen ute.", due_on: "2026-12-01" }),
  );
  expect(made.map(({ operations }) => operations.at(-2)?.body)).toEqual(
    ["f1", "f2"].map((id) => expect.objectContaining({ priority: 1, observations: [id] })),
  );
  expect(written([finding(1)], "send", { ...said, department: "samordning" })).toEqual([]);
});

test("one task of many: the first makes it, the others join it one by one and wait for it", () => {
  const [head, second] = written([finding(1), finding(2)], "join", { title: "Lampor vid tunneln" });
  const task = head?.operations[1]?.entity;
  expect(head?.operations[1]?.body).toMatchObject({ title: "Lampor vid tunneln", observations: ["f1"] });
  expect(second?.operations.at(-1)).toMatchObject({ type: "task.link", entity: task, body: { observation: "f2" } });
  expect([head?.after, second?.after]).toEqual([undefined, "f1"]);

  const there = written([finding(1), finding(2)], "join", { into: "å" });
  expect(there.map(({ after, operations }) => [after, operations.at(-1)?.entity])).toEqual([
    [undefined, "å"],
    [undefined, "å"],
  ]);
});

test("one reason and one answer turn all of them away, each on the version that was seen", () => {
  const made = written([finding(1, { version: 4 }), finding(2)], "dismiss", {
    reason: "not_found",
    public_text: " Vi har letat. ",
  });
  expect(made.map(({ operations }) => operations.at(-1)?.body)).toEqual(
    Array(2).fill({ reason: "not_found", public_text: "Vi har letat." }),
  );
  expect(made.map(({ operations }) => operations.at(-1)?.base)).toEqual([4, 1]);
});

test("what nobody would find the way to is left for a person to place", () => {
  const nowhere = { stop: null, position: null, moderated_place: null };
  expect(written([finding(1, nowhere)], "send")).toEqual([]);
  expect(written([finding(1, { ...nowhere, moderated_place: "Vid tunneln" })], "send")).toHaveLength(1);
});
