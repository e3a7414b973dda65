import { signal } from "@preact/signals";
import { onPosition, startPosition, type Whereabouts, whereabouts } from "../../device/position";
import { kept } from "./kept";

export const where = signal<Whereabouts>(whereabouts());
onPosition((at) => {
  where.value = at;
});

/** Warm from the start of the walk, but never asked for before the person has been told why. */
export function warmPosition(): void {
  if (kept.value.askedPosition) startPosition();
}
