import { uuid7 } from "../../../domain/ids";
import type {
  DateOnly,
  DismissReason,
  FindingRow,
  MunicipalityState,
  NearRow,
  Operation,
  Uuid,
} from "../../../domain/wire";
import { operation } from "../data/operations";
import { ownersOf } from "../tasks/owners";

export type Choice =
  | "make_task"
  | "link"
  | "dismiss"
  | "lagesbild"
  | "merge"
  | "withhold"
  | "release"
  | "unmerge"
  | "reopen";

/** Reasons a person chooses between; the lägesbild has its own button, since social findings have no other way. */
export const DISMISSALS: readonly DismissReason[] = [
  "positive",
  "already_fixed",
  "not_found",
  "outside_remit",
  "personal_matter",
];

/**
 * What can be done with a finding now, main choice first; to join a task comes early where one lies near. A social finding never becomes a task: it would be a task
 * about people. Nothing more is done with what is already decided than undoing it.
 */
export function choicesFor(finding: Pick<FindingRow, "kind" | "state" | "near" | "suggestion">): Choice[] {
  if (finding.state === "withheld") return ["release"];
  if (finding.state === "merged") return ["unmerge"];
  if (finding.state === "no_action") return ["reopen"];
  if (finding.state === "withdrawn") return [];
  if (finding.kind === "S") return ["lagesbild", "withhold"];
  const work: Choice[] = finding.suggestion || finding.kind === "F" || finding.kind === "M" ? ["make_task"] : [];
  const link: Choice[] = work.length > 0 ? ["link"] : [];
  const isNear = finding.near.some((it) => it.task);
  if (finding.state === "linked") return isNear ? [...link, ...work, "withhold"] : [...work, ...link, "withhold"];
  return isNear
    ? [...work, ...link, "dismiss", "merge", "withhold"]
    : [...work, "dismiss", ...link, "merge", "withhold"];
}

export interface Reviewed {
  category: string;
  severity: number | null;
  note: string;
}

export function sameReview(finding: FindingRow, seen: Reviewed): boolean {
  const sameKind = finding.category === seen.category && finding.severity === seen.severity;
  return sameKind && finding.review_note === seen.note.trim();
}

/**
 * A finding is reviewed before anything else is decided about it; reviewing again only when something was changed.
 * `base` is the version the form was opened on: what a colleague has changed since is then seen as theirs.
 */
export function reviewOf(finding: FindingRow, seen: Reviewed, base: number | null): Operation[] {
  if (finding.state !== "received" && sameReview(finding, seen)) return [];
  return [operation("observation.review", finding.id, { ...seen }, base)];
}

export interface NewTask {
  title: string;
  priority: 1 | 2 | 3;
  department: string;
  explanation: string;
  due_on: DateOnly;
  priority_reason?: string;
}

/** A colleague may be making a task of the same finding: `finding` is as it was when the person chose to. */
export function makeTask(finding: FindingRow, task: NewTask, id: Uuid = uuid7()): Operation[] {
  const { title, priority, priority_reason, department, explanation, due_on } = task;
  const because = priority_reason ? { priority_reason } : {};
  return [
    operation("task.create", id, { title, priority, ...because, observations: [finding.id], besides: finding.tasks }),
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

/** What is proposed, done with one key. */
export type Proposal = { choice: "make_task"; task: NewTask } | { choice: "lagesbild" } | { choice: "dismiss" };

/** Whether a unit would find its way: by a point, a stop, or words that a person has let out. */
export function hasPlace({ position, stop, moderated_place }: FindingRow): boolean {
  return Boolean(position || stop || moderated_place);
}

/**
 * The proposal for a finding nobody has decided about; null where a person has to choose. Nothing is proposed where the
 * rules leave it to the coordination, nor where nobody would find the place. `finding.suggestion` is of what the
 * reviewer says that it is, null until the rules have been asked.
 */
export function proposalFor(finding: FindingRow, seen: Reviewed, here: MunicipalityState): Proposal | null {
  if (finding.state !== "received" && finding.state !== "reviewed") return null;
  const category = here.categories.find((found) => found.code === seen.category);
  const kind = category?.kind ?? finding.kind;
  if (kind === "S") return { choice: "lagesbild" };
  if (kind === "P") return { choice: "dismiss" };
  const rule = finding.suggestion;
  const isOwner = ownersOf(here.departments).some((found) => found.id === rule?.department);
  if (!rule || !isOwner || !hasPlace(finding)) return null;
  return {
    choice: "make_task",
    task: {
      title: category?.name ?? finding.category,
      department: rule.department,
      explanation: rule.reason,
      due_on: rule.due_on,
      priority: rule.priority,
      priority_reason: rule.priority_reason,
    },
  };
}

/** "Samma sak": to the open task the other belongs to, else into the other finding. */
export function joinOf(finding: FindingRow, near: NearRow, base: number | null): Operation {
  return near.task
    ? operation("task.link", near.task, { observation: finding.id })
    : operation("observation.merge", finding.id, { into: near.observation }, base);
}

/** What can be said to be the same now: a finding that has a task already only joins other tasks. */
export function canJoin(finding: FindingRow, near: NearRow): boolean {
  const open = finding.state === "received" || finding.state === "reviewed";
  return open || (finding.state === "linked" && near.task !== null);
}

/** "Inte samma", remembered about the very thing that was shown. */
export function keepApart(finding: FindingRow, near: NearRow): Operation {
  const other = near.task ?? near.observation;
  return operation("observation.keep_apart", finding.id, {
    kind: near.task ? "task" : "observation",
    other,
    apart: true,
  });
}
