import { type DetailedError, type HttpStack, Upload as Tus, type UploadOptions } from "tus-js-client";
import { PROTOCOL } from "../domain/wire";
import { seconds, type Upload, type Uploaded } from "./ask";

/** A cut costs at most one of these, and each is progress the server keeps. */
export const CHUNK = 256 * 1_024;
/** No byte moved for this long: the connection is dead, whatever it says. */
const STALLED = 45_000;

/** Sends one photo from where the server has it. Never retries by itself: the outbox owns retries, pauses and the URL. */
export function upload(photo: Upload, httpStack?: HttpStack): Promise<Uploaded> {
  return new Promise((resolve) => {
    let timer = setTimeout(stalled, STALLED);
    // A request that was given up may still be answered: by then the outbox has written down how it went.
    let isOver = false;
    const finish = (uploaded: Uploaded) => {
      isOver = true;
      clearTimeout(timer);
      resolve(uploaded);
    };
    const options: UploadOptions = {
      endpoint: "/uploads/",
      uploadUrl: photo.url,
      uploadSize: photo.bytes.byteLength,
      chunkSize: CHUNK,
      retryDelays: null,
      storeFingerprintForResuming: false,
      removeFingerprintOnSuccess: false,
      fingerprint: () => Promise.resolve(""),
      metadata: { photo: photo.photo, sha256: photo.sha256 },
      headers: { Authorization: `Bearer ${photo.token}`, "Trygg-Protocol": String(PROTOCOL) },
      fileReader: { openFile: () => Promise.resolve(source(photo.bytes)) },
      onProgress: () => {
        if (isOver) return;
        clearTimeout(timer);
        timer = setTimeout(stalled, STALLED);
      },
      onChunkComplete: (_, accepted) => {
        if (!isOver) photo.onSent(accepted);
      },
      onUploadUrlAvailable: () => {
        if (isOver) return;
        if (tus.url && isOurs(tus.url)) return photo.onUrl(tus.url);
        void tus.abort();
        finish({ kind: "lost", status: 0, retry_after: null });
      },
      onSuccess: ({ lastResponse }) =>
        finish({ kind: lastResponse.getHeader("Trygg-Photo") === "received" ? "received" : "complete" }),
      onError: (error) => finish(failed(error)),
    };
    if (httpStack) options.httpStack = httpStack;
    // Never a Blob: tus hands the file to our own reader, which cuts views of the same bytes.
    const tus = new Tus(new Blob(), options);
    tus.start();

    function stalled() {
      void tus.abort();
      finish({ kind: "lost", status: 0, retry_after: null });
    }
  });
}

function source(bytes: ArrayBuffer) {
  const whole = new Uint8Array(bytes);
  return {
    size: whole.length,
    slice: (start: number, end: number) => {
      const part = whole.subarray(start, end);
      // tus reads the length the way a Blob tells it.
      return Promise.resolve({ value: Object.assign(part, { size: part.length }), done: end >= whole.length });
    },
    close: () => undefined,
  };
}

/** The token goes to our own uploads and nowhere else, whatever a Location says. */
function isOurs(url: string): boolean {
  const base = globalThis.location?.href ?? "http://localhost/";
  const resolved = new URL(url, base);
  return resolved.origin === new URL(base).origin && resolved.pathname.startsWith("/uploads/");
}

function failed(error: Error | DetailedError): Uploaded {
  const response = "originalResponse" in error ? error.originalResponse : null;
  if (!response || !("originalRequest" in error)) return { kind: "lost", status: 0, retry_after: null };
  const status = response.getStatus();
  const retry_after = seconds(response.getHeader("Retry-After") ?? null, Date.now());
  const lost: Uploaded = { kind: "lost", status, retry_after };
  const isOurAnswer = /^[1-9]/.test(response.getHeader("Trygg-Protocol") ?? "");
  if (!isOurAnswer) return lost;
  if (status === 401) return { kind: "unauthorised" };
  if (status === 460) return { kind: "mismatch" };
  const code = codeOf(response.getBody());
  if (code === "photo_not_declared") return { kind: "undeclared" };
  // 409 to a PATCH means another offset: the next try asks where the server is. 408, 423, 429 pass by themselves.
  const passes = [408, 423, 429].includes(status) || (status === 409 && code !== "photo_differs");
  if (status >= 500 || status === 404 || passes) return lost;
  return { kind: "refused", code: code ?? `photo_refused_${status}` };
}

function codeOf(body: string): string | null {
  try {
    const code = (JSON.parse(body) as { code?: unknown }).code;
    return typeof code === "string" ? code : null;
  } catch {
    return null;
  }
}
