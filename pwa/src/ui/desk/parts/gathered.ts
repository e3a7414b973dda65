import type { Box, Point, Projection, View } from "./projection";

const CELL_PX = 56;

/** Marks that lie so near each other on the screen that they are drawn as one. */
export interface Group<M> {
  key: string;
  x: number;
  y: number;
  marks: M[];
}

/** By squares of the drawing, so that thousands of marks cost one pass; those outside it are left out. */
export function gathered<M extends Point>(
  marks: readonly M[],
  at: Pick<Projection, "x" | "y">,
  size: { width: number; height: number },
): Group<M>[] {
  const cells = new Map<string, Group<M>>();
  for (const mark of marks) {
    const [x, y] = [at.x(mark.lon), at.y(mark.lat)];
    if (x < -CELL_PX || y < -CELL_PX || x > size.width + CELL_PX || y > size.height + CELL_PX) continue;
    const key = `${Math.floor(x / CELL_PX)}:${Math.floor(y / CELL_PX)}`;
    const cell = cells.get(key);
    if (!cell) cells.set(key, { key, x, y, marks: [mark] });
    else {
      // The group stands in the middle of its marks.
      const n = cell.marks.push(mark);
      cell.x += (x - cell.x) / n;
      cell.y += (y - cell.y) / n;
    }
  }
  return [...cells.values()];
}

const CLOSER = 2.5;
/** Two lamps ten metres apart, on a drawing of the whole municipality, can still be parted. */
const CLOSEST = 400;

/** The view with this group in its middle, seen closer. */
export function closer(
  view: View,
  at: Pick<Projection, "metresPerPixel">,
  group: { x: number; y: number },
  size: { width: number; height: number },
): View {
  return {
    zoom: Math.min(CLOSEST, view.zoom * CLOSER),
    east: view.east + (group.x - size.width / 2) * at.metresPerPixel,
    north: view.north - (group.y - size.height / 2) * at.metresPerPixel,
  };
}

const FILLED = 0.8;
const LEAST_CLOSER = 1.6;

/** The view that a box fills, and never one from further away than `now`. `whole` is the drawing of everything. */
export function filledBy(
  box: Box,
  whole: Pick<Projection, "x" | "y" | "metresPerPixel">,
  now: View,
  size: { width: number; height: number },
): View {
  const [left, right] = [whole.x(box.west), whole.x(box.east)];
  const [top, bottom] = [whole.y(box.north), whole.y(box.south)];
  const fits = FILLED * Math.min(size.width / Math.max(1, right - left), size.height / Math.max(1, bottom - top));
  return {
    zoom: Math.min(CLOSEST, Math.max(fits, now.zoom * LEAST_CLOSER)),
    east: ((left + right) / 2 - size.width / 2) * whole.metresPerPixel,
    north: (size.height / 2 - (top + bottom) / 2) * whole.metresPerPixel,
  };
}
