import type { Database } from "../storage/database";
import { identity } from "../storage/identity";
import { browserWorld, type World } from "./ask";

/** Between two exchanges that the server's word asks for: a whole walk hands in at once. */
const GATHER = 5_000;
/** Before the stream is opened again; the exchange has its own rhythm meanwhile. */
const OPEN_AGAIN = 20_000;

/** What the stream is heard by. Tests bring their own. */
export interface Ear extends Pick<World, "fetch" | "random"> {
  isSeen(): boolean;
  /** Calls `fn` when somebody begins or stops looking at the page; the answer ends that. */
  onSeen(fn: () => void): () => void;
}
const browserEar: Ear = {
  ...browserWorld,
  isSeen: () => document.visibilityState === "visible",
  onSeen: (fn) => {
    document.addEventListener("visibilitychange", fn);
    return () => document.removeEventListener("visibilitychange", fn);
  },
};

/**
 * While somebody looks at the page, the server's word that there is something new runs an exchange at once. The word
 * carries nothing, so a stream that cannot be opened or is cut costs only time.
 */
export function listenToServer(db: Database, exchange: () => void, ear: Ear = browserEar): () => void {
  let open: AbortController | null = null;
  let later: ReturnType<typeof setTimeout> | undefined;
  let due: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const changed = () => {
    due ??= setTimeout(
      () => {
        due = undefined;
        exchange();
      },
      Math.floor(ear.random() * GATHER),
    );
  };
  const listen = async () => {
    clearTimeout(later);
    if (stopped || open || !ear.isSeen()) return;
    const mine = new AbortController();
    open = mine;
    await hear(db, ear, mine.signal, changed).catch(() => undefined);
    if (open === mine) open = null;
    clearTimeout(later);
    if (!stopped) later = setTimeout(() => void listen(), OPEN_AGAIN * (1 + ear.random()));
  };
  const seen = () => {
    if (ear.isSeen()) void listen();
    else {
      open?.abort();
      open = null;
    }
  };
  const unlisten = ear.onSeen(seen);
  void listen();
  return () => {
    stopped = true;
    unlisten();
    open?.abort();
    clearTimeout(later);
    clearTimeout(due);
  };
}

async function hear(db: Database, ear: Ear, signal: AbortSignal, changed: () => void): Promise<void> {
  const who = await identity(db);
  if (!who) return;
  const headers = { Authorization: `Bearer ${who.token}`, Accept: "text/event-stream" };
  const answer = await ear.fetch("/sync/live", { headers, signal, credentials: "omit", redirect: "error" });
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("text/event-stream")) return;
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let line = "";
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    const lines = (line + part.value).split("\n");
    line = lines.pop() ?? "";
    if (lines.includes("event: changed")) changed();
  }
}
