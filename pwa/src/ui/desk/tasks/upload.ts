import { Upload } from "tus-js-client";
import type { Uuid } from "../../../domain/wire";

interface Sent {
  id: Uuid;
  bytes: ArrayBuffer;
  sha256: string;
  /** From 0 to 1. */
  onShare: (share: number) => void;
}

/** Loaded only when a photo is sent. Repeating it for the same photo goes on where it was cut. */
export function upload({ id, bytes, sha256, onShare }: Sent): Promise<void> {
  return new Promise((resolve, reject) => {
    new Upload(new Blob([bytes], { type: "image/jpeg" }), {
      endpoint: "/uploads/",
      metadata: { photo: id, sha256 },
      retryDelays: [0, 1000, 3000, 10_000, 20_000],
      storeFingerprintForResuming: false,
      onProgress: (sent, total) => onShare(total > 0 ? sent / total : 0),
      onError: reject,
      onSuccess: () => resolve(),
    }).start();
  });
}
