import { expect, test } from "vitest";
import type { TaskRow } from "../../../domain/wire";
import { byLateness, groupOf, nextDate } from "./lateness";

function aTask(part: Partial<TaskRow> = {}): TaskRow {
  return {
    stretch: null,
    id: part.number ?? "t",
    version: 1,
    number: "Å-1",
    title: "Laga bänk",
    state: "accepted",
    priority: 3,
    department: "gata",
    department_name: "Gata och park",
    explanation: "",
    person: "",
    assignee: null,
    due_on: null,
    planned_on: null,
    next_look_on: null,
    done_on: null,
    extent: null,
    public_text: "",
    late: false,
    reopened: 0,
    bounced: 0,
    place: "Parken",
    tile: "trasigt",
    lat: null,
    lon: null,
    findings_count: 1,
    finished_by: null,
    department_kind: "municipal",
    reopen_proposed: false,
    priority_reason: "",
    next_owner: null,
    proposed: null,
    routed: null,
    authority: false,
    decision_needed: false,
    handed_over: null,
    ...part,
  };
}

// Sunday 29 November 2026, half past eleven at night in Sweden: still this week, though Monday has not come in UTC either.
const SUNDAY_NIGHT = new Date("2026-11-29T22:30:00Z");
const MONDAY_JUST_AFTER_MIDNIGHT = new Date("2026-11-29T23:10:00Z");

test("the week ends at midnight in Sweden, not in Greenwich", () => {
  const sunday = aTask({ due_on: "2026-11-29" });
  const nextSunday = aTask({ due_on: "2026-12-06" });
  expect(groupOf(sunday, SUNDAY_NIGHT)).toBe("week");
  expect(groupOf(nextSunday, SUNDAY_NIGHT)).toBe("later");
  expect(groupOf(nextSunday, MONDAY_JUST_AFTER_MIDNIGHT)).toBe("week");
});

test("late is what the server says is late, and stands first", () => {
  const tasks = [
    aTask({ number: "Å-2", due_on: "2026-12-02" }),
    aTask({ number: "Å-1", due_on: "2026-11-26", late: true }),
  ];
  expect(
    byLateness(tasks, MONDAY_JUST_AFTER_MIDNIGHT).map((found) => [found.group, found.tasks.map((task) => task.number)]),
  ).toEqual([
    ["late", ["Å-1"]],
    ["week", ["Å-2"]],
  ]);
});

test("a task that stands still is followed by its next look, not by its promise", () => {
  const waiting = aTask({ state: "waiting", due_on: "2026-11-20", next_look_on: "2026-12-04" });
  expect(nextDate(waiting)).toEqual({ on: "2026-12-04", what: "look" });
  expect(nextDate(aTask({ state: "planned", planned_on: "2026-12-01", due_on: "2026-12-20" }))).toEqual({
    on: "2026-12-20",
    what: "due",
  });
});

test("what a walker has seen undone stands before everything else", () => {
  const tasks = [
    aTask({ number: "Å-1", due_on: "2026-11-26", late: true }),
    aTask({ number: "Å-2", state: "done", reopen_proposed: true }),
  ];
  expect(byLateness(tasks, MONDAY_JUST_AFTER_MIDNIGHT).map((found) => found.group)).toEqual(["undone", "late"]);
});

test("what is said to be done is nobody's hurry, and what is confirmed is closed", () => {
  expect(groupOf(aTask({ state: "done", done_on: "2026-11-30" }), MONDAY_JUST_AFTER_MIDNIGHT)).toBe("later");
  expect(groupOf(aTask({ state: "verified", due_on: "2026-11-01" }), MONDAY_JUST_AFTER_MIDNIGHT)).toBe("closed");
});

test("within a group the nearest day comes first, then the most urgent, and no date comes last", () => {
  const tasks = [
    aTask({ number: "Å-1" }),
    aTask({ number: "Å-2", due_on: "2026-12-20", priority: 3 }),
    aTask({ number: "Å-3", due_on: "2026-12-20", priority: 1 }),
    aTask({ number: "Å-4", due_on: "2026-12-10" }),
  ];
  expect(byLateness(tasks, MONDAY_JUST_AFTER_MIDNIGHT)[0]?.tasks.map((task) => task.number)).toEqual([
    "Å-4",
    "Å-3",
    "Å-2",
    "Å-1",
  ]);
});
