import { uuid7 } from "../../../domain/ids";
import type { DateOnly, DismissReason, FindingRow, MunicipalityState, Operation, Uuid } from "../../../domain/wire";
import { operation } from "../data/operations";
import { dueOf } from "../tasks/dueDates";
import { ownersOf } from "../tasks/owners";
import type { Piece } from "../tasks/parcel";
import { hasPlace, makeTask, type NewTask, priorityOf, reviewOf } from "./decisions";

/** What is done to several findings in one act. */
export type Bulk = "send" | "join" | "dismiss" | "lagesbild";
export const BULKS: readonly Bulk[] = ["send", "join", "dismiss", "lagesbild"];

/** A personal matter gets words of its own, from somebody who has read it. */
export const REASONS = ["positive", "already_fixed", "not_found", "outside_remit"] as const satisfies DismissReason[];

/**
 * Only what nobody has decided about. What is social goes to the lägesbild and nowhere else, and a danger is turned
 * away by nobody who has not opened it.
 */
export function canTake(bulk: Bulk, findings: Iterable<FindingRow>): FindingRow[] {
  const open = [...findings].filter(({ state }) => state === "received" || state === "reviewed");
  switch (bulk) {
    case "send":
      return open.filter(isWork);
    case "join":
      return open.filter(isWork).length > 1 ? open.filter(isWork) : [];
    case "dismiss":
      return open.filter(({ kind, danger }) => kind !== "S" && !danger);
    case "lagesbild":
      return open.filter(({ kind }) => kind === "S");
  }
}

const isWork = ({ kind }: FindingRow) => kind === "F" || kind === "M";

export interface Facts {
  title: string; // of the one task; each of several has its category's name
  department: string; // "": each to the one the rules say
  explanation: string;
  due_on: DateOnly; // "": as the rules say
  priority: "" | "1" | "2" | "3"; // "": likewise
  reason: DismissReason | "";
  public_text: string;
  into: Uuid; // a task there is already; "" makes a new one
}

/** Whom it goes to, as the form and the rules say together; null where a person has to choose. */
export function taskFor(finding: FindingRow, facts: Facts, here: MunicipalityState): NewTask | null {
  if (!hasPlace(finding)) return null;
  const rule = finding.suggestion;
  const department = facts.department || rule?.department || "";
  if (!ownersOf(here.departments).some(({ id }) => id === department)) return null;
  const ruled = !facts.department || facts.department === rule?.department;
  const explanation = facts.explanation.trim() || (ruled ? (rule?.reason ?? "") : "");
  if (!explanation) return null;
  const priority = facts.priority
    ? (Number(facts.priority) as 1 | 2 | 3)
    : (rule?.priority ?? priorityOf(finding.severity));
  const due_on = facts.due_on || dueOf(rule?.times, priority);
  if (!due_on) return null;
  return {
    title: here.categories.find(({ code }) => code === finding.category)?.name ?? finding.category,
    department,
    explanation,
    due_on,
    priority,
    ...(rule && priority === rule.priority ? { priority_reason: rule.priority_reason } : {}),
  };
}

export interface Sorted {
  here: MunicipalityState;
  titleOf: (finding: FindingRow) => string;
}

/** Each finding stands for itself: it is reviewed as it is, and then decided about. None that a person must choose for. */
export function pieces(bulk: Bulk, findings: readonly FindingRow[], facts: Facts, at: Sorted): Piece[] {
  switch (bulk) {
    case "send":
      return findings.flatMap((finding) => {
        const task = taskFor(finding, facts, at.here);
        return task ? [piece(finding, at, makeTask(finding, task))] : [];
      });
    case "join":
      return joined(findings, facts, at);
    default:
      return findings.map((finding) => {
        const body = { reason: facts.reason as DismissReason, public_text: facts.public_text.trim() };
        return piece(finding, at, [operation("observation.dismiss", finding.id, body, finding.version)]);
      });
  }
}

/** One task: the first finding makes it, the others join it one by one, so that one that cannot stops none of them. */
function joined(findings: readonly FindingRow[], facts: Facts, at: Sorted): Piece[] {
  const [head, ...others] = findings;
  if (!head) return [];
  const join = (finding: FindingRow, task: Uuid) => [operation("task.link", task, { observation: finding.id })];
  if (facts.into) return findings.map((finding) => piece(finding, at, join(finding, facts.into)));
  const task = taskFor(head, facts, at.here);
  if (!task) return [];
  const id = uuid7();
  const made = makeTask(head, { ...task, title: facts.title.trim() || task.title }, id);
  return [piece(head, at, made), ...others.map((one) => ({ ...piece(one, at, join(one, id)), after: head.id }))];
}

function piece(finding: FindingRow, { titleOf }: Sorted, operations: Operation[]): Piece {
  const seen = { category: finding.category, severity: finding.severity, note: finding.review_note };
  const review = reviewOf(finding, seen, finding.version);
  return { id: finding.id, title: titleOf(finding), operations: [...review, ...operations] };
}
