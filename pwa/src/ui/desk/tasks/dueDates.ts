import type { DateOnly, DueState } from "../../../domain/wire";
import { t } from "../../parts/words";
import { plainDate } from "../time/stockholm";

/** The day that the table of times gives a thing of this priority; "" where it has not been told. */
export function dueOf(times: readonly DueState[] | undefined, priority: string | number): DateOnly {
  return times?.find((it) => `${it.priority}` === `${priority}`)?.due_on ?? "";
}

/** Why that day, or what the table says where somebody has chosen another. */
export function whyDue(times: readonly DueState[] | undefined, priority: string | number, due: DateOnly): string {
  const said = times?.find((it) => `${it.priority}` === `${priority}`);
  if (!said) return "";
  return said.due_on === due ? said.why : t("due.table_says", { date: plainDate(said.due_on), why: said.why });
}

/** One day when all of them have the same; "" when each has its own. */
export function sameDue(all: Record<string, DueState[]>, tasks: readonly { id: string; priority: number }[]): DateOnly {
  const days = new Set(tasks.map((task) => dueOf(all[task.id], task.priority)));
  return days.size === 1 ? ([...days][0] ?? "") : "";
}
