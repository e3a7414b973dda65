import { dayWords } from "../../domain/times";
import type { DateOnly } from "../../domain/wire";
import { t } from "../parts/words";
import { spotName } from "./entry";
import { eveningsUntil } from "./moment";
import type { Spot } from "./places";
import { now } from "./store";

/** "i kväll", "i går kväll", "fredag 20 november" */
export function eveningWords(evening: DateOnly): string {
  const [tonight, yesterday] = eveningsUntil(now.value, 2);
  if (evening === tonight) return t("evening.tonight");
  return evening === yesterday ? t("evening.yesterday") : dayWords(evening);
}

export function spotWords(spot: Spot): string {
  return spotName(spot, (area) => t("place.somewhere", { area }));
}
