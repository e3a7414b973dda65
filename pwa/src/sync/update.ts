import type { Database } from "../storage/database";
import { items } from "./items";

let waiting: ServiceWorker | null = null;

/**
 * Registers the worker and tells when a new version lies ready. It never takes over by itself: a page in the middle of
 * a walk keeps the files it started with. Returns a function that stops watching.
 */
export async function watchForUpdate(
  onWaiting: () => void,
  at: { script: string; scope: string } = { script: "/field.js", scope: "/" },
): Promise<void> {
  const workers = globalThis.navigator?.serviceWorker;
  if (!workers) return;
  const registration = await workers.register(at.script, { scope: at.scope, updateViaCache: "none" });
  const look = () => {
    // Without a controller this is the first installation: nothing old is running, so nothing is new.
    if (!registration.waiting || !workers.controller) return;
    waiting = registration.waiting;
    onWaiting();
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
  look();
}

/** Takes the new version, and only when nothing is open on the screen and nothing is unsent. Says whether it did. */
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
