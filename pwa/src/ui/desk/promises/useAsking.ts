import { useState } from "preact/hooks";
import { t } from "../../parts/words";
import { asTrouble, request } from "../data/api";
import { Refusal } from "../data/submit";
import { refusalText, troubleText } from "../data/troubleWords";
import { say } from "../parts/live";

/** One of a promise's acts that the server makes by a route of its own; said aloud, or why not. */
export function useAsking(again: () => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  async function ask(path: string, body: unknown, done: string): Promise<boolean> {
    setBusy(true);
    setProblem("");
    try {
      await request("POST", path, body);
      say(done);
      return true;
    } catch (error) {
      const { kind, problem: why } = asTrouble(error);
      setProblem(why && kind === "refused" ? refusalText(new Refusal(why.code, why.facts)) : troubleText(kind).text);
      return false;
    } finally {
      setBusy(false);
      again();
    }
  }
  return { busy, problem, setProblem, ask, missing: t("promise.name_missing") };
}
