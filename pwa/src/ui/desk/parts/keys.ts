import { useLayoutEffect, useRef } from "preact/hooks";

/** Single keys work only when nothing is being typed and no dialog lies over the page. */
function isTyping(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement | null;
  if (event.metaKey || event.ctrlKey || event.altKey) return true;
  if (document.querySelector("dialog[open]")) return true;
  return (
    Boolean(at?.closest("textarea, select, [contenteditable]")) ||
    (at instanceof HTMLInputElement && at.type !== "checkbox")
  );
}

/** Answers single keys while the screen is shown; each key has a button that does the same. */
export function useKeys(act: Record<string, () => void>): void {
  const now = useRef(act);
  now.current = act;
  // Before the next key: whoever types faster than the screen is painted is heard.
  useLayoutEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const pressed = now.current[event.key];
      // One key, one answer: what another part of the screen has answered is over.
      if (!pressed || event.defaultPrevented || isTyping(event)) return;
      // Enter on a button or a link means that button or link.
      if (event.key === "Enter" && (event.target as Element | null)?.closest?.("a, button, summary")) return;
      event.preventDefault();
      pressed();
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, []);
}
