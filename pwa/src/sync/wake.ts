import { WORDS, WORDS_AT } from "../domain/note";
import type { Database } from "../storage/database";
import { identity } from "../storage/identity";
import { ask, browserWorld, type Question, type World } from "./ask";

/** `none`: this browser cannot, or has to be installed first. */
export type Wake = "none" | "off" | "on" | "denied";
export interface Note {
  title: string;
  body: string;
  open: string;
}

/** Who is woken: the worker that hears it, and how the server knows who asks. Null: there is none, or nobody. */
export interface Ear {
  worker(): Promise<ServiceWorkerRegistration | null>;
  /** Where the worker comes with the press, and not before. */
  begin?(): Promise<ServiceWorkerRegistration | null>;
  who(): Promise<Pick<Question, "token" | "cookies"> | null>;
}
/** Whose browser's keys go along: what those who work are told is sealed for them. */
export interface Wanted {
  duty: boolean;
}

const thisWorker = async () => (await navigator.serviceWorker?.getRegistration()) ?? null;

export function phone(db: Database): Ear {
  return {
    worker: thisWorker,
    who: async () => {
      const who = await identity(db);
      return who && { token: who.token };
    },
  };
}

/** Whether this browser is woken: it must agree, and the server must know. */
export async function wakeState(ear: Ear = { worker: thisWorker, who: async () => null }): Promise<Wake> {
  if (!("PushManager" in globalThis) || !("Notification" in globalThis)) return "none";
  const worker = await ear.worker();
  if (!worker && !(ear.begin && "serviceWorker" in navigator)) return "none";
  if (Notification.permission === "denied") return "denied";
  return (await worker?.pushManager.getSubscription()) ? "on" : "off";
}

/** Only after somebody has pressed for it. False when it could not be done; nothing is then left half. */
export async function subscribe(ear: Ear, wanted: Wanted | null, world: World = browserWorld): Promise<boolean> {
  const [who, worker] = [await ear.who(), (await ear.worker()) ?? (await ear.begin?.())];
  if (!who || !worker) return false;
  const said = await ask(world, "/api/push", who);
  if (said.kind !== "ok") return false;
  const applicationServerKey = (said.body as { key: string }).key;
  const made = await addressFor(worker, applicationServerKey);
  if (await told(ear, made, wanted, world)) return true;
  await made.unsubscribe();
  return false;
}

const PATIENCE = 30_000;

/** Where the network lets nothing through to its push service a browser waits for ever; nobody has to. */
async function addressFor(worker: ServiceWorkerRegistration, key: string): Promise<PushSubscription> {
  const asked = worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => {
      void asked.then((made) => made.unsubscribe()).catch(() => undefined);
      refuse(new Error("no push service"));
    }, PATIENCE);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/** The server knows of it, and whose it is. */
export async function told(ear: Ear, made: PushSubscription, wanted: Wanted | null, world: World): Promise<boolean> {
  const who = await ear.who();
  if (!who) return false;
  const { p256dh, auth } = (wanted && made.toJSON().keys) || {};
  const json = { endpoint: made.endpoint, ...(wanted ? { p256dh, auth, duty: wanted.duty } : {}) };
  return (await ask(world, "/api/push", { ...who, method: "PUT", json })).kind === "ok";
}

/** The browser forgets first: then nothing reaches it, whatever the server still believes. */
export async function unsubscribe(ear: Ear, of: string, world: World = browserWorld): Promise<void> {
  const worker = await ear.worker();
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
  const who = await ear.who();
  if (who) await ask(world, `/api/push${of && `?of=${of}`}`, { ...who, method: "DELETE" });
}

/** A phone that walked keeps the words of its note: what reaches it is empty. */
export async function wantWake(db: Database, note: Note, world: World = browserWorld): Promise<boolean> {
  await (await caches.open(WORDS)).put(WORDS_AT, new Response(JSON.stringify(note)));
  return subscribe(phone(db), null, world);
}

export async function noWake(db: Database, world: World = browserWorld): Promise<void> {
  await caches.delete(WORDS);
  await unsubscribe(phone(db), "", world);
}
