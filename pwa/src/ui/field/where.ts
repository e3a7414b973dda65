import { signal } from "@preact/signals";
import { metresBetween, onPosition, startPosition, type Whereabouts, whereabouts } from "../../device/position";
import { decimal } from "../parts/figures";
import { t } from "../parts/words";
import { kept } from "./kept";

export const where = signal<Whereabouts>(whereabouts());
onPosition((at) => {
  where.value = at;
});

/** "140 m bort", in tens; "1,9 km bort" when it is far. */
export function awayWords(stop: { lat: number; lon: number }): string | null {
  const fix = where.value.fix;
  if (!fix) return null;
  const metres = Math.round(metresBetween(fix, stop) / 10) * 10;
  return metres < 1000 ? t("tonight.away", { metres }) : t("tonight.far", { km: decimal(metres / 1000) });
}

/** The stop whose ground we stand on, when it is not the one chosen: to suggest, never to switch by itself. */
export function nearbyStop<T extends { id: string; lat: number; lon: number; radius_m: number }>(
  stops: readonly T[],
  here: string | undefined,
): T | null {
  const fix = where.value.fix;
  if (!fix || fix.accuracy_m > 50) return null;
  const close = stops.filter((stop) => metresBetween(fix, stop) <= Math.max(stop.radius_m, fix.accuracy_m));
  return close.some(({ id }) => id === here) ? null : (close[0] ?? null);
}

/** On the walk, and whenever something is about to be noted; never before the person has been told why. */
export function warmPosition(): void {
  if (kept.value.askedPosition) startPosition();
}
