/** A flat drawing of a few kilometres: equirectangular about its middle, pixels per metre the same both ways. */
export interface Projection {
  x: (lon: number) => number;
  y: (lat: number) => number;
  lat: (y: number) => number;
  lon: (x: number) => number;
  metresPerPixel: number;
}

export interface Point {
  lat: number;
  lon: number;
}

export interface Box {
  south: number;
  west: number;
  north: number;
  east: number;
}

const METRES_PER_DEGREE = 111_320;
/** Narrower than this and a single point would fill the drawing with nothing. */
const LEAST_SPAN_M = 400;
const MARGIN_PX = 48;

export interface View {
  /** 1 shows every point; 2 shows half as wide. */
  zoom: number;
  /** Metres the middle has been moved east and north. */
  east: number;
  north: number;
}

export const WHOLE: View = { zoom: 1, east: 0, north: 0 };

/** Fits the points in the box, then applies the reader's own zoom and movement. Without points there is nothing to draw. */
export function project(points: readonly Point[], width: number, height: number, view: View): Projection | null {
  if (points.length === 0 || width <= 0 || height <= 0) return null;
  const lats = points.map((p) => p.lat);
  const lons = points.map((p) => p.lon);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const middle = { lat: (south + north) / 2, lon: (west + east) / 2 };
  const perLat = METRES_PER_DEGREE;
  const perLon = METRES_PER_DEGREE * Math.cos((middle.lat * Math.PI) / 180);
  const across = Math.max((east - west) * perLon, LEAST_SPAN_M);
  const up = Math.max((north - south) * perLat, LEAST_SPAN_M);
  const room = (size: number) => Math.max(size - 2 * MARGIN_PX, size / 3);
  const metresPerPixel = Math.max(across / room(width), up / room(height)) / view.zoom;
  const centre = { lat: middle.lat + view.north / perLat, lon: middle.lon + view.east / perLon };
  return {
    x: (lon) => width / 2 + ((lon - centre.lon) * perLon) / metresPerPixel,
    y: (lat) => height / 2 - ((lat - centre.lat) * perLat) / metresPerPixel,
    lon: (x) => centre.lon + ((x - width / 2) * metresPerPixel) / perLon,
    lat: (y) => centre.lat - ((y - height / 2) * metresPerPixel) / perLat,
    metresPerPixel,
  };
}

/** A round distance that takes about a hundred pixels, and how many it takes. */
export function scaleBar(metresPerPixel: number): { metres: number; pixels: number } {
  const wanted = metresPerPixel * 110;
  const ten = 10 ** Math.floor(Math.log10(wanted));
  const metres = [5, 2, 1].map((step) => step * ten).find((size) => size <= wanted) ?? ten;
  return { metres, pixels: metres / metresPerPixel };
}

/** Metres along the points in order, as the crow flies between them. */
export function lengthOf(points: readonly Point[]): number {
  let sum = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1] as Point, points[i] as Point];
    const north = (b.lat - a.lat) * METRES_PER_DEGREE;
    const east = (b.lon - a.lon) * METRES_PER_DEGREE * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
    sum += Math.hypot(north, east);
  }
  return Math.round(sum);
}
