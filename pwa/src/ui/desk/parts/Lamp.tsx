import sprite from "../../styles/lyktor.svg?raw";

export type LampName = "off" | "plan" | "half" | "on" | "lit" | "wait" | "no";

// As attributes instead of style="": a content policy without inline styles would leave the lanterns black.
const drawings = new Map(
  [...sprite.matchAll(/<symbol id="l-([a-z]+)"[^>]*>(.*?)<\/symbol>/gs)].map(([, name, inner]) => [
    name,
    (inner ?? "").replace(/style="([^"]*)"/g, (_, css: string) =>
      css.replace(/([a-z-]+):((?:[^;(]|\([^)]*\))*);?/g, '$1="$2" ').trim(),
    ),
  ]),
);

/** The lantern of a state. Always beside its word, so it is hidden from the screen reader. */
export function Lamp({ name }: { name: LampName }) {
  return (
    <svg
      class="lamp"
      viewBox="0 0 24 24"
      aria-hidden="true"
      dangerouslySetInnerHTML={{ __html: drawings.get(name) ?? "" }}
    />
  );
}
