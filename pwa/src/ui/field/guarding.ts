import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Finding } from "../../domain/guard";

/** The guard against personal data. It stands nowhere between the shutter and "Sparat", so it comes after the first paint. */
export const guard = () => import("../../domain/guard");

export interface Guarded extends Finding {
  explain: { what: string; next: string }[];
}

/** What the guard says about a text as it is being written; null until it has looked. */
export function useGuard(text: string): Guarded | null {
  const said = useSignal<Guarded | null>(null);
  useEffect(() => {
    let old = false;
    void guard().then(({ inspect, EXPLAIN }) => {
      if (old) return;
      const found = inspect(text);
      const kinds = [...new Set(found.spans.map((span) => span.kind))];
      said.value = { ...found, explain: kinds.map((kind) => EXPLAIN[kind]) };
    });
    return () => {
      old = true;
    };
  }, [text]);
  return said.value;
}
