import { useEffect, useState } from "preact/hooks";

const PAUSE_MS = 400;
const SHORTEST = 2;

/** What is typed, as soon as somebody stops typing; "" while it is too short to ask with. */
export function useTyped(words: string): string {
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(words.trim().length < SHORTEST ? "" : words.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [words]);
  return asked;
}
