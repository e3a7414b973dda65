import { expect, test } from "vitest";
import type { TaskRow } from "../../../domain/wire";
import { canTriage, TRIAGE_BULKS, type TriageFacts, triagePieces } from "./triageBulk";

const task = (id: string, some: Partial<TaskRow> = {}) =>
  ({
    id,
    number: `Å-${id}`,
    title: "Byt lampa",
    version: 3,
    state: "assigned",
    due_on: "2026-12-01",
    priority: 2,
    ...some,
  }) as TaskRow;
const facts: TriageFacts = { department: "", explanation: "", due_on: "", priority: "", into: "", reason: "Skäl." };

test("each act starts where the machine lets it, and nothing is done to what is over", () => {
  const some = [task("1", { state: "new", due_on: null }), task("2"), task("3", { state: "planned" })];
  const able = Object.fromEntries(
    TRIAGE_BULKS.map((bulk) => [bulk, canTriage(bulk, [...some, task("4", { state: "done" })]).map(({ id }) => id)]),
  );
  expect(able).toEqual({ change: ["1", "2", "3"], assign: ["1"], merge: ["1", "2", "3"], retract: ["1", "2"] });
  expect(canTriage("merge", [task("1")])).toEqual([]);
});

test("a day and a weight change only those that do not have them, each on the version that was seen", () => {
  const some = [task("1"), task("2", { due_on: "2026-12-08", priority: 1 }), task("3", { state: "new", due_on: null })];
  const made = triagePieces("change", some, { ...facts, due_on: "2026-12-08", priority: "1" });
  expect(made.map(({ id, operations }) => [id, operations[0]?.base, operations[0]?.body])).toEqual([
    ["1", 3, { due_on: "2026-12-08", priority: 1, reason: "Skäl." }],
    ["3", 3, { priority: 1, reason: "Skäl." }],
  ]);
});

test("all the others go into the one, which does nothing itself", () => {
  const made = triagePieces("merge", [task("1"), task("2"), task("3")], { ...facts, into: "2" });
  expect(made.map(({ id, operations }) => [id, operations[0]?.type, operations[0]?.body])).toEqual([
    ["1", "task.merge", { into: "2" }],
    ["3", "task.merge", { into: "2" }],
  ]);
});
