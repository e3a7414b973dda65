import type { VehicleSpot, VehiclesView } from "../../../domain/wire";
import type { Point } from "../parts/projection";

export interface Numbered {
  /** The same in the drawing and in the table. */
  number: number;
  spot: VehicleSpot;
}

export function numbered(spots: readonly VehicleSpot[]): Numbered[] {
  return spots.map((spot, i) => ({ number: i + 1, spot }));
}

export function pointsOf(spot: VehicleSpot): Point[] {
  return spot.line.map(([lat, lon]) => ({ lat, lon }));
}

/** Where its number stands: the place, or about the middle of a stråk. */
export function middle(spot: VehicleSpot): Point | undefined {
  const points = pointsOf(spot);
  return points[Math.floor(points.length / 2)];
}

/** Every point of every week: the drawing stands still while the weeks go by. */
export function everyPoint(view: VehiclesView): Point[] {
  return view.weeks.flatMap((week) => week.spots.flatMap(pointsOf));
}

/** Only where somebody looked both weeks, or told of more: what nobody looked for has neither come nor gone. */
export function moved(spots: readonly VehicleSpot[]): { more: VehicleSpot[]; fewer: VehicleSpot[] } {
  return {
    more: spots.filter((it) => it.trend === "more" || it.trend === "new"),
    fewer: spots.filter((it) => it.trend === "fewer" || it.trend === "gone"),
  };
}
