import { icons } from "virtual:icons?x";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";

export interface MarkedAct<B extends string> {
  name: B;
  drawing: string;
  label: string;
  /** How many of the marked can be done this to now. */
  can: number;
}

interface MarkedProps<B extends string> {
  marked: number;
  acts: readonly MarkedAct<B>[];
  open: B | null;
  onOpen: (act: B | null) => void;
  onClear: () => void;
  onSubmit: (event: Event) => void;
  /** What stands here while nothing is marked. */
  idle?: ComponentChildren;
  keys: ComponentChildren;
  /** The form of the act that is open. */
  children: ComponentChildren;
}

/** Under a list: what can be done to all that is marked, in one act. The first act is the main one. */
export function MarkedBar<B extends string>(props: MarkedProps<B>) {
  const { marked, acts, open, onOpen } = props;
  const form = useRef<HTMLFormElement>(null);
  // Before the next key: Enter sends what has just been opened, however slowly the screen is painted.
  useLayoutEffect(() => {
    if (open) form.current?.querySelector<HTMLElement>("input, textarea, select")?.focus();
  }, [open]);
  if (marked === 0)
    return (
      <div class="bulk">
        {props.idle}
        <p class="keys">{props.keys}</p>
      </div>
    );
  return (
    <div class="bulk">
      <p>
        <b>{t("bulk.chosen", { n: marked })}</b>
      </p>
      {acts.map(({ name, drawing, label, can }, i) => (
        <button
          key={name}
          type="button"
          class={`btn${i === 0 ? " go" : ""}`}
          aria-expanded={open === name}
          disabled={can === 0}
          onClick={() => onOpen(open === name ? null : name)}
        >
          <Icon drawing={drawing} />
          {label} ({can})
        </button>
      ))}
      <button type="button" class="btn square" aria-label={t("bulk.clear")} onClick={props.onClear}>
        <Icon drawing={icons.x ?? ""} />
      </button>
      <p class="keys">{props.keys}</p>
      {open && (
        <form ref={form} class="bulk-form" onSubmit={props.onSubmit} onKeyDown={enter} noValidate>
          {props.children}
        </form>
      )}
    </div>
  );
}

/** Enter sends from a choice too, as it does from a line of text. */
function enter(event: KeyboardEvent): void {
  const at = event.target;
  if (event.key !== "Enter" || !(at instanceof HTMLSelectElement)) return;
  event.preventDefault();
  at.form?.requestSubmit();
}

/** Those the act cannot be done to: they keep their mark. */
export function Left({ left }: { left: number }) {
  return left > 0 ? <p class="quiet">{t("bulk.left", { n: left })}</p> : null;
}
