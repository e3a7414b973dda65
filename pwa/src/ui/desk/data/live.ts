import { applied } from "./submit";

/** Many words in one breath, when a walk hands in, are one fetching. */
const GATHER_MS = 400;
/** A browser opens a stream again by itself, but not one that was answered with an error. */
const OPEN_AGAIN_MS = 30_000;

const CLOSED = 2;

/**
 * What is on the screen is fetched again when the server says that something has changed. The stream carries nothing
 * else, so a stream that is lost costs only time: the screens also look by themselves.
 */
export function listenToServer(open: () => EventSource = () => new EventSource("/sync/live")): () => void {
  let stream: EventSource | null = null;
  let later: ReturnType<typeof setTimeout> | undefined;
  let due: ReturnType<typeof setTimeout> | undefined;
  let missed = false;
  const changed = () => {
    // Nobody looks: the lists are fetched when somebody does.
    if (document.visibilityState !== "visible") {
      missed = true;
      return;
    }
    due ??= setTimeout(() => {
      due = undefined;
      applied.value += 1;
    }, GATHER_MS);
  };
  const seen = () => {
    if (!missed || document.visibilityState !== "visible") return;
    missed = false;
    changed();
  };
  const listen = () => {
    const it = open();
    stream = it;
    it.addEventListener("changed", changed);
    it.addEventListener("error", () => {
      if (it.readyState === CLOSED) later = setTimeout(listen, OPEN_AGAIN_MS);
    });
  };
  listen();
  document.addEventListener("visibilitychange", seen);
  return () => {
    stream?.close();
    clearTimeout(later);
    clearTimeout(due);
    document.removeEventListener("visibilitychange", seen);
  };
}
