import lanterns from "../styles/lyktor.svg?raw";

export type LampState = "off" | "plan" | "half" | "on" | "lit" | "wait" | "no" | "ask" | "exp";

/** The lanterns, once in the page. Drawn by `Lamp` below. */
export function Lanterns() {
  return <div hidden dangerouslySetInnerHTML={{ __html: lanterns }} />;
}

/** A lantern: always beside a word, so hidden from the screen reader. */
export function Lamp({ state, size }: { state: LampState; size?: number }) {
  return (
    <svg class="lamp" aria-hidden="true" {...(size ? { style: { width: size, height: size } } : {})}>
      <use href={`#l-${state}`} />
    </svg>
  );
}
