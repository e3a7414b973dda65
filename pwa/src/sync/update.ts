import type { Database } from "../storage/database";
import { items } from "./items";

export interface WorkerAt {
  script: string;
  scope: string;
}

let waiting: ServiceWorker | null = null;

/**
 * Registers the worker and tells when a new version lies ready. It never takes over by itself: a page in the middle of
 * a walk keeps the files it started with.
 */
export async function watchForUpdate(
  onWaiting: () => void,
  at: WorkerAt = { script: "/field.js", scope: "/" },
): Promise<void> {
  const workers = globalThis.navigator?.serviceWorker as ServiceWorkerContainer | undefined;
  if (!workers) return;
  const registration = await workers.register(at.script, { scope: at.scope, updateViaCache: "none" });
  const look = () => {
    // Without a controller this is the first installation: nothing old is running, so nothing is new.
    if (!registration.waiting || !workers.controller) return;
    waiting = registration.waiting;
    onWaiting();
  };
  const follow = () => registration.installing?.addEventListener("statechange", look);
  registration.addEventListener("updatefound", follow);
  follow();
  look();
  // An installed app may stay open for weeks without a navigation that would ask.
  globalThis.document?.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => undefined);
  });
}

/**
 * Takes the new version, and only when nothing is open on the screen and nothing is a draft or unsent. Says whether it
 * asked: the worker itself still refuses while another page of ours is open (sw/shell.ts).
 */
export async function applyUpdate(db: Database, isOpen: () => boolean): Promise<boolean> {
  const worker = waiting;
  if (!worker || isOpen() || (await hasUnsent(db)) || isOpen()) return false;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  worker.postMessage({ type: "SKIP_WAITING" });
  return true;
}

/** Drafts, and everything handed in that the municipality has not received. */
async function hasUnsent(db: Database): Promise<boolean> {
  return (await items(db, null)).some((item) => item.passage !== "received");
}
