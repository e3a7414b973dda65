import { uuid7 } from "../../../domain/ids";
import type { DateOnly, DismissReason, FindingRow, Operation } from "../../../domain/wire";
import { operation } from "../data/operations";

export type Choice = "make_task" | "link" | "dismiss" | "lagesbild" | "merge" | "withhold" | "release" | "unmerge";

/** Reasons a person chooses between; the lägesbild has its own button, since social findings have no other way. */
export const DISMISSALS: readonly DismissReason[] = [
  "positive",
  "already_fixed",
  "not_found",
  "outside_remit",
  "personal_matter",
];

/**
 * What can be done with a finding now, main choice first. A social finding never becomes a task: it would be a task
 * about people. Nothing more is done with what is already decided than undoing it.
 */
export function choicesFor(finding: Pick<FindingRow, "kind" | "state" | "near" | "suggestion">): Choice[] {
  if (finding.state === "withheld") return ["release"];
  if (finding.state === "merged") return ["unmerge"];
  if (finding.state === "withdrawn" || finding.state === "no_action") return [];
  if (finding.kind === "S") return ["lagesbild", "withhold"];
  const work: Choice[] = finding.suggestion || finding.kind === "F" || finding.kind === "M" ? ["make_task"] : [];
  const near: Choice[] = work.length > 0 && finding.near.length > 0 ? ["link"] : [];
  if (finding.state === "linked") return [...near, "withhold"];
  return [...work, ...near, "dismiss", "merge", "withhold"];
}

export interface Reviewed {
  category: string;
  severity: number | null;
  note: string;
}

/** A finding is reviewed before anything else is decided about it; reviewing again only when something was changed. */
export function reviewOf(finding: FindingRow, seen: Reviewed): Operation[] {
  const same =
    finding.category === seen.category && finding.severity === seen.severity && finding.review_note === seen.note;
  if (finding.state !== "received" && same) return [];
  return [operation("observation.review", finding.id, { ...seen }, null)];
}

export interface NewTask {
  title: string;
  priority: 1 | 2 | 3;
  department: string;
  explanation: string;
  due_on: DateOnly;
}

export function makeTask(finding: FindingRow, task: NewTask): Operation[] {
  const id = uuid7();
  const { title, priority, department, explanation, due_on } = task;
  return [
    operation("task.create", id, { title, priority, observations: [finding.id] }),
    operation("task.assign", id, { department, explanation, due_on }),
  ];
}

/** 1 is at once. Danger is 1, a clear fault 2, the rest 3. */
export function priorityOf(severity: number | null): 1 | 2 | 3 {
  if (severity === 3) return 1;
  return severity === 2 ? 2 : 3;
}

/** The row after the one just decided, else the one before it; null when it was the last. */
export function nextAfter(ids: readonly string[], decided: string): string | null {
  const at = ids.indexOf(decided);
  return ids[at + 1] ?? ids[at - 1] ?? null;
}
