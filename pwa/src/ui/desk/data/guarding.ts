import { useRef } from "preact/hooks";
import { EXPLAIN, inspect } from "../../../domain/guard";
import { t } from "../../parts/words";

/** What the guard has to say about a text, or null. */
export function objection(text: string): string | null {
  const { spans, verdict } = inspect(text);
  if (verdict === "ok") return null;
  const kinds = [...new Set(spans.map((span) => span.kind))];
  return kinds.map((kind) => `${EXPLAIN[kind].what} ${EXPLAIN[kind].next}`).join(" ");
}

/**
 * Stops a form whose texts look like personal data. What is certain is stopped each time; what is only likely is
 * asked about once, and the same text passes the second time, because the writer may know better.
 */
export function useGuard(): (texts: readonly string[]) => string | null {
  const asked = useRef(new Set<string>());
  return (texts) => {
    for (const text of texts) {
      const { verdict } = inspect(text);
      if (verdict === "block") return objection(text);
      if (verdict === "ask" && !asked.current.has(text)) {
        asked.current.add(text);
        return t("guard.ask", { what: objection(text) ?? "" });
      }
    }
    return null;
  };
}
