import type { DateOnly, PresenceSum } from "../../../domain/wire";
import { addDays, endOfWeek } from "../time/stockholm";

/** Monday to Sunday of the week the day lies in. */
export function weekOf(date: DateOnly): DateOnly[] {
  const sunday = endOfWeek(date);
  return Array.from({ length: 7 }, (_, i) => addDays(sunday, i - 6));
}

export interface AreaRow {
  area: string;
  /** Evenings somebody was out: n of the row. */
  observed: number;
  cells: (PresenceSum | null)[];
}

/** One row per area, one cell per evening. null and `passes` 0 both mean that nobody was out, never that it was calm. */
export function tableOf(sums: readonly PresenceSum[], evenings: readonly DateOnly[]): AreaRow[] {
  const areas = [...new Set(sums.map((sum) => sum.area))].sort((a, b) => a.localeCompare(b, "sv"));
  return areas.map((area) => {
    const cells = evenings.map(
      (evening) => sums.find((sum) => sum.area === area && sum.evening === evening && sum.passes > 0) ?? null,
    );
    return { area, observed: cells.filter(Boolean).length, cells };
  });
}
