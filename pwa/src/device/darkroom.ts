/** A thread of its own, where photos are shrunk, masked and encoded while the screen goes on. */
import { fit, JPEG, opened, paint } from "./develop";
import type { Box } from "./mask";
import type { Shot } from "./shrink";

export interface Job {
  n: number;
  picture: ImageBitmap | Blob;
  boxes: readonly Box[];
}
/** `shot` null: it did not work here. */
export interface Done {
  n: number;
  shot: Shot | null;
}
/** "ready": said once, when the thread has begun. */
export type Said = "ready" | Done;

const page = self as unknown as {
  onmessage: ((event: MessageEvent<Job>) => void) | null;
  onmessageerror: (() => void) | null;
  postMessage(said: Said, give?: Transferable[]): void;
};

page.onmessage = ({ data: { n, picture, boxes } }) => {
  developed(picture, boxes).then(
    (shot) => page.postMessage({ n, shot }, [shot.bytes]),
    () => page.postMessage({ n, shot: null }),
  );
};
// Nobody knows which photo it was; the page hears of the error and draws all of them itself.
page.onmessageerror = () => {
  throw new Error("a photo could not be read here");
};
page.postMessage("ready");

async function developed(picture: ImageBitmap | Blob, boxes: readonly Box[]): Promise<Shot> {
  const source = picture instanceof Blob ? await opened(picture) : picture;
  const canvas = new OffscreenCanvas(1, 1);
  try {
    const size = fit(source.width, source.height);
    canvas.width = size.width;
    canvas.height = size.height;
    const on = canvas.getContext("2d", { alpha: false });
    if (!on) throw new Error("no canvas");
    paint(on, source, size, boxes);
    const file = await canvas.convertToBlob(JPEG);
    if (file.type !== JPEG.type) throw new Error("no JPEG");
    return { bytes: await file.arrayBuffer(), ...size };
  } finally {
    source.close();
    // A dropped canvas keeps its pixels until memory runs out; one without size lets go at once.
    canvas.width = canvas.height = 0;
  }
}
