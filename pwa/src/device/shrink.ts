import type { Job, Said } from "./darkroom";
import Darkroom from "./darkroom?worker";
import { fit, JPEG, NotAPicture, opened, paint } from "./develop";
import type { Box, Size } from "./mask";

/** A photo as it is stored: pixels only, re-encoded by the canvas, so nothing the camera wrote beside them follows. */
export interface Shot {
  bytes: ArrayBuffer;
  width: number;
  height: number;
}

export { NotAPicture } from "./develop";

/** What the viewfinder shows right now. Stop it first: the frame that was seen is the frame that is kept. */
export async function fromVideo(video: HTMLVideoElement): Promise<Shot> {
  const size = fit(video.videoWidth, video.videoHeight);
  const frame = isReady && (await createImageBitmap(video).catch(() => null));
  if (!frame) return drawn(video, size, []);
  try {
    return (await developed(frame, [])) ?? drawn(frame, fit(frame.width, frame.height), []);
  } finally {
    frame.close();
  }
}

/** A chosen file: pixels of ours, and nothing else of what was in it. */
export function fromFile(file: Blob): Promise<Shot> {
  return redrawn(file, []);
}

/** Paints the boxes black into the pixels. What was under them is gone from the bytes that come back. */
export function burnt(bytes: ArrayBuffer, boxes: readonly Box[]): Promise<Shot> {
  return redrawn(new Blob([bytes], { type: JPEG.type }), boxes);
}

async function redrawn(file: Blob, boxes: readonly Box[]): Promise<Shot> {
  const shot = await developed(file, boxes);
  if (shot) return shot;
  const picture = await opened(file).catch(() => {
    throw new NotAPicture();
  });
  try {
    return drawn(picture, fit(picture.width, picture.height), boxes);
  } finally {
    picture.close();
  }
}

// ---------------------------------------------------------------- in a thread of its own

/** Longer than the slowest phone needs; then this thread does it. */
const LONGEST_MS = 6_000;
/** Undefined: not opened yet. Null: none to be had here. */
let room: Worker | null | undefined;
/** It has begun. Until it says so, and on a phone where it never does, no photo waits for it. */
let isReady = false;
const waiting = new Map<number, (shot: Shot | null) => void>();
let jobs = 0;

/** Opened before it is needed, so that the shutter never waits for it. */
export function darkroom(): Worker | null {
  if (room !== undefined) return room;
  room = null;
  if (typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined") return null;
  try {
    room = new Darkroom();
    room.onmessage = ({ data }: MessageEvent<Said>) => {
      if (data === "ready") isReady = true;
      else waiting.get(data.n)?.(data.shot);
    };
    room.onerror = room.onmessageerror = shut;
  } catch {
    room = null;
  }
  return room;
}

/** For as long as the page lives: what failed once would make every photo wait. */
function shut(): void {
  room?.terminate();
  room = null;
  isReady = false;
  for (const tell of [...waiting.values()]) tell(null);
}

/** Null: no such thread, or it could not; the picture, which is still the caller's, is then drawn on this one. */
function developed(picture: ImageBitmap | Blob, boxes: readonly Box[]): Promise<Shot | null> {
  const worker = darkroom();
  if (!worker || !isReady) return Promise.resolve(null);
  const n = ++jobs;
  return new Promise((resolve) => {
    const late = setTimeout(shut, LONGEST_MS);
    waiting.set(n, (shot) => {
      clearTimeout(late);
      waiting.delete(n);
      resolve(shot);
    });
    const job: Job = { n, picture, boxes };
    try {
      // A copy: given away, the frame would be nowhere if the thread fails.
      worker.postMessage(job);
    } catch {
      waiting.get(n)?.(null);
    }
  });
}

// ---------------------------------------------------------------- on this thread

function drawn(source: CanvasImageSource, size: Size, boxes: readonly Box[]): Shot {
  const canvas = document.createElement("canvas");
  canvas.width = size.width;
  canvas.height = size.height;
  const on = canvas.getContext("2d", { alpha: false });
  if (!on) throw new NotAPicture();
  paint(on, source, size, boxes);
  const bytes = encoded(canvas);
  // Safari keeps the pixels of a dropped canvas until memory runs out; a canvas without size lets go at once.
  canvas.width = canvas.height = 0;
  return { bytes, ...size };
}

/**
 * At once, on this thread. `toBlob` waits for an idle moment, and a running viewfinder leaves none: Chromium then gives
 * up waiting after a whole second (1,100 ms from shutter to saved, against 150).
 */
function encoded(canvas: HTMLCanvasElement): ArrayBuffer {
  const [kind, text = ""] = canvas.toDataURL(JPEG.type, JPEG.quality).split(",");
  if (kind !== "data:image/jpeg;base64") throw new NotAPicture();
  return unpacked(text).buffer;
}

// In every engine since 2025, and not yet in TypeScript's types for the DOM of our target.
const quick = Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };

/** A quarter of the time from shutter to bytes went into taking the letters one by one. */
function unpacked(text: string): Uint8Array<ArrayBuffer> {
  if (quick.fromBase64) return quick.fromBase64(text);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
