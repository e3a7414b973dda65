/** Points on a flat drawing, x to the right and y downwards, in the drawing's own units. */
export interface Point {
  x: number;
  y: number;
}
export interface Place {
  lat: number;
  lon: number;
}
export interface Frame {
  width: number;
  height: number;
  padding: number;
}
export interface Projection {
  point(place: Place): Point;
  place(point: Point): Place;
  /** Drawing units to a metre. */
  scale: number;
}

const METRES_A_DEGREE = 111_320;
/** A single stop still needs a piece of ground round it. */
const LEAST_METRES = 120;

/**
 * Fits the places into the frame with north up and the same scale both ways. Flat over a walk:
 * the error is under a metre in two kilometres, far below what a phone can measure.
 */
export function projectionOf(places: readonly Place[], frame: Frame): Projection {
  const lats = places.map((p) => p.lat);
  const lons = places.map((p) => p.lon);
  const middle = places.length
    ? { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lon: (Math.min(...lons) + Math.max(...lons)) / 2 }
    : { lat: 0, lon: 0 };
  const eastward = METRES_A_DEGREE * Math.cos(middle.lat * (Math.PI / 180));
  const wide = places.length ? (Math.max(...lons) - Math.min(...lons)) * eastward : 0;
  const high = places.length ? (Math.max(...lats) - Math.min(...lats)) * METRES_A_DEGREE : 0;
  const scale = Math.min(
    (frame.width - 2 * frame.padding) / Math.max(wide, LEAST_METRES),
    (frame.height - 2 * frame.padding) / Math.max(high, LEAST_METRES),
  );
  return {
    scale,
    point: ({ lat, lon }) => ({
      x: frame.width / 2 + (lon - middle.lon) * eastward * scale,
      y: frame.height / 2 - (lat - middle.lat) * METRES_A_DEGREE * scale,
    }),
    place: ({ x, y }) => ({
      lat: middle.lat - (y - frame.height / 2) / (METRES_A_DEGREE * scale),
      lon: middle.lon + (x - frame.width / 2) / (eastward * scale),
    }),
  };
}

/** A soft line through the points (Catmull-Rom as cubic Béziers): people do not walk with a ruler. */
export function softLine(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  const at = (i: number): Point => points[Math.min(Math.max(i, 0), points.length - 1)] ?? first;
  const curves = rest.map((end, i) => {
    const before = at(i - 1);
    const start = at(i);
    const after = at(i + 2);
    const out = { x: start.x + (end.x - before.x) / 6, y: start.y + (end.y - before.y) / 6 };
    const into = { x: end.x - (after.x - start.x) / 6, y: end.y - (after.y - start.y) / 6 };
    return `C${short(out)} ${short(into)} ${short(end)}`;
  });
  return `M${short(first)}${curves.join("")}`;
}

function short({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

/** A round number of metres that fits the width, for the scale under the drawing. */
export function scaleBar(scale: number, widest: number): { metres: number; width: number } {
  const steps = [500, 200, 100, 50, 20, 10];
  const metres = steps.find((m) => m * scale <= widest) ?? 10;
  return { metres, width: metres * scale };
}
