import { WORDS, WORDS_AT } from "../domain/note";
import type { Database } from "../storage/database";
import { identity } from "../storage/identity";
import { ask, browserWorld, type World } from "./ask";

/** `none`: this browser cannot, or has to be installed first. */
export type Wake = "none" | "off" | "on" | "denied";
export interface Note {
  title: string;
  body: string;
  open: string;
}

/** Whether this phone is woken when there is an answer: the browser must agree, and the server must know. */
export async function wakeState(): Promise<Wake> {
  if (!("PushManager" in globalThis) || !("Notification" in globalThis)) return "none";
  const worker = await navigator.serviceWorker?.getRegistration();
  if (!worker) return "none";
  if (Notification.permission === "denied") return "denied";
  return (await worker.pushManager.getSubscription()) ? "on" : "off";
}

/** Only after somebody has pressed for it. False when it could not be done; nothing is then left half. */
export async function wantWake(db: Database, note: Note, world: World = browserWorld): Promise<boolean> {
  const who = await identity(db);
  const worker = await navigator.serviceWorker?.getRegistration();
  if (!who || !worker) return false;
  const said = await ask(world, "/api/push", { token: who.token });
  if (said.kind !== "ok") return false;
  const applicationServerKey = (said.body as { key: string }).key;
  await (await caches.open(WORDS)).put(WORDS_AT, new Response(JSON.stringify(note)));
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  const json = { endpoint: made.endpoint };
  const kept = await ask(world, "/api/push", { method: "PUT", token: who.token, json });
  if (kept.kind === "ok") return true;
  await made.unsubscribe();
  return false;
}

/** The browser forgets first: then nothing reaches the phone, whatever the server still believes. */
export async function noWake(db: Database, world: World = browserWorld): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration();
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
  await caches.delete(WORDS);
  const who = await identity(db);
  if (who) await ask(world, "/api/push", { method: "DELETE", token: who.token });
}
