import type { Me } from "../../domain/wire";
import { ask, browserWorld } from "../../sync/ask";
import { enrol, Refused, Unreachable } from "../../sync/join";
import { db } from "./store";

export type SignInTrouble =
  | { kind: "wrong" | "not_for_you" | "unreachable" | "other" }
  | { kind: "wait"; minutes: number };

/**
 * Signs in once, with a network: the session at the desk vouches for the phone, which then lives on its own token. The
 * session is ended at once, so that the browser keeps nothing that opens more than the log.
 */
export async function signIn(login: string, password: string): Promise<SignInTrouble | null> {
  const answer = await ask(browserWorld, "/api/session", { json: { login, password }, cookies: true });
  if (answer.kind === "lost") return { kind: "unreachable" };
  if (answer.kind === "refused") return troubleIn(answer.problem.code, answer.retry_after);
  const me = answer.body as Me;
  try {
    if (me.user.role !== "field_secretary") return { kind: "not_for_you" };
    await enrol(db);
    return null;
  } catch (error) {
    if (error instanceof Refused) return troubleIn(error.problem.code, null);
    if (error instanceof Unreachable) return { kind: "unreachable" };
    return { kind: "other" };
  } finally {
    await fetch("/api/session", { method: "DELETE", credentials: "same-origin" }).catch(() => undefined);
  }
}

export function troubleIn(code: string, retry_after: number | null): SignInTrouble {
  if (code === "wrong_password" || code === "not_signed_in") return { kind: "wrong" };
  if (code === "too_many_tries") return { kind: "wait", minutes: Math.max(1, Math.ceil((retry_after ?? 60) / 60)) };
  if (code === "not_found") return { kind: "not_for_you" };
  return { kind: "other" };
}
