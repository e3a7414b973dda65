import type { Bodies, FindingRow } from "../../../domain/wire";

/** Where all but triage read that it is. */
export function placeRead(finding: FindingRow): string {
  return finding.moderated_place ?? finding.registered_place;
}

/** What is typed in the form; null = untouched, and then it follows what others read, also when that changes meanwhile. */
export interface Typed {
  text: string | null;
  place: string | null;
}

/** What was changed by hand, and nothing else: what somebody else has let out meanwhile stands. */
export function changedWords(finding: FindingRow, { text, place }: Typed): Bodies["observation.moderate"] {
  return {
    ...(text === null || text.trim() === (finding.moderated ?? finding.text) ? {} : { text: text.trim() }),
    ...(place === null || place.trim() === placeRead(finding) ? {} : { place: placeSaid(finding, place) }),
  };
}

/** What to say of the place: null is the registered name again. */
export function placeSaid(finding: FindingRow, place: string): string | null {
  const said = place.trim();
  return said && said !== finding.registered_place ? said : null;
}
