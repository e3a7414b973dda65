import type { Box, Size } from "./mask";

/**
 * A cascade of stumps over sums of rectangles (Viola and Jones 2001), as `virtual:faces` lays it out. `size`: the side of
 * its window in pixels. `stages`: how many stumps, and what they must reach together. `areas`: three rectangles a
 * stump, each x, y, width, height, weight; the third may be empty. `leaves`: threshold, below it, above it.
 */
export interface Cascade {
  readonly size: number;
  readonly stages: readonly number[];
  readonly areas: readonly number[];
  readonly leaves: readonly number[];
}
/** One byte of light a pixel, row by row. */
export interface Grey extends Size {
  readonly light: Uint8Array;
}

/** Each size of face is looked for in a picture this much smaller than the one before. */
const SHRINKS = 1.2;
/** Windows lie this many pixels apart: beside a face several still see it. */
const STRIDE = 2;
/** A face is seen by several windows; what one alone sees is nearly always something else. */
const WITNESSES = 2;
/** Sky, night and walls: a window with less spread in its light (standard deviation) than noise holds no face to know. */
const LEAST_SPREAD = 6;
const SAME = 0.4;

/** Faces looking about this way and held about upright, best first, in the picture's own pixels. */
export function facesIn(picture: Grey, cascade: Cascade): Box[] {
  const seen: Box[] = [];
  let smaller = picture;
  for (let scale = 1; ; scale *= SHRINKS) {
    const size = { width: Math.round(picture.width / scale), height: Math.round(picture.height / scale) };
    if (Math.min(size.width, size.height) < cascade.size) return together(seen);
    if (scale > 1) smaller = shrunk(smaller, size);
    const side = cascade.size * scale;
    for (const [x, y] of windows(smaller, cascade))
      seen.push({ x: x * scale, y: y * scale, width: side, height: side });
  }
}

/** The upper left corner of every window that passes all stages. */
function windows(picture: Grey, cascade: Cascade): [number, number][] {
  const { size } = cascade;
  const { sums, squares, row } = summed(picture);
  const { corners, weights } = laidOut(cascade, row);
  const leaves = Float64Array.from(cascade.leaves);
  const stages = Float64Array.from(cascade.stages);
  // Light is measured within the window's frame of one pixel, as it was when the cascade was trained.
  const [a, b, c, d] = cornersOf(1, 1, size - 2, size - 2, row);
  const area = (size - 2) ** 2;
  const least = (LEAST_SPREAD * area) ** 2;
  const sum = (from: number, i: number) =>
    (sums[from + (corners[i] as number)] as number) -
    (sums[from + (corners[i + 1] as number)] as number) -
    (sums[from + (corners[i + 2] as number)] as number) +
    (sums[from + (corners[i + 3] as number)] as number);
  const passes = (from: number): boolean => {
    const light =
      (sums[from + a] as number) - (sums[from + b] as number) - (sums[from + c] as number) + (sums[from + d] as number);
    const square =
      (squares[from + a] as number) -
      (squares[from + b] as number) -
      (squares[from + c] as number) +
      (squares[from + d] as number);
    const spread = square * area - light * light;
    if (spread < least) return false;
    const unit = Math.sqrt(spread);
    let stump = 0;
    for (let stage = 0; stage < stages.length; stage += 2) {
      let reached = 0;
      for (const end = stump + (stages[stage] as number); stump < end; stump++) {
        const at = stump * 12;
        const leaf = stump * 3;
        const third = weights[leaf + 2] as number;
        let value = sum(from, at) * (weights[leaf] as number) + sum(from, at + 4) * (weights[leaf + 1] as number);
        if (third !== 0) value += sum(from, at + 8) * third;
        reached += leaves[value < (leaves[leaf] as number) * unit ? leaf + 1 : leaf + 2] as number;
      }
      if (reached < (stages[stage + 1] as number)) return false;
    }
    return true;
  };
  const found: [number, number][] = [];
  for (let y = 0; y <= picture.height - size; y += STRIDE)
    for (let x = 0; x <= picture.width - size; x += STRIDE) if (passes(y * row + x)) found.push([x, y]);
  return found;
}

/** Where each rectangle's corners lie from a window's first pixel, in rows of that length. */
function laidOut({ areas }: Cascade, row: number) {
  const corners = new Int32Array((areas.length / 5) * 4);
  const weights = new Float64Array(areas.length / 5);
  for (let n = 0; n < weights.length; n++) {
    const [x, y, width, height, weight] = areas.slice(n * 5, n * 5 + 5) as [number, number, number, number, number];
    corners.set(cornersOf(x, y, width, height, row), n * 4);
    weights[n] = weight;
  }
  return { corners, weights };
}

function cornersOf(x: number, y: number, width: number, height: number, row: number): [number, number, number, number] {
  const upper = y * row + x;
  const lower = upper + height * row;
  return [upper, upper + width, lower, lower + width];
}

/** Of everything above and to the left of each pixel, with a row and a column of nothing before the first. */
function summed({ light, width, height }: Grey) {
  const row = width + 1;
  const sums = new Int32Array(row * (height + 1));
  const squares = new Float64Array(row * (height + 1));
  for (let y = 0; y < height; y++) {
    let one = 0;
    let two = 0;
    for (let x = 0; x < width; x++) {
      const value = light[y * width + x] as number;
      one += value;
      two += value * value;
      const at = (y + 1) * row + x + 1;
      sums[at] = (sums[at - row] as number) + one;
      squares[at] = (squares[at - row] as number) + two;
    }
  }
  return { sums, squares, row };
}

/** Each pixel from the four nearest it. */
function shrunk(from: Grey, { width, height }: Size): Grey {
  const light = new Uint8Array(width * height);
  const across = Array.from({ length: width }, (_, x) => between(x, width, from.width));
  for (let y = 0; y < height; y++) {
    const [up, down, low] = between(y, height, from.height);
    for (let x = 0; x < width; x++) {
      const [left, right, far] = across[x] as [number, number, number];
      const upper = mixed(from.light, up * from.width, left, right, far);
      const lower = mixed(from.light, down * from.width, left, right, far);
      light[y * width + x] = upper + (lower - upper) * low + 0.5;
    }
  }
  return { light, width, height };
}

/** The two pixels of `before` that pixel `at` of `now` lies between, and how far from the first. */
function between(at: number, now: number, before: number): [number, number, number] {
  const place = Math.max(0, ((at + 0.5) * before) / now - 0.5);
  const first = Math.floor(place);
  return [first, Math.min(before - 1, first + 1), place - first];
}

function mixed(light: Uint8Array, row: number, left: number, right: number, far: number): number {
  const one = light[row + left] as number;
  return one + ((light[row + right] as number) - one) * far;
}

/** Windows that see the same become one box in their middle, the one seen most first; the unconfirmed are dropped. */
function together(seen: readonly Box[]): Box[] {
  const groups: { count: number; middle: Box }[] = [];
  for (const box of seen) {
    const group = groups.find(({ middle }) => overlap(middle, box) > SAME);
    if (group) {
      const part = 1 / ++group.count;
      for (const side of ["x", "y", "width", "height"] as const)
        group.middle[side] += (box[side] - group.middle[side]) * part;
    } else groups.push({ count: 1, middle: { ...box } });
  }
  const sure = groups.filter(({ count }) => count >= WITNESSES).sort((one, other) => other.count - one.count);
  return sure.map(({ middle }) => middle);
}

/** What two boxes share, of what they cover together: 0 to 1. */
function overlap(one: Box, other: Box): number {
  const wide = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const high = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  const shared = Math.max(0, wide) * Math.max(0, high);
  return shared / (one.width * one.height + other.width * other.height - shared);
}
