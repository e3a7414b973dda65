import { useEffect, useRef, useState } from "preact/hooks";
import { asTrouble, request, type Trouble } from "./api";
import { me, sessionLost } from "./session";
import { applied } from "./submit";

export interface Loaded<T> {
  data: T | null;
  trouble: Trouble | null;
  again: () => void;
}

/**
 * What the server says at `path`, fetched again after every applied act, after signing in again, and every
 * `every` milliseconds while the page is visible. Older data stays when a later fetch fails.
 */
export function useLoad<T>(path: string | null, every?: number): Loaded<T> {
  const [found, setFound] = useState<{ path: string; data: T } | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [turn, setTurn] = useState(0);
  const version = applied.value;
  const signedIn = me.value !== null && !sessionLost.value;
  const running = useRef<AbortController | null>(null);

  useEffect(() => {
    if (path === null || !signedIn) return;
    const abort = new AbortController();
    running.current = abort;
    request<T>("GET", path, undefined, abort.signal)
      .then((data) => {
        if (abort.signal.aborted) return;
        setFound({ path, data });
        setTrouble(null);
      })
      .catch((error) => {
        if (abort.signal.aborted) return;
        const seen = asTrouble(error);
        if (seen.kind === "signed_out") sessionLost.value = true;
        setTrouble(seen);
      });
    return () => abort.abort();
  }, [path, turn, version, signedIn]);

  useEffect(() => {
    if (!every || path === null) return;
    const again = () => {
      if (document.visibilityState === "visible") setTurn((n) => n + 1);
    };
    const timer = setInterval(again, every);
    document.addEventListener("visibilitychange", again);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", again);
    };
  }, [path, every]);

  return {
    data: found?.path === path ? found.data : null,
    trouble,
    again: () => {
      setTrouble(null);
      setTurn((n) => n + 1);
    },
  };
}
