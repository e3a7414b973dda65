import type { DateOnly, TaskRow, TaskWord } from "../../../domain/wire";
import { dateIn, endOfWeek } from "../time/stockholm";

export type Group = "undone" | "late" | "week" | "later" | "closed";
export const GROUPS: readonly Group[] = ["undone", "late", "week", "later", "closed"];

const CLOSED: readonly TaskWord[] = ["verified", "wont_do"];

export function isClosed(word: TaskWord): boolean {
  return CLOSED.includes(word);
}

/** The day somebody next has to do something about the task, and what: the list is sorted by it. */
export function nextDate(task: TaskRow): { on: DateOnly; what: "look" | "plan" | "due" | "done" } | null {
  if (task.state === "waiting" || task.state === "referred")
    return dated(task.next_look_on, "look") ?? dated(task.due_on, "due");
  if (task.state === "done" || isClosed(task.state)) return dated(task.done_on, "done");
  // The promise counts, also when a day is planned: the status says that day, and the server counts by the promise.
  return dated(task.due_on, "due") ?? dated(task.planned_on, "plan");
}

function dated<W extends string>(on: DateOnly | null, what: W): { on: DateOnly; what: W } | null {
  return on ? { on, what } : null;
}

/** Where the task stands in the list. The week ends on Sunday midnight in Sweden, whatever the desk's clock is set to. */
export function groupOf(task: TaskRow, now: Date): Group {
  // Somebody went there and it was not mended: the coordinator decides before anything else.
  if (task.reopen_proposed) return "undone";
  if (isClosed(task.state)) return "closed";
  if (task.late) return "late";
  // Said to be done: somebody should go and look, but nobody is late.
  if (task.state === "done") return "later";
  const next = nextDate(task);
  return next && next.on <= endOfWeek(dateIn(now)) ? "week" : "later";
}

/** Late first, then by the day; within a day the most urgent first. Groups without tasks are left out. */
export function byLateness(tasks: readonly TaskRow[], now: Date): { group: Group; tasks: TaskRow[] }[] {
  const sorted = [...tasks].sort(
    (a, b) =>
      (nextDate(a)?.on ?? "9").localeCompare(nextDate(b)?.on ?? "9") ||
      a.priority - b.priority ||
      a.number.localeCompare(b.number, "sv", { numeric: true }),
  );
  return GROUPS.map((group) => ({ group, tasks: sorted.filter((task) => groupOf(task, now) === group) })).filter(
    (found) => found.tasks.length > 0,
  );
}
