import { signal } from "@preact/signals";

/** The last thing that happened, read aloud and shown under the top bar until the next. */
export const said = signal("");

export function say(text: string): void {
  said.value = text;
}
