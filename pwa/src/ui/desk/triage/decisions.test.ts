import { expect, test } from "vitest";
import type { FindingRow, MunicipalityState, NearRow } from "../../../domain/wire";
import {
  canJoin,
  choicesFor,
  joinOf,
  keepApart,
  makeTask,
  nextAfter,
  priorityOf,
  proposalFor,
  reviewOf,
} from "./decisions";
import { undoOf } from "./last";
import { changedWords } from "./moderated";

function aFinding(part: Partial<FindingRow> = {}): FindingRow {
  return {
    stretch: null,
    point: null,
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
    dark_hint: "",
    suggestion: null,
    near: [],
    review_note: "",
    merged_into: null,
    merged_from: [],
    moderated: null,
    moderated_place: null,
    registered_place: "Gångtunneln",
    danger: false,
    withdraw_reason: "",
    ...part,
  };
}
function aNear(part: Partial<NearRow> = {}): NearRow {
  return {
    task: "t",
    observation: "o",
    number: "Å-1",
    title: "Laga lampa",
    category: "bel.trasig",
    state: "accepted",
    distance_m: 4,
    seen_at: "2026-11-20T20:30:00+01:00",
    hours_apart: 0,
    text: "",
    place_words: "",
    photos: [],
    ...part,
  };
}
const HERE = {
  categories: [
    { code: "bel.trasig", name: "Trasig belysning", kind: "F" },
    { code: "ljud.musik", name: "Musik", kind: "S" },
    { code: "bra", name: "Bra här", kind: "P" },
  ],
  departments: [
    { id: "gata-park", name: "Gata och park", kind: "municipal" },
    { id: "samordning", name: "Samordningen", kind: "coordination" },
  ],
} as unknown as MunicipalityState;
const RULE = {
  department: "gata-park",
  department_name: "",
  reason: "De sköter ljus.",
  due_on: "2026-12-01",
  rule: "r",
  book: 1,
  priority: 1 as const,
  priority_reason: "Barn är ofta här.",
  skipped: [],
  authority: false,
  asked: false,
  raises: [],
  times: [
    { priority: 1 as const, due_on: "2026-12-01", days: 5, why: "5 arbetsdagar, Trasig belysning, genast." },
    { priority: 2 as const, due_on: "2026-12-08", days: 10, why: "10 arbetsdagar, Trasig belysning, snart." },
  ],
};
const SEEN = { category: "bel.trasig", severity: 2, note: "" };

test("a social finding never becomes a task, whatever lies near it", () => {
  const near = [aNear()];
  expect(choicesFor(aFinding({ kind: "S", near }))).toEqual(["lagesbild", "withhold"]);
});

test("a fault can become a task, join a near one, or be dismissed", () => {
  const near = [aNear()];
  expect(choicesFor(aFinding())).toEqual(["make_task", "dismiss", "link", "merge", "withhold"]);
  expect(choicesFor(aFinding({ near }))).toEqual(["make_task", "link", "dismiss", "merge", "withhold"]);
});

test("something good is noted, not mended", () => {
  expect(choicesFor(aFinding({ kind: "P" }))).toEqual(["dismiss", "merge", "withhold"]);
});

test("what was hidden or merged can only be undone", () => {
  expect(choicesFor(aFinding({ state: "withheld" }))).toEqual(["release"]);
  expect(choicesFor(aFinding({ state: "merged" }))).toEqual(["unmerge"]);
  expect(choicesFor(aFinding({ state: "no_action" }))).toEqual(["reopen"]);
});

test("a new finding is reviewed before it is decided; a reviewed one only when something was changed", () => {
  expect(reviewOf(aFinding(), SEEN, 3).map((op) => op.type)).toEqual(["observation.review"]);
  expect(reviewOf(aFinding({ state: "reviewed" }), SEEN, 3)).toEqual([]);
  expect(reviewOf(aFinding({ state: "reviewed" }), { ...SEEN, severity: 3 }, 3)[0]?.body).toEqual({
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
  expect(create?.body).toEqual({ title: "Laga lampan", priority: 1, observations: [aFinding().id], besides: [] });
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

test("a fault is proposed to the owner the rules name, a disturbance to the lägesbild, and good things get a thank you", () => {
  const lamp = proposalFor(aFinding({ suggestion: RULE }), SEEN, HERE);
  expect(lamp).toEqual({
    choice: "make_task",
    task: {
      title: "Trasig belysning",
      department: "gata-park",
      explanation: "De sköter ljus.",
      due_on: "2026-12-01",
      priority: 1,
      priority_reason: "Barn är ofta här.",
    },
  });
  expect(proposalFor(aFinding({ suggestion: RULE }), { ...SEEN, category: "ljud.musik" }, HERE)?.choice).toBe(
    "lagesbild",
  );
  expect(proposalFor(aFinding({ kind: "P" }), { ...SEEN, category: "bra" }, HERE)?.choice).toBe("dismiss");
});

test("nothing is proposed where a person has to choose", () => {
  const nobody = { ...RULE, department: "samordning" };
  expect(proposalFor(aFinding({ suggestion: nobody }), SEEN, HERE)).toBeNull();
  expect(proposalFor(aFinding({ suggestion: null }), { ...SEEN, severity: 3 }, HERE)).toBeNull();
  expect(proposalFor(aFinding({ suggestion: RULE, state: "linked" }), SEEN, HERE)).toBeNull();
  expect(proposalFor(aFinding({ suggestion: RULE, stop: null, registered_place: "Tätorten" }), SEEN, HERE)).toBeNull();
});

test("the same thing joins the open task, else the other finding", () => {
  expect(joinOf(aFinding(), aNear(), 1)).toMatchObject({ type: "task.link", entity: "t" });
  expect(joinOf(aFinding(), aNear({ task: null }), 1)).toMatchObject({
    type: "observation.merge",
    body: { into: "o" },
    base: 1,
  });
  expect(canJoin(aFinding({ state: "linked" }), aNear({ task: null }))).toBe(false);
  expect(keepApart(aFinding(), aNear({ task: null })).body).toEqual({ kind: "observation", other: "o", apart: true });
});

test("every decision is taken back by the operation that undoes it, and an undoing is not", () => {
  const made = makeTask(aFinding(), {
    title: "L",
    priority: 1,
    department: "g",
    explanation: "v",
    due_on: "2026-12-01",
  });
  const types = (choice: Parameters<typeof undoOf>[0], done = made) =>
    undoOf(choice, aFinding(), SEEN, done, "Ångrat.")?.().map((op) => op.type);
  expect(undoOf("make_task", aFinding(), SEEN, made, "Ångrat.")?.()[0]?.entity).toBe(made[0]?.entity);
  expect(types("make_task")).toEqual(["task.retract"]);
  expect(types("link", [joinOf(aFinding(), aNear(), 1)])).toEqual(["task.unlink"]);
  expect(types("dismiss")).toEqual(["observation.review"]);
  expect(types("merge")).toEqual(["observation.unmerge"]);
  expect(types("withhold")).toEqual(["observation.release"]);
  expect(types("release")).toBeUndefined();
});

test("saving the text leaves a place that was let out meanwhile as it is", () => {
  const before = aFinding({ place_words: "bakom tunneln" });
  const letOut = aFinding({ place_words: "bakom tunneln", moderated_place: "bakom tunneln" });
  expect(changedWords(before, { text: "Ljust.", place: null })).toEqual({ text: "Ljust." });
  expect(changedWords(letOut, { text: "Ljust.", place: null })).toEqual({ text: "Ljust." });
  expect(changedWords(letOut, { text: null, place: "Gångtunneln" })).toEqual({ place: null });
  expect(changedWords(letOut, { text: "Mörkt.", place: "bakom tunneln" })).toEqual({});
});
