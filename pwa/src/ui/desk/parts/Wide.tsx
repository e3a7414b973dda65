import type { ComponentChildren } from "preact";

/** A table wider than a phone scrolls in its own box; the box takes focus so that arrow keys reach the rest. */
export function Wide({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable from the keyboard
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
