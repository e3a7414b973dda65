import { ask, browserWorld, type World } from "./ask";
import { type Ear, subscribe, told, unsubscribe, wakeState } from "./wake";

/** As the server tells of the wish of this browser. `failed`: why its push service was not reached the last time. */
export interface Told {
  is_on: boolean;
  duty?: boolean;
  told_at?: string | null;
  tried_at?: string | null;
  failed?: string;
}

/** `lost`: the browser is ready and the server was not reached. `left`: another person's, from before. */
export type Notices = { kind: "none" | "denied" | "off" | "left" | "lost" } | ({ kind: "on" } & Told);

/** Whether this person hears on this browser of what is theirs. */
export async function notices(ear: Ear, world: World = browserWorld): Promise<Notices> {
  const state = await wakeState(ear);
  if (state !== "on") return { kind: state };
  const [who, of] = [await ear.who(), await mine(ear)];
  const said = who && (await ask(world, `/api/push?of=${of}`, who));
  if (said?.kind === "refused" && said.problem.status === 404) return { kind: "left" }; // not for this role
  if (said?.kind !== "ok") return { kind: "lost" };
  const found = said.body as Told;
  return found.is_on ? { kind: "on", ...found } : { kind: "left" };
}

/** Only after a press. Asked again it only changes what is wanted. */
export async function want(ear: Ear, duty: boolean, world: World = browserWorld): Promise<boolean> {
  const before = await notices(ear, world);
  if (before.kind === "left") await unsubscribe(ear, await mine(ear), world);
  return subscribe(ear, { duty }, world);
}

export async function stop(ear: Ear, world: World = browserWorld): Promise<void> {
  const of = await mine(ear);
  if (of) await unsubscribe(ear, of, world);
}

/**
 * When somebody is there: what they asked for goes on, in this session. What another person left in this browser ends
 * here, and so does what the server has forgotten. Nothing is asked of anybody who has not pressed.
 */
export async function goOn(ear: Ear, world: World = browserWorld): Promise<void> {
  const state = await notices(ear, world);
  if (state.kind === "left") await stop(ear, world);
  if (state.kind !== "on") return;
  const made = await (await ear.worker())?.pushManager.getSubscription();
  if (made) await told(ear, made, { duty: state.duty === true }, world);
}

/** By which the server knows this browser without being told its address. */
async function mine(ear: Ear): Promise<string> {
  const made = await (await ear.worker())?.pushManager.getSubscription();
  if (!made) return "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(made.endpoint));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
