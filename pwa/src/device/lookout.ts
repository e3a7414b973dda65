/** A thread of its own that looks for faces in one photo, and says where. It changes nothing and keeps nothing. */
import { faces } from "virtual:faces";
import { facesIn, type Grey } from "./cascade";
import { fit, opened } from "./develop";
import type { Box } from "./mask";

/** Null: it did not work here. */
export type Faces = readonly Box[] | null;

const page = self as unknown as {
  onmessage: ((event: MessageEvent<Blob>) => void) | null;
  postMessage(said: Faces): void;
};
/** Longest side of what is looked at: faces below 40 pixels in a photo of 2,048 are hardly ever found (bench/faces.py). */
const LOOKED_AT = 1024;

page.onmessage = ({ data: photo }) => {
  found(photo).then(
    (at) => page.postMessage(at),
    () => page.postMessage(null),
  );
};

async function found(photo: Blob): Promise<Box[]> {
  const picture = await opened(photo);
  const size = fit(picture.width, picture.height, LOOKED_AT);
  const scale = picture.width / size.width;
  const on = new OffscreenCanvas(size.width, size.height).getContext("2d", { alpha: false, willReadFrequently: true });
  if (!on) throw new Error("no canvas");
  on.imageSmoothingQuality = "medium";
  on.drawImage(picture, 0, 0, size.width, size.height);
  picture.close();
  const { data } = on.getImageData(0, 0, size.width, size.height);
  return facesIn(grey(data, size), faces).map(({ x, y, width, height }) => ({
    x: x * scale,
    y: y * scale,
    width: width * scale,
    height: height * scale,
  }));
}

function grey(colours: Uint8ClampedArray, size: { width: number; height: number }): Grey {
  const light = new Uint8Array(size.width * size.height);
  for (let i = 0, at = 0; i < light.length; i++, at += 4)
    light[i] =
      0.299 * (colours[at] as number) + 0.587 * (colours[at + 1] as number) + 0.114 * (colours[at + 2] as number);
  return { light, ...size };
}
