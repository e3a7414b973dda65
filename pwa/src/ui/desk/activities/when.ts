import type { DateOnly } from "../../../domain/wire";
import { fullDate } from "../time/stockholm";

const MONTH = new Intl.DateTimeFormat("sv-SE", { month: "long", year: "numeric", timeZone: "UTC" });

export function monthName(day: DateOnly): string {
  return MONTH.format(new Date(`${day}T00:00:00Z`));
}

/** One day, or the month it names. */
export function whenOf(it: { first: DateOnly; last: DateOnly }): string {
  return it.first === it.last ? fullDate(it.first) : monthName(it.first);
}

/** "2026-10" on any day of November 2026: the last month that is whole. */
export function lastMonth(today: DateOnly): string {
  const [year, number] = today.split("-").map(Number);
  return new Date(Date.UTC(year ?? 0, (number ?? 1) - 2, 1)).toISOString().slice(0, 7);
}

/** From "2026-11": the month's first and last day. */
export function daysOf(month: string): { first: DateOnly; last: DateOnly } {
  const [year, number] = month.split("-").map(Number);
  const last = new Date(Date.UTC(year ?? 0, number ?? 0, 0)).getUTCDate();
  return { first: `${month}-01`, last: `${month}-${String(last).padStart(2, "0")}` };
}
