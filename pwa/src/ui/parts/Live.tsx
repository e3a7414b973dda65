import { signal } from "@preact/signals";

const said = signal("");

/** Says it to a screen reader, politely. The same words twice are said twice. */
export function say(words: string): void {
  said.value = said.value === words ? `${words}\u00a0` : words;
}

const FLASH_MS = 220;

/** A frame of light round the screen: seen at arm's length, on whatever screen comes next. */
export function flash(): void {
  const page = document.documentElement.classList;
  page.add("flash");
  setTimeout(() => page.remove("flash"), FLASH_MS);
}

export function Live() {
  return (
    <p class="sr" role="status" aria-live="polite">
      {said.value}
    </p>
  );
}
