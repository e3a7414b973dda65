import { signal } from "@preact/signals";
import type { Box } from "../../device/mask";

/** Where on the walk this phone is. Small and not worth a transaction: losing it costs a tap. */
export interface Kept {
  stop?: string;
  /** How many walk together; said by the recorder. */
  people?: number;
  records?: boolean;
  /** Stops where nobody wanted to answer the feeling. */
  passed?: string[];
  askedPosition?: boolean;
  /** Null: the screen may go dark. */
  awake?: boolean;
  handedInAt?: string;
  /** Boxes drawn on a photo and not yet burnt in, by the revision of the photo. */
  boxes?: Record<string, Box[]>;
  /** "Har du varit där?", by task and the day it was said to be done. */
  been?: Record<string, string>;
}

let key: string | null = null;
export const kept = signal<Kept>({});

/** Reads what was kept for this walk. A private window may refuse: then it lives as long as the page. */
export function readKept(walk: string): void {
  key = `walk:${walk}`;
  try {
    kept.value = JSON.parse(localStorage.getItem(key) ?? "{}") as Kept;
  } catch {
    kept.value = {};
  }
}

export function keep(changes: Kept): void {
  kept.value = { ...kept.value, ...changes };
  try {
    if (key) localStorage.setItem(key, JSON.stringify(kept.value));
  } catch {
    // As above.
  }
}
