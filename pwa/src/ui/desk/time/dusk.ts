import type { Dusk, Instant } from "../../../domain/wire";

export type Darkness = "whole" | "partly" | "light" | "no_dusk";

/** Where things stand on the band, as shares of its width from 0 to 1. */
export interface Band {
  from: Instant;
  to: Instant;
  hours: { at: number; hour: string }[];
  sunset: number | null;
  dusk: number | null;
  dawn: number | null;
  walk: { from: number; to: number };
  darkness: Darkness;
  /** Minutes of the walk that lie between civil dusk and civil dawn. */
  darkMinutes: number;
  minutes: number;
}

const HOUR = 3_600_000;
const ms = (at: Instant) => Date.parse(at);
const overlap = (a: number, b: number, c: number, d: number) => Math.max(0, Math.min(b, d) - Math.max(a, c));

/**
 * The evening as a band: from an hour before sunset or walk, whichever is first, to an hour and a half after the walk.
 * `nextDawn` is the following day's civil dawn; a walk that goes past midnight can end in light.
 */
export function duskBand(
  starts: Instant,
  ends: Instant,
  sun: Dusk,
  nextDawn: Instant | null,
  hourOf: (at: number) => string,
): Band {
  const [start, end] = [ms(starts), Math.max(ms(ends), ms(starts) + 60_000)];
  const marks = [start, ...(sun.sunset && Math.abs(ms(sun.sunset) - start) < 8 * HOUR ? [ms(sun.sunset)] : [])];
  const from = Math.floor((Math.min(...marks) - HOUR) / HOUR) * HOUR;
  const late = sun.civil_dusk && ms(sun.civil_dusk) - end < 3 * HOUR ? ms(sun.civil_dusk) : end;
  const to = Math.ceil((Math.max(end + HOUR / 2, late) + HOUR) / HOUR) * HOUR;
  const share = (at: number) => (at - from) / (to - from);
  const inside = (at: Instant | null) => (at && ms(at) >= from && ms(at) <= to ? share(ms(at)) : null);

  const night = sun.civil_dusk
    ? overlap(start, end, ms(sun.civil_dusk), nextDawn ? ms(nextDawn) : Number.POSITIVE_INFINITY)
    : 0;
  const morning = sun.civil_dawn ? overlap(start, end, Number.NEGATIVE_INFINITY, ms(sun.civil_dawn)) : 0;
  const dark = night + morning;
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    hours: hoursBetween(from, to).map((at) => ({ at: share(at), hour: hourOf(at) })),
    sunset: inside(sun.sunset),
    dusk: inside(sun.civil_dusk),
    dawn: inside(nextDawn),
    walk: { from: share(start), to: share(end) },
    darkness: darknessOf(dark, end - start, sun.civil_dusk === null),
    darkMinutes: Math.round(dark / 60_000),
    minutes: Math.round((end - start) / 60_000),
  };
}

function darknessOf(dark: number, whole: number, noDusk: boolean): Darkness {
  if (dark >= whole) return "whole";
  if (dark > 0) return "partly";
  return noDusk ? "no_dusk" : "light";
}

function hoursBetween(from: number, to: number): number[] {
  const found: number[] = [];
  // On a phone more than ten figures run together.
  const step = (to - from) / HOUR > 10 ? 2 * HOUR : HOUR;
  for (let at = from; at <= to; at += step) found.push(at);
  return found;
}
