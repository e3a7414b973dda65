import type { Bodies, DateOnly, DueDates, TaskRow, TaskWord, Uuid } from "../../../domain/wire";
import { operation } from "../data/operations";
import { dueOf } from "./dueDates";
import type { Piece } from "./parcel";

/** What a coordinator does to several tasks at once. */
export type TriageBulk = "assign" | "change" | "merge" | "retract";
export const TRIAGE_BULKS: readonly TriageBulk[] = ["change", "assign", "merge", "retract"];

const CLOSED: readonly TaskWord[] = ["done", "verified", "wont_do"];

export interface TriageFacts {
  department: string;
  explanation: string;
  due_on: DateOnly; // "": as the table says when it is given to somebody, else as it is
  priority: "" | "1" | "2" | "3"; // "" likewise
  into: Uuid;
  reason: string;
}

/** Where the step may start; the others keep their mark, and the bar says how many. */
export function canTriage(bulk: TriageBulk, tasks: Iterable<TaskRow>): TaskRow[] {
  const open = [...tasks].filter((task) => !CLOSED.includes(task.state));
  switch (bulk) {
    case "assign":
      return open.filter((task) => task.state === "new");
    case "retract":
      return open.filter((task) => task.state === "new" || task.state === "assigned");
    case "merge":
      return open.length > 1 ? open : [];
    case "change":
      return open;
  }
}

/** One operation for each task, and none for one that says already what it is asked to say. */
export function triagePieces(
  bulk: TriageBulk,
  tasks: readonly TaskRow[],
  facts: TriageFacts,
  days: DueDates["deadlines"] = {},
): Piece[] {
  return tasks.flatMap((task) => {
    const op = operationOf(bulk, task, facts, dueOf(days[task.id], task.priority));
    return op ? [{ id: task.id, title: `${task.number}: ${task.title}`, operations: [op] }] : [];
  });
}

function operationOf(bulk: TriageBulk, task: TaskRow, facts: TriageFacts, otherwise: DateOnly) {
  switch (bulk) {
    case "assign": {
      const { department } = facts;
      const due_on = facts.due_on || otherwise;
      if (!due_on) return null;
      return operation("task.assign", task.id, { department, explanation: facts.explanation.trim(), due_on });
    }
    case "change": {
      const body = changeOf(task, facts);
      return body && operation("task.change", task.id, body, task.version);
    }
    case "merge":
      return task.id === facts.into ? null : operation("task.merge", task.id, { into: facts.into });
    case "retract":
      return operation("task.retract", task.id, { reason: facts.reason.trim() });
  }
}

/** A task that nobody has been given has no last day to move. */
function changeOf(task: TaskRow, { due_on, priority, reason }: TriageFacts): Bodies["task.change"] | null {
  const due = task.due_on && due_on && due_on !== task.due_on ? { due_on } : {};
  const urgent = priority && priority !== `${task.priority}` ? { priority: Number(priority) as 1 | 2 | 3 } : {};
  const said = { ...due, ...urgent };
  return Object.keys(said).length > 0 ? { ...said, reason: reason.trim() } : null;
}
