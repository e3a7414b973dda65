import { listenToServer } from "../../sync/live";
import { goOn } from "../../sync/notices";
import { type Sender, startSender } from "../../sync/sender";
import { applyUpdate, watchForUpdate } from "../../sync/update";
import { go } from "../parts/path";
import { form } from "./entry";
import { EMPTY } from "./form";
import { db, ear } from "./store";

let sender: Sender | null = null;

/** One sender for the life of the page; it knows itself when there is nothing to do. */
export function startSending(): void {
  if (sender) return;
  sender = startSender(db);
  listenToServer(db, sendNow);
  // A note that was pressed while the page was open.
  navigator.serviceWorker?.addEventListener("message", ({ data }: MessageEvent<{ type?: string; path?: string }>) => {
    if (data.type === "OPEN" && data.path?.startsWith("/falt/")) go(data.path);
  });
  void goOn(ear).catch(() => undefined);
}

export function sendNow(): void {
  sender?.now();
}

/** The log has its own worker, its own files and its own storage; the field app's never answer for it. */
export function listenForUpdate(): void {
  const isOpen = () => form.value !== EMPTY;
  void watchForUpdate(() => void applyUpdate(db, isOpen), { script: "/falt/falt.js", scope: "/falt/" }).catch(
    () => undefined,
  );
}
