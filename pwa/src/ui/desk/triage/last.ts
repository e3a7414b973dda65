import { signal } from "@preact/signals";
import type { FindingRow, Operation, Uuid } from "../../../domain/wire";
import { operation } from "../data/operations";
import type { Choice, Reviewed } from "./decisions";

/** The decision made last at this desk, and what takes it back. */
export interface Last {
  finding: Uuid;
  text: string;
  undo: () => Operation[];
}

export const last = signal<Last | null>(null);

/** How a decision is taken back, and `why` for those who wondered at it; null for what is an undoing itself. The finding is then to be judged again. */
export function undoOf(
  choice: Choice,
  finding: FindingRow,
  seen: Reviewed,
  done: readonly Operation[],
  why: string,
): (() => Operation[]) | null {
  const made = done.find((each) => each.type === "task.create" || each.type === "task.link")?.entity;
  switch (choice) {
    case "make_task":
      return made ? () => [operation("task.retract", made, { reason: why })] : null;
    case "link":
      return made ? () => [operation("task.unlink", made, { observation: finding.id })] : null;
    case "dismiss":
    case "lagesbild":
      return () => [operation("observation.review", finding.id, { ...seen, note: seen.note.trim() || why })];
    case "merge":
      return () => [operation("observation.unmerge", finding.id, {})];
    case "withhold":
      return () => [operation("observation.release", finding.id, {})];
    default:
      return null;
  }
}
