import { expect, test } from "vitest";
import type { FindingRow } from "../../../domain/wire";
import { choicesFor, makeTask, nextAfter, priorityOf, reviewOf } from "./decisions";

function aFinding(part: Partial<FindingRow> = {}): FindingRow {
  return {
    id: "0190a000-0000-7000-8000-000000000001",
    version: 1,
    number: "LK-1",
    state: "received",
    kind: "F",
    received_at: "2026-11-20T20:41:00+01:00",
    walk: "w",
    walk_name: "Margretelund",
    stop: "s",
    stop_name: "Gångtunneln",
    stop_number: 3,
    category: "bel.trasig",
    severity: 2,
    text: "Mörkt.",
    position: null,
    place_words: "",
    seen_at: "2026-11-20T20:41:00+01:00",
    photos: [],
    called: null,
    checklist_item: null,
    sent_alone: false,
    tasks: [],
    dark: true,
    suggestion: null,
    near: [],
    review_note: "",
    merged_into: null,
    danger: false,
    withdraw_reason: "",
    ...part,
  };
}
const SEEN = { category: "bel.trasig", severity: 2, note: "" };

test("a social finding never becomes a task, whatever lies near it", () => {
  const near = [{ task: "t", title: "Laga lampa", distance_m: 4, state: "accepted" as const }];
  expect(choicesFor(aFinding({ kind: "S", near }))).toEqual(["lagesbild", "withhold"]);
});

test("a fault can become a task, join a near one, or be dismissed", () => {
  const near = [{ task: "t", title: "Laga lampa", distance_m: 4, state: "accepted" as const }];
  expect(choicesFor(aFinding())).toEqual(["make_task", "dismiss", "merge", "withhold"]);
  expect(choicesFor(aFinding({ near }))).toEqual(["make_task", "link", "dismiss", "merge", "withhold"]);
});

test("something good is noted, not mended", () => {
  expect(choicesFor(aFinding({ kind: "P" }))).toEqual(["dismiss", "merge", "withhold"]);
});

test("what was hidden or merged can only be undone", () => {
  expect(choicesFor(aFinding({ state: "withheld" }))).toEqual(["release"]);
  expect(choicesFor(aFinding({ state: "merged" }))).toEqual(["unmerge"]);
  expect(choicesFor(aFinding({ state: "no_action" }))).toEqual([]);
});

test("a new finding is reviewed before it is decided; a reviewed one only when something was changed", () => {
  expect(reviewOf(aFinding(), SEEN).map((op) => op.type)).toEqual(["observation.review"]);
  expect(reviewOf(aFinding({ state: "reviewed" }), SEEN)).toEqual([]);
  expect(reviewOf(aFinding({ state: "reviewed" }), { ...SEEN, severity: 3 })[0]?.body).toEqual({
    ...SEEN,
    severity: 3,
  });
});

test("a task is created and assigned in one act, with the finding behind it and the reason said", () => {
  const [create, assign] = makeTask(aFinding(), {
    title: "Laga lampan",
    priority: 1,
    department: "gata",
    explanation: "Väghållaren svarar för ljuset.",
    due_on: "2026-12-20",
  });
  expect(create?.body).toEqual({ title: "Laga lampan", priority: 1, observations: [aFinding().id] });
  expect(assign?.body).toEqual({
    department: "gata",
    explanation: "Väghållaren svarar för ljuset.",
    due_on: "2026-12-20",
  });
  expect(assign?.entity).toBe(create?.entity);
});

test("danger goes first", () => {
  expect([3, 2, 1, null].map(priorityOf)).toEqual([1, 2, 3, 3]);
});

test("deciding one finding opens the one below it, and the last opens the one above", () => {
  expect(nextAfter(["a", "b", "c"], "b")).toBe("c");
  expect(nextAfter(["a", "b", "c"], "c")).toBe("b");
  expect(nextAfter(["a"], "a")).toBeNull();
});
