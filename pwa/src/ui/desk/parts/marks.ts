import { useEffect, useRef, useState } from "preact/hooks";
import type { Uuid } from "../../../domain/wire";
import { type Kind, putBack } from "../tasks/parcel";

export interface Marks<T> {
  /** As they stand in the list now; one that has left the list, as it was last seen there. */
  chosen: ReadonlyMap<Uuid, T>;
  /** With `through` every row from the one chosen last to this one. */
  toggle: (row: T, through?: boolean) => void;
  chooseAll: (rows: readonly T[]) => void;
  /** Only these lose their mark: the others could not be done and stay marked. */
  drop: (ids: Iterable<Uuid>) => void;
  clear: () => void;
}

/** Which rows are marked. What was refused or taken back of an act on several is marked again by itself. */
export function useMarks<T extends { id: Uuid }>(known: readonly T[], kind: Kind): Marks<T> {
  const [ids, setIds] = useState<ReadonlySet<Uuid>>(new Set());
  const [last, setLast] = useState<Uuid | null>(null);
  const seen = useRef(new Map<Uuid, T>());
  for (const row of known) seen.current.set(row.id, row);
  const back = putBack.value;
  useEffect(() => {
    if (!back || back.of !== kind) return;
    setIds(new Set([...ids, ...back.ids]));
    putBack.value = null;
  }, [back]);

  const chosen = new Map<Uuid, T>();
  for (const id of ids) {
    const row = seen.current.get(id);
    if (row) chosen.set(id, row);
  }
  return {
    chosen,
    toggle: (row, through = false) => {
      const next = new Set(ids);
      const from = known.findIndex((one) => one.id === last);
      const to = known.findIndex((one) => one.id === row.id);
      if (through && from >= 0 && to >= 0)
        for (const one of known.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(one.id);
      else if (!next.delete(row.id)) next.add(row.id);
      setLast(row.id);
      setIds(next);
    },
    chooseAll: (rows) =>
      setIds(rows.every((row) => ids.has(row.id)) ? new Set() : new Set([...ids, ...rows.map((row) => row.id)])),
    drop: (gone) => {
      const next = new Set(ids);
      for (const id of gone) next.delete(id);
      setIds(next);
    },
    clear: () => setIds(new Set()),
  };
}
