import type { MetNeed, NeedAt, NeedsView } from "../../../domain/wire";

export interface NeedRow {
  at: NeedAt;
  /** None: it is not among the greatest of the last lägesbild, and something is done there. */
  slot: NeedsView["slots"][number] | undefined;
  /** Commitments, in the order they were linked. */
  met: string[];
}

export function keyOf(it: NeedAt): string {
  return `${it.area}/${it.place}/${it.weekday}/${it.block}`;
}

/** Every need, and whatever is met that is no longer one. */
export function rowsOf(needs: NeedsView): NeedRow[] {
  const metAt = (key: string) => needs.met.filter((it) => keyOf(it) === key).map((it) => it.commitment);
  const now = needs.slots.map((slot) => ({ at: slot, slot, met: metAt(keyOf(slot)) }));
  const known = new Set(now.map((row) => keyOf(row.at)));
  const past = needs.met.filter((it, i) => {
    const first = needs.met.findIndex((other) => keyOf(other) === keyOf(it));
    return first === i && !known.has(keyOf(it));
  });
  return [...now, ...past.map((it) => ({ at: it, slot: undefined, met: metAt(keyOf(it)) }))];
}

export function addMet(
  met: readonly MetNeed[],
  { area, place, weekday, block }: NeedAt,
  commitment: string,
): MetNeed[] {
  const added = { area, place, weekday, block, commitment };
  const is = (it: MetNeed) => keyOf(it) === keyOf(added) && it.commitment === commitment;
  return met.some(is) ? [...met] : [...met, added];
}
