import { useState } from "preact/hooks";
import type { Operation, Outcome } from "../../../domain/wire";
import { t } from "../../parts/words";
import { say } from "../parts/live";
import { Trouble } from "./api";
import { Refusal, submit } from "./submit";
import { refusalText, troubleText } from "./troubleWords";

export interface Sending {
  busy: boolean;
  /** What to tell the person when the last act was refused; empty otherwise. */
  problem: string;
  /** True when everything was applied. `done` is read aloud and shown. */
  send: (done: string, ...operations: Operation[]) => Promise<boolean>;
}

/** What to say when somebody else had changed the same meanwhile; null when nobody had. */
export function metAnother(outcomes: readonly Outcome[]): string | null {
  const met = outcomes.filter((outcome) => outcome.conflict_id);
  if (met.length === 0) return null;
  return t(met.some((outcome) => outcome.facts?.held) ? "conflict.said.held" : "conflict.said.stands");
}

/** Sends an act from a form, and keeps the form as it is when the server says no. */
export function useSubmit(): Sending {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  async function send(done: string, ...operations: Operation[]): Promise<boolean> {
    if (busy) return false;
    setBusy(true);
    setProblem("");
    try {
      const outcomes = await submit(...operations);
      say(metAnother(outcomes) ?? done);
      return true;
    } catch (error) {
      setProblem(
        error instanceof Refusal
          ? refusalText(error)
          : troubleText(error instanceof Trouble ? error.kind : "fault").text,
      );
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, send };
}
