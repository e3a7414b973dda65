/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

/**
 * The worker's whole work: the build's own files without a network, and this surface's page for its own addresses. It
 * never touches what is sent or fetched as data, never sends by itself, and never takes over a page that is open.
 */
export function shell(page: string, isOurs: (path: string) => boolean): void {
  precacheAndRoute(self.__WB_MANIFEST);
  cleanupOutdatedCaches();
  const answer = createHandlerBoundToURL(page);
  self.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    if (event.request.mode !== "navigate" || url.origin !== self.location.origin || !isOurs(url.pathname)) return;
    event.respondWith(answer({ event, request: event.request, url }));
  });
  // Asked for by the page, and only when nothing is open or unsent there (sync/update.ts).
  self.addEventListener("message", (event) => {
    if ((event.data as { type?: string } | null)?.type === "SKIP_WAITING") event.waitUntil(takeOver(isOurs));
  });
  // The network is back: wake the pages that are open. They hold the lock and know the rules; a worker may be killed at any time.
  self.addEventListener("sync", ((event: SyncEvent) => {
    if (event.tag === "send") event.waitUntil(wakePages());
  }) as EventListener);
}

/** Another page of ours may be in the middle of something: then the new version waits until it is closed. */
async function takeOver(isOurs: (path: string) => boolean): Promise<void> {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.filter((page) => isOurs(new URL(page.url).pathname)).length <= 1) await self.skipWaiting();
}

async function wakePages(): Promise<void> {
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage({ type: "SEND" });
}
