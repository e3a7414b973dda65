/** Longest side of a photo that leaves the desk. */
export const LONGEST_PX = 2048;
const QUALITY = 0.85;

/** Size within the limit, with the same proportions; never larger than it was. */
export function within(width: number, height: number, longest = LONGEST_PX): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

export class NotAPhoto extends Error {}

/** The picture drawn anew: pixels only, turned the right way, without place, time or camera in it. */
export async function drawn(file: Blob): Promise<HTMLCanvasElement> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => {
    throw new NotAPhoto();
  });
  const size = within(image.width, image.height);
  const canvas = document.createElement("canvas");
  canvas.width = size.width;
  canvas.height = size.height;
  const brush = canvas.getContext("2d");
  if (!brush) throw new NotAPhoto();
  brush.drawImage(image, 0, 0, size.width, size.height);
  image.close();
  return canvas;
}

export async function jpegOf(canvas: HTMLCanvasElement): Promise<ArrayBuffer> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new NotAPhoto();
  return blob.arrayBuffer();
}
