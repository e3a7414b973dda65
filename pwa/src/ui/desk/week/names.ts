import type { EstView } from "../../../domain/wire";
import { t } from "../../parts/words";

/** A place, or the whole area; what lies nowhere we know says so. */
export function spotName(it: { area: string; place: string }): string {
  return it.place || it.area || t("week.nowhere");
}

export function categoryName(view: EstView, code: string): string {
  return view.categories.find((each) => each.code === code)?.name ?? t("week.unsorted_kind");
}

export function partyName(view: EstView, id: string): string {
  return view.parties.find((each) => each.id === id)?.name ?? id;
}

export function placeName(view: EstView, id: string | null): string {
  return view.places.find((each) => each.id === id)?.name ?? "";
}

/** "22–00": two hours from the one it begins at. */
export function blockName(from: number, hours = 2): string {
  const two = (n: number) => String(n % 24).padStart(2, "0");
  return `${two(from)}–${two(from + hours)}`;
}

/** How strong a cell is drawn, 0 to 3, against the strongest of its table; the number stands in it too. */
export function heat(n: number | null, most: number): 0 | 1 | 2 | 3 {
  if (!n || most <= 0) return 0;
  return Math.min(3, Math.ceil((n / most) * 3)) as 1 | 2 | 3;
}
