import type { Faces } from "./lookout";
import Lookout from "./lookout?worker";
import type { Box, Size } from "./mask";

/** A slow phone's patience: after it the editor is what it was without suggestions. */
const LONGEST_MS = 10_000;
/** More would be a questionnaire. The most seen come first. */
const MOST = 5;

/**
 * The whole person from a face: clothes identify too. The box of a face reaches from brow to chin. Hair and a hat go four
 * fifths of it above, shoulders and arms are three faces wide, and standing one is some ten faces high.
 */
export function wholePerson(face: Box, photo: Size): Box {
  const left = Math.max(0, face.x - face.width);
  const top = Math.max(0, face.y - face.height * 0.8);
  const right = Math.min(photo.width, face.x + face.width * 2);
  const bottom = Math.min(photo.height, face.y + face.height * 9.5);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Asks a thread that lives for this one question. Empty: nothing found, or no such thread, or it failed, or was too slow. */
export function personsIn(bytes: ArrayBuffer, photo: Size, ask: AbortSignal): Promise<Box[]> {
  return facesIn(bytes, ask).then((faces) => (faces ?? []).slice(0, MOST).map((face) => wholePerson(face, photo)));
}

function facesIn(bytes: ArrayBuffer, ask: AbortSignal): Promise<Faces> {
  if (ask.aborted || typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined")
    return Promise.resolve(null);
  return new Promise((resolve) => {
    let thread: Worker | null = null;
    const end = (faces: Faces) => {
      clearTimeout(late);
      thread?.terminate();
      resolve(faces);
    };
    const fails = () => end(null);
    const late = setTimeout(fails, LONGEST_MS);
    ask.addEventListener("abort", fails, { once: true });
    try {
      thread = new Lookout();
      thread.onmessage = ({ data }: MessageEvent<Faces>) => end(data);
      thread.onerror = thread.onmessageerror = fails;
      thread.postMessage(new Blob([bytes], { type: "image/jpeg" }));
    } catch {
      fails();
    }
  });
}

/** How much of a box others already cover: 0 to 1, the largest alone. */
export function coveredBy(box: Box, others: readonly Box[]): number {
  const shared = others.map((other) => {
    const wide = Math.min(box.x + box.width, other.x + other.width) - Math.max(box.x, other.x);
    const high = Math.min(box.y + box.height, other.y + other.height) - Math.max(box.y, other.y);
    return Math.max(0, wide) * Math.max(0, high);
  });
  return Math.max(0, ...shared) / (box.width * box.height);
}
