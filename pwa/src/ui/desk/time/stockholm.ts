import { clock } from "../../../domain/times";
import type { DateOnly, Instant } from "../../../domain/wire";

const ZONE = "Europe/Stockholm";
const DAY_MS = 86_400_000;

const day = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short" });
const hands = new Intl.DateTimeFormat("sv-SE", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const short = new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC", day: "numeric", month: "short" });
const month = new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC", month: "short" });
const plain = new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC", day: "numeric", month: "long" });
const parts = new Intl.DateTimeFormat("sv-SE", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** The calendar day in Sweden at this moment, whatever the desk's own clock is set to. */
export function dateIn(when: Date | Instant): DateOnly {
  return day.format(new Date(when));
}

/** "19:00", as a time input wants it. */
export function inputTime(when: Instant): string {
  return hands.format(new Date(when));
}

const utc = (date: DateOnly) => new Date(`${date}T00:00:00Z`);

/** "26 nov" */
export function shortDate(date: DateOnly): string {
  return short.format(utc(date)).replace(".", "");
}

/** "nov", of any day in it. */
export function shortMonth(date: DateOnly): string {
  return month.format(utc(date)).replace(".", "");
}

/** "26 november" */
export function plainDate(date: DateOnly): string {
  return plain.format(utc(date));
}

/** "26 november 2026", where years meet. */
export function fullDate(date: DateOnly): string {
  return `${plainDate(date)} ${date.slice(0, 4)}`;
}

export function shortMoment(when: Instant): string {
  return `${shortDate(dateIn(when))} ${clock(when)}`;
}

export function addDays(date: DateOnly, days: number): DateOnly {
  return new Date(utc(date).getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

/** The Sunday of the week the day lies in; Swedish weeks begin on Monday. */
export function endOfWeek(date: DateOnly): DateOnly {
  const weekday = (utc(date).getUTCDay() + 6) % 7;
  return addDays(date, 6 - weekday);
}

/** Milliseconds Sweden is ahead of UTC at this moment. */
function offsetMs(at: number): number {
  const found = Object.fromEntries(parts.formatToParts(at).map((p) => [p.type, p.value]));
  const local = Date.parse(`${found.year}-${found.month}-${found.day}T${found.hour}:${found.minute}:${found.second}Z`);
  return local - Math.floor(at / 1000) * 1000;
}

/**
 * The moment the clocks of Sweden show this, with Sweden's offset. In the hour that comes twice, the first;
 * in the hour that is jumped over, the same distance after the jump.
 */
export function instantOf(date: DateOnly, time: string): Instant {
  const wall = Date.parse(`${date}T${time}:00Z`);
  const [before, after] = [offsetMs(wall - DAY_MS), offsetMs(wall + DAY_MS)];
  const guess = offsetMs(wall - after) === after && offsetMs(wall - before) !== before ? wall - after : wall - before;
  const minutes = offsetMs(guess) / 60_000;
  const local = new Date(guess + minutes * 60_000).toISOString().slice(0, 19);
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
