/** The medium's own time. It goes on where the page's clock is set by hand. */
export type Pauses = Pick<typeof globalThis, "setTimeout" | "clearTimeout">;

export interface Limit {
  /** Milliseconds between looks. */
  every: number;
  looks: number;
  onLook?: () => void;
}

/**
 * Calls `onOver` after so many looks, and returns what stops it. Hours in which the page did not run are one look: a
 * phone that was in a pocket has not been slow.
 */
export function limited(pauses: Pauses, limit: Limit, onOver: () => void): () => void {
  let left = limit.looks;
  const look = () => {
    left -= 1;
    limit.onLook?.();
    if (left > 0) timer = pauses.setTimeout(look, limit.every);
    else onOver();
  };
  let timer = pauses.setTimeout(look, limit.every);
  return () => pauses.clearTimeout(timer);
}
