import { signal } from "@preact/signals";

export type Invite = { code: string } | { secret: string };

const KEY = "invite";

/** The invitation being looked at. Kept for the tab, so that a reload in the middle of joining loses nothing. */
export const invited = signal<Invite | null>(remembered());

function remembered(): Invite | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Invite | null;
  } catch {
    return null;
  }
}

export function invite(by: Invite | null): void {
  invited.value = by;
  try {
    if (by) sessionStorage.setItem(KEY, JSON.stringify(by));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A private window: the page remembers as long as it lives.
  }
}
