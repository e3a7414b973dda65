/// <reference lib="webworker" />
import { WORDS, WORDS_AT } from "../domain/note";

declare const self: ServiceWorkerGlobalScope;

interface Said {
  title: string;
  body?: string;
  open: string;
  tag?: string;
}

/**
 * To a phone that walked the message is empty, and its words lie on the phone. To those who work it is sealed for this
 * browser: a kind of thing and where to press. `way`: an app goes there in its own window; a desk has something
 * half written in the page that is open, and gets another.
 */
export function noteOnPush(way: "same window" | "new window"): void {
  self.addEventListener("push", (event) => event.waitUntil(show(event)));
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open((event.notification.data as { open: string }).open, way));
  });
}

async function show(event: PushEvent): Promise<void> {
  const said = event.data ? (event.data.json() as Said) : await kept();
  if (!said) return;
  const { title, body, open, tag } = said;
  // One note of each kind, however many words have come.
  const options = { tag: tag ?? "svar", icon: "/icon-192.png", data: { open } };
  await self.registration.showNotification(title, body ? { ...options, body } : options);
}

async function kept(): Promise<Said | null> {
  const words = await (await caches.open(WORDS)).match(WORDS_AT);
  return words ? ((await words.json()) as Said) : null;
}

async function open(path: string, way: "same window" | "new window"): Promise<void> {
  const to = new URL(path, self.location.origin);
  if (to.origin !== self.location.origin) return;
  const includeUncontrolled = way === "new window";
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled });
  const seen = pages.find((page) => way === "same window" || page.url === to.href);
  if (!seen) {
    await self.clients.openWindow(to.pathname + to.search);
    return;
  }
  await seen.focus();
  if (way === "same window") seen.postMessage({ type: "OPEN", path });
}
