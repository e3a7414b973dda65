/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
self.addEventListener("message", (event) => {
  if ((event.data as { type?: string } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});
const shell = createHandlerBoundToURL("/index.html");
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const elsewhere = /^\/(desk|falt|api|sync|uploads|photos|healthz|openapi)/.test(url.pathname);
  if (event.request.mode === "navigate" && url.origin === self.location.origin && !elsewhere) {
    event.respondWith(shell({ event, request: event.request, url }));
  }
});
