/** Why there is no viewfinder: said no, used by another app, or the phone has none (or the page is not secure). */
export type CameraTrouble = "denied" | "busy" | "none";

export class NoCamera extends Error {
  constructor(readonly trouble: CameraTrouble) {
    super(trouble);
  }
}

export interface Camera {
  stream: MediaStream;
  /** Null where the browser cannot steer the light. */
  torch: ((on: boolean) => Promise<void>) | null;
  close(): void;
}

export function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "none";
}

/** Opens the camera on the back. Throws NoCamera; the caller then offers a file instead. */
export async function openCamera(): Promise<Camera> {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera("none");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 2048 }, height: { ideal: 1536 } },
    });
    return { stream, torch: torchOf(stream), close: () => closeStream(stream) };
  } catch (error) {
    throw new NoCamera(troubleOf(error));
  }
}

const LONGEST_WAIT_MS = 1_500;
const firstFrames = new WeakMap<HTMLVideoElement, Promise<void>>();

/** Shows the camera in the viewfinder, and remembers when its first frame has been drawn. */
export function show(camera: Camera, video: HTMLVideoElement): void {
  video.srcObject = camera.stream;
  firstFrames.set(
    video,
    new Promise((resolve) => {
      // A browser that never says so must not hold the shutter.
      setTimeout(resolve, LONGEST_WAIT_MS);
      if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(() => resolve());
      else (video as HTMLVideoElement).addEventListener("playing", () => resolve(), { once: true });
    }),
  );
}

/** Resolves when there is a picture to take: a video knows its size before its first frame, and would give black. */
export function hasPicture(video: HTMLVideoElement): Promise<void> {
  return firstFrames.get(video) ?? Promise.resolve();
}

/** Asks for the camera once, before the walk, and lets go of it at once. */
export async function askForCamera(): Promise<CameraTrouble | "ok"> {
  try {
    (await openCamera()).close();
    return "ok";
  } catch (error) {
    return error instanceof NoCamera ? error.trouble : "none";
  }
}

function closeStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

// `torch` is in the Image Capture draft and not in TypeScript's DOM types.
type TorchCapabilities = MediaTrackCapabilities & { torch?: boolean };
type TorchConstraints = MediaTrackConstraints & { advanced: { torch: boolean }[] };

function torchOf(stream: MediaStream): Camera["torch"] {
  const track = stream.getVideoTracks()[0];
  const can = track?.getCapabilities?.() as TorchCapabilities | undefined;
  if (!track || !can?.torch) return null;
  return (on) => track.applyConstraints({ advanced: [{ torch: on }] } as TorchConstraints);
}
