import { EMPTY, type Form } from "./form";

/** After this nobody remembers what half an entry was about. */
const REMEMBERED = 6 * 3_600_000;
const BEGUN: readonly (keyof Form)[] = ["band", "mood", "substances", "action", "minutes", "ages", "activity", "noise"];

/** Only choices, like the entry itself: no names and no free text. A place alone is where they stand, not an entry. */
export function isBegun(form: Form): boolean {
  return BEGUN.some((question) => form[question] !== null);
}

/** Half an entry as it is written down, so that a phone call or an empty battery costs no answers. */
export function written(form: Form, at: Date): string | null {
  return isBegun(form) ? JSON.stringify({ at: at.getTime(), form }) : null;
}

/** Half an entry from earlier the same evening, or null when there is none worth going on with. */
export function readBack(text: string | null, at: Date): Form | null {
  try {
    const left = JSON.parse(text ?? "null") as { at: number; form: Form } | null;
    const age = left ? at.getTime() - left.at : -1;
    if (!left || age < 0 || age > REMEMBERED) return null;
    const form = { ...EMPTY, ...left.form };
    return isBegun(form) ? form : null;
  } catch {
    return null;
  }
}
