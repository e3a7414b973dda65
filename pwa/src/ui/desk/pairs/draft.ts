import type { Bodies, Uuid } from "../../../domain/wire";

/** A pair as it stands in the form. `looked`: which two photos the tick was set for. */
export interface PairDraft {
  before: Uuid;
  after: Uuid;
  beforeWords: string;
  afterWords: string;
  name: string;
  looked: string;
}

export const EMPTY: PairDraft = { before: "", after: "", beforeWords: "", afterWords: "", name: "", looked: "" };

/** Which two they are; empty while one is missing. */
export function twoOf({ before, after }: PairDraft): string {
  return before && after ? `${before} ${after}` : "";
}

/** What is sent; null while something is missing, or the tick was set for other photos than these. */
export function bodyOf(draft: PairDraft, task: Uuid, seen: number): Bodies["publication.pair"] | null {
  const { before, after, looked } = draft;
  const said = {
    before_words: draft.beforeWords.trim(),
    after_words: draft.afterWords.trim(),
    name: draft.name.trim(),
  };
  if (!twoOf(draft) || looked !== twoOf(draft) || Object.values(said).includes("")) return null;
  return { task, before, after, ...said, looked: true, seen };
}
