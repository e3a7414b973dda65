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
  return useFetched(path, (signal) => request<T>("GET", path ?? "", undefined, signal), 0, every);
}

/** A page of any list: its rows under a name of their own, and where the next page begins. */
type Page = { next: string | null };

/**
 * A list from its beginning to as far as somebody has asked, always as one. `more` adds a page below what is shown;
 * every fetching starts from the top, so that what has moved between pages is neither missing nor there twice.
 */
export function useList<T extends Page>(
  path: string | null,
  rowsOf: (page: T) => readonly { id: string }[],
  joined: (page: T, rows: never[]) => T,
  every?: number,
): Loaded<T> & { more: (() => void) | null } {
  const [wanted, setWanted] = useState({ path, pages: 1 });
  const pages = wanted.path === path ? wanted.pages : 1;
  const found = useFetched(path, (signal) => pagesOf(path ?? "", pages, rowsOf, joined, signal), pages, every);
  return { ...found, more: found.data?.next ? () => setWanted({ path, pages: pages + 1 }) : null };
}

async function pagesOf<T extends Page>(
  path: string,
  pages: number,
  rowsOf: (page: T) => readonly { id: string }[],
  joined: (page: T, rows: never[]) => T,
  signal: AbortSignal,
): Promise<T> {
  const rows = new Map<string, { id: string }>();
  let at = "";
  for (let n = 1; ; n++) {
    const page = await request<T>("GET", `${path}${at && `&after=${encodeURIComponent(at)}`}`, undefined, signal);
    for (const row of rowsOf(page)) rows.set(row.id, row);
    if (n >= pages || !page.next) return joined(page, [...rows.values()] as never[]);
    at = page.next;
  }
}

function useFetched<T>(
  path: string | null,
  fetched: (signal: AbortSignal) => Promise<T>,
  extent: number,
  every?: number,
): Loaded<T> {
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
    fetched(abort.signal)
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
  }, [path, extent, turn, version, signedIn]);

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
