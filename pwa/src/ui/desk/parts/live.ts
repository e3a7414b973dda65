import { signal } from "@preact/signals";

/** The last thing that happened, read aloud and shown under the top bar until the next. */
export const said = signal("");

let saidAt = 0;
/** Long enough to be read on the screen that follows the act. */
const READ_MS = 4000;

export function say(text: string): void {
  said.value = text;
  saidAt = Date.now();
}

/** Takes away what was said before the person went on to another screen. */
export function forgetOld(): void {
  if (Date.now() - saidAt > READ_MS) said.value = "";
}
