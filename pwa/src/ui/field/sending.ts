import { type Sender, startSender } from "../../sync/sender";
import { db } from "./store";

let sender: Sender | null = null;

/** One sender for the life of the page; it knows itself when there is nothing to do. */
export function startSending(): void {
  sender ??= startSender(db);
}

export function sendNow(): void {
  sender?.now();
}
