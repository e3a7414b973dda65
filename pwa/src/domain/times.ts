import type { DateOnly, Instant } from "./wire";

/** An evening lasts until six in the morning: what is written at 01.30 belongs to the evening before. */
const EVENING_ENDS_AT = 6;

const stockholm = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm", ...options });
const DATE = stockholm({ year: "numeric", month: "2-digit", day: "2-digit" });
const HOUR = stockholm({ hour: "2-digit", hourCycle: "h23" });
const CLOCK = stockholm({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const WORDS = stockholm({ weekday: "long", day: "numeric", month: "long" });

export function eveningOf(at: Date | Instant): DateOnly {
  const moment = typeof at === "string" ? new Date(at) : at;
  const date = DATE.format(moment);
  return Number(HOUR.format(moment)) < EVENING_ENDS_AT ? dayBefore(date) : date;
}

/** The calendar day in Stockholm: when somebody stood there, not which evening's walk it was. */
export function dayOf(at: Date | Instant): DateOnly {
  return DATE.format(typeof at === "string" ? new Date(at) : at);
}

// Through noon UTC, so that a night with 23 or 25 hours cannot move the date.
function dayBefore(date: DateOnly): DateOnly {
  return new Date(Date.parse(`${date}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** "20.41", as Swedish timetables write it. */
export function clock(at: Instant): string {
  return CLOCK.format(new Date(at)).replace(":", ".");
}

/** "fredag 20 november" */
export function dayWords(date: DateOnly | Instant): string {
  return WORDS.format(new Date(date.length === 10 ? `${date}T12:00:00Z` : date));
}

/** The phone's own wall clock with its own offset: a claim, corrected by the server, never used for order. */
export function nowInstant(now: Date = new Date()): Instant {
  const east = -now.getTimezoneOffset();
  const local = new Date(now.getTime() + east * 60_000).toISOString().slice(0, -1);
  const pad = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${local}${east < 0 ? "-" : "+"}${pad(Math.abs(east) / 60)}:${pad(Math.abs(east) % 60)}`;
}
