/** A box in the photo's own pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Size {
  width: number;
  height: number;
}

/** Smallest side of a box as a share of the photo's shorter side: a slip of the finger is no box. */
const LEAST = 0.02;

/** The box between two corners, whichever was touched first, kept inside the photo; null when it is a slip. */
export function boxBetween(from: { x: number; y: number }, to: { x: number; y: number }, photo: Size): Box | null {
  const left = clamp(Math.min(from.x, to.x), 0, photo.width);
  const top = clamp(Math.min(from.y, to.y), 0, photo.height);
  const right = clamp(Math.max(from.x, to.x), 0, photo.width);
  const bottom = clamp(Math.max(from.y, to.y), 0, photo.height);
  const least = Math.min(photo.width, photo.height) * LEAST;
  if (right - left < least || bottom - top < least) return null;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** A standing person's proportions in the middle of the photo: what "Ny ruta" begins with. */
export function newBox(photo: Size): Box {
  const height = photo.height * 0.4;
  const width = Math.min(photo.width * 0.4, height * 0.45);
  return { x: (photo.width - width) / 2, y: (photo.height - height) / 2, width, height };
}

export type Nudge = "left" | "right" | "up" | "down" | "wider" | "narrower" | "taller" | "lower";

/** One press on an arrow: a twentieth of the photo's shorter side, never out of the photo, never to nothing. */
export function nudged(box: Box, nudge: Nudge, photo: Size): Box {
  const step = Math.min(photo.width, photo.height) / 20;
  const least = Math.min(photo.width, photo.height) * LEAST;
  const grow = nudge === "wider" ? step : nudge === "narrower" ? -step : 0;
  const rise = nudge === "taller" ? step : nudge === "lower" ? -step : 0;
  const width = clamp(box.width + grow, least, photo.width);
  const height = clamp(box.height + rise, least, photo.height);
  const sideways = nudge === "left" ? -step : nudge === "right" ? step : (box.width - width) / 2;
  const down = nudge === "up" ? -step : nudge === "down" ? step : (box.height - height) / 2;
  return {
    x: clamp(box.x + sideways, 0, photo.width - width),
    y: clamp(box.y + down, 0, photo.height - height),
    width,
    height,
  };
}

/** The box carried by a finger, never out of the photo. */
export function moved(box: Box, by: { x: number; y: number }, photo: Size): Box {
  return {
    ...box,
    x: clamp(box.x + by.x, 0, photo.width - box.width),
    y: clamp(box.y + by.y, 0, photo.height - box.height),
  };
}

/** The box with its lower right corner elsewhere, never out of the photo, never to nothing. */
export function stretched(box: Box, corner: { x: number; y: number }, photo: Size): Box {
  const least = Math.min(photo.width, photo.height) * LEAST;
  return {
    ...box,
    width: clamp(corner.x - box.x, least, photo.width - box.x),
    height: clamp(corner.y - box.y, least, photo.height - box.y),
  };
}

/**
 * What a JPEG stores together: 8 x 8 pixels of light, and 16 x 16 of colour at half the resolution. The waves of a block
 * tell of all its pixels, so a block with a masked pixel beside clear ones would still tell something of what was there.
 */
const BLOCK = 16;

/** Whole blocks, outwards: nothing that was stored together with a hidden pixel stays. */
export function wholeBlocks(box: Box, photo: Size): Box {
  const x = Math.max(0, Math.floor(box.x / BLOCK) * BLOCK);
  const y = Math.max(0, Math.floor(box.y / BLOCK) * BLOCK);
  const right = Math.min(photo.width, Math.ceil((box.x + box.width) / BLOCK) * BLOCK);
  const bottom = Math.min(photo.height, Math.ceil((box.y + box.height) / BLOCK) * BLOCK);
  return { x, y, width: right - x, height: bottom - y };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
