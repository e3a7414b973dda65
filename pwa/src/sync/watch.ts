import type { Database } from "../storage/database";

/** Calls `fn` after every change, from this tab, another tab or the server; several in one breath become one call. */
export function watch(db: Database, fn: () => void): () => void {
  let due = false;
  let watching = true;
  const unlisten = db.listen(() => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      if (watching) fn();
    });
  });
  return () => {
    watching = false;
    unlisten();
  };
}
