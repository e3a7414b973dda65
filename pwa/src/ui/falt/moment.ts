import { clock, eveningOf } from "../../domain/times";
import type { DateOnly } from "../../domain/wire";

const DAY = 86_400_000;
const WALL = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Stockholm",
  dateStyle: "short",
  timeStyle: "medium",
  hourCycle: "h23",
});

/** What a clock in Stockholm shows at this moment, read as if it were UTC. */
function wall(at: number): number {
  return Date.parse(`${WALL.format(at).replace(" ", "T")}Z`);
}

/** The moment a clock in Stockholm showed this, whatever zone the phone thinks it is in. */
function fromWall(shown: number): number {
  const guess = shown - (wall(shown) - shown);
  return guess - (wall(guess) - shown);
}

/** "22:15" on that evening; after midnight is still the same evening, until six. */
export function momentOf(evening: DateOnly, time: string): Date {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const date = Date.parse(`${evening}T00:00:00Z`) + (hour < 6 ? DAY : 0);
  return new Date(fromWall(date + (hour * 60 + minute) * 60_000));
}

/** As `<input type="time">` writes it. */
export function timeField(at: Date): string {
  return clock(at.toISOString()).replace(".", ":");
}

/** Tonight and the evenings before it, the latest first. */
export function eveningsUntil(now: Date, count: number): DateOnly[] {
  const noon = Date.parse(`${eveningOf(now)}T12:00:00Z`);
  return Array.from({ length: count }, (_, n) => new Date(noon - n * DAY).toISOString().slice(0, 10));
}
