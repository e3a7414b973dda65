import type { CategoryState } from "../../domain/wire";

/** What is about to be handed in, counted as people would say it. */
export interface Tally {
  photos: number;
  /** Things that are broken, dark or in the way. */
  faults: number;
  /** What the walkers want to keep. */
  good: number;
  /** Sound, gatherings, feelings and what nobody has named: never called a fault. */
  others: number;
}

export function tally(
  findings: readonly { category: string | null; photos: readonly unknown[] }[],
  kindOf: (category: string | null) => CategoryState["kind"] | undefined,
): Tally {
  const kinds = findings.map(({ category }) => kindOf(category));
  const faults = kinds.filter((kind) => kind === "F" || kind === "M").length;
  const good = kinds.filter((kind) => kind === "P").length;
  return {
    photos: findings.reduce((sum, { photos }) => sum + photos.length, 0),
    faults,
    good,
    others: findings.length - faults - good,
  };
}
