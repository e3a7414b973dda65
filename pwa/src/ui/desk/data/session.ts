import { signal } from "@preact/signals";
import type { Me } from "../../../domain/wire";
import { asTrouble, request, type Trouble } from "./api";

/** null while nobody is signed in. */
export const me = signal<Me | null>(null);
/** The first question of the page, "who am I", has been answered. */
export const asked = signal(false);
export const startTrouble = signal<Trouble | null>(null);
/** The session ended while somebody was working: sign in over the page, which keeps everything typed. */
export const sessionLost = signal(false);

let wake: (() => void)[] = [];

/** Resolves when the same person has signed in again. */
export function signedInAgain(): Promise<void> {
  sessionLost.value = true;
  return new Promise((resolve) => {
    wake.push(resolve);
  });
}

export async function whoAmI(): Promise<void> {
  startTrouble.value = null;
  try {
    me.value = await request<Me>("GET", "/api/session");
  } catch (error) {
    const trouble = asTrouble(error);
    if (trouble.kind !== "signed_out") startTrouble.value = trouble;
  }
  asked.value = true;
}

export async function signIn(login: string, password: string): Promise<Me> {
  const found = await request<Me>("POST", "/api/session", { login, password });
  me.value = found;
  sessionLost.value = false;
  const waiting = wake;
  wake = [];
  for (const go of waiting) go();
  return found;
}

export async function signOut(): Promise<void> {
  await request("DELETE", "/api/session");
  // What one person had on the screen must not be there for the next at the same desk.
  sessionStorage.clear();
  location.assign("/desk/");
}
