import type { Sender } from "../../sync/sender";
import { go } from "../parts/path";
import { db } from "./store";

let sender: Sender | null = null;

/** One sender for the life of the page; it knows itself when there is nothing to do. Capture never waits for it. */
export async function startSending(): Promise<void> {
  const { startSender } = await import("../../sync/sender");
  if (sender) return;
  sender = startSender(db);
  const { listenToServer } = await import("../../sync/live");
  listenToServer(db, sendNow);
  // A note that was pressed while the page was open.
  navigator.serviceWorker?.addEventListener("message", ({ data }: MessageEvent<{ type?: string; path?: string }>) => {
    if (data.type === "OPEN" && data.path?.startsWith("/")) go(data.path);
  });
}

export function sendNow(): void {
  if (sender) sender.now();
  else void startSending();
}
