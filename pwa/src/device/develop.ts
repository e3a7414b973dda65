import { type Box, type Size, wholeBlocks } from "./mask";

/** Longest side in pixels. 2048 keeps a sign readable and a photo near 400 kB. */
export const LONGEST = 2048;
export const JPEG = { type: "image/jpeg", quality: 0.8 };

/** Nothing this browser can make a photo of. */
export class NotAPicture extends Error {}

/**
 * Width and height with the longest side at most `longest`, never enlarged, never below one pixel.
 * Throws NotAPicture when there is nothing to see: a viewfinder that has gone out has no width.
 */
export function fit(width: number, height: number, longest = LONGEST): Size {
  if (!(width > 0 && height > 0)) throw new NotAPicture();
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The right way up: the browser turns it as the file says, and then forgets what the file said. */
export function opened(file: Blob): Promise<ImageBitmap> {
  return createImageBitmap(file, { imageOrientation: "from-image" });
}

/** The picture in that size, with the boxes black in the pixels themselves. */
export function paint(
  on: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  source: CanvasImageSource,
  size: Size,
  boxes: readonly Box[],
): void {
  on.drawImage(source, 0, 0, size.width, size.height);
  on.fillStyle = "#000";
  for (const box of boxes) {
    const { x, y, width, height } = wholeBlocks(box, size);
    on.fillRect(x, y, width, height);
  }
}
