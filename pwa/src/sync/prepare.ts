import type { Database } from "../storage/database";
import { identity } from "../storage/identity";
import { municipality, walk } from "../storage/states";
import { browserWorld, type World } from "./ask";
import { pull } from "./pull";
import { fetchRescueKey } from "./rescue";
import { fetchCard } from "./walkcard";

export type Step = "app" | "walk" | "checklist" | "storage";
export interface Prepared {
  step: Step;
  state: "doing" | "done" | "no";
  /** Plain values for the screen: {stops}, {templates}, {persisted}. */
  values: Record<string, string | number | boolean>;
}

const INSTALLING = 30_000;

/** After joining: everything the walk needs without a network, step by step. May be repeated; never asks twice for what is there. */
export async function prepare(
  db: Database,
  onStep: (step: Prepared) => void,
  world: World = browserWorld,
): Promise<void> {
  const doing = (step: Step) => onStep({ step, state: "doing", values: {} });
  const tell = (step: Step, ok: boolean, values: Prepared["values"] = {}) =>
    onStep({ step, state: ok ? "done" : "no", values });

  doing("app");
  const app = appIsStored();
  doing("walk");
  doing("checklist");
  const who = await identity(db);
  if (who) {
    await pull(db, world, who);
    await fetchRescueKey(db, world, who);
    await fetchCard(db, world, who);
  }
  const evening = who ? await walk(db, who.walk) : null;
  tell("walk", evening !== null, { stops: evening?.stops.length ?? 0 });
  const templates = (await municipality(db))?.templates.length ?? 0;
  tell("checklist", templates > 0, { templates });
  doing("storage");
  const persisted = await isProtected();
  tell("storage", persisted, { persisted });
  tell("app", await app);
}

/** The worker is active only when its whole precache is stored. */
async function appIsStored(): Promise<boolean> {
  const workers = globalThis.navigator?.serviceWorker;
  if (!workers) return false;
  const tooLong = new Promise<null>((resolve) => setTimeout(() => resolve(null), INSTALLING));
  const registration = await Promise.race([workers.ready, tooLong]);
  return registration?.active?.state === "activated" || registration?.active?.state === "activating";
}

/** Asks the browser not to clear our storage when the phone gets full. Safari says yes only to an installed app. */
export async function isProtected(): Promise<boolean> {
  const storage = globalThis.navigator?.storage;
  if (!storage?.persisted) return false;
  return (await storage.persisted()) || (await storage.persist());
}
