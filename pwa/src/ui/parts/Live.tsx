import { signal } from "@preact/signals";

const said = signal("");

/** Says it to a screen reader, politely. The same words twice are said twice. */
export function say(words: string): void {
  said.value = said.value === words ? `${words}\u00a0` : words;
}

export function Live() {
  return (
    <p class="sr" role="status" aria-live="polite">
      {said.value}
    </p>
  );
}
