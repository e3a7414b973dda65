import type { Point } from "../parts/projection";

export interface Named extends Point {
  id: string;
  name: string;
}

const M_PER_DEGREE = 111_320;
const WAYS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"] as const;

export interface From {
  name: string;
  metres: number;
  way: (typeof WAYS)[number];
}

/** The known place that lies nearest, and how far and which way from it one has to go. */
export function fromNearest(it: Point, places: readonly Named[]): From | null {
  const across = Math.cos((it.lat * Math.PI) / 180);
  let nearest: From | null = null;
  for (const place of places) {
    const [north, east] = [it.lat - place.lat, (it.lon - place.lon) * across];
    const metres = Math.hypot(north, east) * M_PER_DEGREE;
    const eighth = Math.round(Math.atan2(east, north) / (Math.PI / 4));
    if (!nearest || metres < nearest.metres)
      nearest = { name: place.name, metres, way: WAYS[(eighth + WAYS.length) % WAYS.length] ?? "n" };
  }
  return nearest;
}

/** Metres between two places in the same municipality. */
export function metresBetween(a: Point, b: Point): number {
  const across = Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(a.lat - b.lat, (a.lon - b.lon) * across) * M_PER_DEGREE;
}

/** Nearest first, those without a place last and in the order they came. */
export function byDistance<T extends { metres: number | null }>(rows: readonly T[]): T[] {
  const far = (row: T) => row.metres ?? Number.POSITIVE_INFINITY;
  return [...rows].sort((a, b) => (far(a) === far(b) ? 0 : far(a) - far(b)));
}

/** As one says it: 300 m, 1,2 km. */
export function farWords(metres: number): string {
  const hundreds = Math.round(metres / 100);
  return hundreds < 10 ? `${hundreds * 100} m` : `${(hundreds / 10).toString().replace(".", ",")} km`;
}
