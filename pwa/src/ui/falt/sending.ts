import { listenToServer } from "../../sync/live";
import { type Sender, startSender } from "../../sync/sender";
import { applyUpdate, watchForUpdate } from "../../sync/update";
import { form } from "./entry";
import { EMPTY } from "./form";
import { db } from "./store";

let sender: Sender | null = null;

/** One sender for the life of the page; it knows itself when there is nothing to do. */
export function startSending(): void {
  if (sender) return;
  sender = startSender(db);
  listenToServer(db, sendNow);
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
