import { nowInstant } from "../../domain/times";
import type { Instant, PresenceBody } from "../../domain/wire";
import type { Spot } from "./places";

type Kept = Omit<PresenceBody, "pass" | "place" | "area" | "at">;
/** What is being filled in. Nothing is chosen before somebody chooses it, but place and time. */
export type Form = { [K in keyof Kept]: Kept[K] | null } & {
  spot: Spot | null;
  /** null = now. */
  at: Instant | null;
};
export type Entry = Omit<PresenceBody, "pass">;

export const EMPTY: Form = {
  spot: null,
  at: null,
  band: null,
  mood: null,
  substances: null,
  action: null,
  minutes: null,
  ages: null,
  activity: null,
  noise: null,
};

export function formOf({ place, area, ...said }: Entry): Form {
  return { ...EMPTY, ...said, spot: { place, area } };
}

/** So few that an answer about age or substances would be an answer about somebody: then it is not asked. */
export function tooFew(form: Form, smallAreas: readonly string[]): boolean {
  return form.band === "1-5" || smallAreas.includes(form.spot?.area ?? "");
}

export type Question = "spot" | "band" | "mood" | "action";
const NEEDED: readonly Question[] = ["spot", "band", "mood", "action"];

/** What must be answered and is not, in the order of the page. */
export function missing(form: Form): Question[] {
  return NEEDED.filter((question) => form[question] === null);
}

/** The entry to save, or null while something is missing. What was chosen before there were too few is left out. */
export function entryOf(form: Form, smallAreas: readonly string[], now: Date): Entry | null {
  const { spot, band, mood, action } = form;
  if (!spot || band === null || mood === null || action === null) return null;
  const few = tooFew(form, smallAreas);
  return {
    ...spot,
    at: form.at ?? nowInstant(now),
    band,
    mood,
    action,
    substances: few ? null : form.substances,
    minutes: form.minutes,
    ages: few || band === "0" ? null : some(form.ages),
    activity: band === "0" ? null : some(form.activity),
    noise: form.noise,
  };
}

function some<T>(chosen: T[] | null): T[] | null {
  return chosen && chosen.length > 0 ? chosen : null;
}

/** Only what is different: a correction names what it changes, and what it takes away. */
export function changesFrom(before: Entry, after: Entry): Partial<Entry> {
  const keys = Object.keys(after) as (keyof Entry)[];
  const changed = keys.filter((key) => JSON.stringify(before[key] ?? null) !== JSON.stringify(after[key] ?? null));
  return Object.fromEntries(changed.map((key) => [key, after[key]])) as Partial<Entry>;
}
