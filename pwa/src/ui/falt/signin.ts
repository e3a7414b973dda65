import type { Me } from "../../domain/wire";
import { type Answer, ask, browserWorld } from "../../sync/ask";
import { enrol, Refused, Unreachable } from "../../sync/join";
import { goOn } from "../../sync/notices";
import { db, ear } from "./store";

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
  try {
    return mayContinue(answer) === null ? { kind: "not_for_you" } : await continueHere();
  } finally {
    await fetch("/api/session", { method: "DELETE", credentials: "same-origin" }).catch(() => undefined);
  }
}

/** The function of the field secretary who is signed in at the desk in this browser, or null. */
export async function signedInAtDesk(): Promise<string | null> {
  return mayContinue(await ask(browserWorld, "/api/session", { cookies: true }));
}

export function mayContinue(session: Answer): string | null {
  const user = session.kind === "ok" ? (session.body as Partial<Me>).user : undefined;
  return user?.role === "field_secretary" ? user.function : null;
}

/** The session vouches for the phone. One that was made at the desk is left as it is: it is not ours to end. */
export async function continueHere(): Promise<SignInTrouble | null> {
  try {
    await enrol(db);
    void goOn(ear).catch(() => undefined); // what somebody else asked for on this phone ends
    return null;
  } catch (error) {
    if (error instanceof Refused) return troubleIn(error.problem.code, null);
    if (error instanceof Unreachable) return { kind: "unreachable" };
    return { kind: "other" };
  }
}

export function troubleIn(code: string, retry_after: number | null): SignInTrouble {
  if (code === "wrong_password" || code === "not_signed_in") return { kind: "wrong" };
  if (code === "too_many_tries") return { kind: "wait", minutes: Math.max(1, Math.ceil((retry_after ?? 60) / 60)) };
  if (code === "not_found") return { kind: "not_for_you" };
  return { kind: "other" };
}
