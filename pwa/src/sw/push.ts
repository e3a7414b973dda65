/// <reference lib="webworker" />
import { WORDS, WORDS_AT } from "../domain/note";

declare const self: ServiceWorkerGlobalScope;

interface Note {
  title: string;
  body: string;
  open: string;
}

/** The message is empty; what became of a finding is read from the phone's own feed when the note is pressed. */
export function noteOnPush(): void {
  self.addEventListener("push", (event) => event.waitUntil(show()));
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open((event.notification.data as { open: string }).open));
  });
}

async function show(): Promise<void> {
  const words = await (await caches.open(WORDS)).match(WORDS_AT);
  if (!words) return;
  const { title, body, open } = (await words.json()) as Note;
  // One note, however many words have come.
  await self.registration.showNotification(title, { body, tag: "svar", icon: "/icon-192.png", data: { open } });
}

async function open(path: string): Promise<void> {
  const pages = await self.clients.matchAll({ type: "window" });
  const seen = pages.find((page) => "focus" in page);
  if (!seen) {
    await self.clients.openWindow(path);
    return;
  }
  await seen.focus();
  seen.postMessage({ type: "OPEN", path });
}
