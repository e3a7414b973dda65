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

/** On the walk, and whenever something is about to be noted; never before the person has been told why. */
export function warmPosition(): void {
  if (kept.value.askedPosition) startPosition();
}
