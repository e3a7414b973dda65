import type { Sender } from "../../sync/sender";
import { db } from "./store";

let sender: Sender | null = null;

/** One sender for the life of the page; it knows itself when there is nothing to do. Capture never waits for it. */
export async function startSending(): Promise<void> {
  const { startSender } = await import("../../sync/sender");
  sender ??= startSender(db);
}

export function sendNow(): void {
  if (sender) sender.now();
  else void startSending();
}
