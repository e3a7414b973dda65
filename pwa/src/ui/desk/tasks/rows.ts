import { useRef, useState } from "preact/hooks";
import type { TaskRow, Uuid } from "../../../domain/wire";
import { type Marks, useMarks } from "../parts/marks";

export interface Rows extends Marks<TaskRow> {
  at: Uuid | null;
  setAt: (id: Uuid) => void;
  /** Moves to another row on the screen, in the order the eye reads. */
  step: (by: number) => void;
  /** A step has been taken: its row may move or go, and the focus with it. */
  acted: () => void;
  /** After the rows are drawn anew: back to the row, wherever it is now, or to the one that took its place. */
  keepFocus: () => void;
  /** Moves to the column beside, at the same height; does nothing in a list. */
  aside: (by: 1 | -1) => void;
}

export const ROW = "data-row";
/** As long as the answer and the new list may take. */
const MOVED_MS = 5000;

function onScreen(within: ParentNode = document): HTMLElement[] {
  return [...within.querySelectorAll<HTMLElement>(`[${ROW}]`)];
}

/** Which row the keyboard stands on and which are chosen: the same in list and board. */
export function useRows(known: readonly TaskRow[]): Rows {
  const [at, setAt] = useState<Uuid | null>(null);
  const marks = useMarks(known, "tasks");
  const place = useRef<{ column: ParentNode; index: number; until: number } | null>(null);
  const focus = (row: HTMLElement | undefined) => {
    if (!row) return;
    setAt(row.getAttribute(ROW));
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };
  return {
    ...marks,
    at,
    acted: () => {
      const row = onScreen().find((one) => one.getAttribute(ROW) === at);
      const column = row?.closest("[data-column]") ?? document;
      if (row) place.current = { column, index: onScreen(column).indexOf(row), until: Date.now() + MOVED_MS };
    },
    keepFocus: () => {
      const was = place.current;
      const isLost = document.activeElement === document.body || document.activeElement === null;
      if (!was || was.until < Date.now() || !isLost) return;
      const there = onScreen(was.column);
      focus(onScreen().find((one) => one.getAttribute(ROW) === at) ?? there[Math.min(was.index, there.length - 1)]);
    },
    setAt,
    step: (by) => {
      const rows = onScreen();
      const now = rows.findIndex((row) => row.getAttribute(ROW) === at);
      focus(rows[Math.min(rows.length - 1, Math.max(0, now < 0 ? 0 : now + by))]);
    },
    aside: (by) => {
      const columns = [...document.querySelectorAll<HTMLElement>("[data-column]")].map((one) => onScreen(one));
      const now = columns.findIndex((rows) => rows.some((row) => row.getAttribute(ROW) === at));
      if (now < 0) return;
      const height = columns[now]?.findIndex((row) => row.getAttribute(ROW) === at) ?? 0;
      for (let i = now + by; i >= 0 && i < columns.length; i += by) {
        const rows = columns[i] ?? [];
        if (rows.length > 0) return focus(rows[Math.min(height, rows.length - 1)]);
      }
    },
  };
}
