import type { Operation, Outcome, ReleaseRow, Uuid } from "../../../domain/wire";
import { operation } from "../data/operations";
import { isApplied } from "../data/submit";

/** What everybody would read of one finding, as it stands on the screen. */
export interface Shown {
  text: string;
  place_words: string;
  photos: readonly Uuid[];
}

/** Words to begin with: those somebody has proposed before, else `otherwise`. Never the walker's own; no photo. */
export function firstWords(row: ReleaseRow, otherwise: string): Shown {
  const before = row.publication;
  return {
    text: before?.text || otherwise,
    place_words: before?.place_words ?? row.stop_name,
    photos: [],
  };
}

/** A tick holds for exactly what was read: another word, place, photo or version, and it is to be read again. */
export function printOf(row: ReleaseRow, shown: Shown): string {
  const where = [row.stop_name, row.lat, row.lon];
  return JSON.stringify([
    row.version,
    row.publication?.version ?? 0,
    row.category,
    where,
    row.notes,
    row.photos,
    shown,
  ]);
}

export function publish(row: ReleaseRow, shown: Shown): Operation {
  return operation("publication.publish", row.id, {
    text: shown.text.trim(),
    place_words: shown.place_words.trim(),
    photos: [...shown.photos],
    seen: row.version,
    read_at: row.lat === null || row.lon === null ? [] : [row.lat, row.lon],
  });
}

export function withdraw(id: Uuid): Operation {
  return operation("publication.withdraw", id, {});
}

/** Which rows were done, and why the others were not. */
export function cameOf(
  operations: readonly Operation[],
  outcomes: readonly Outcome[],
): { done: Uuid[]; refused: { id: Uuid; outcome: Outcome | undefined }[] } {
  const of = (op: Operation) => outcomes.find((outcome) => outcome.id === op.id);
  const isDone = (op: Operation) => {
    const outcome = of(op);
    return outcome !== undefined && isApplied(outcome) && !outcome.facts?.held;
  };
  return {
    done: operations.filter(isDone).map((op) => op.entity),
    refused: operations.filter((op) => !isDone(op)).map((op) => ({ id: op.entity, outcome: of(op) })),
  };
}
