import type { Kind, MunicipalityState, ReplyState, States, Uuid, WalkState } from "../domain/wire";
import type { Database } from "./database";
import type { StateRow } from "./rows";

/** Server states as pulled. Only the sync writes here; screens lay the outbox over them when reading. */
export async function state<K extends Kind>(db: Database, kind: K, id: string): Promise<States[K] | null> {
  const row = await db.read(["states"], (tx) => tx.objectStore("states").get([kind, id]));
  return (row as StateRow<K> | undefined)?.state ?? null;
}

export async function states<K extends Kind>(db: Database, kind: K): Promise<States[K][]> {
  const rows = await db.read(["states"], (tx) => tx.objectStore("states").index("kind").getAll(kind));
  return (rows as StateRow<K>[]).map((row) => row.state);
}

export function walk(db: Database, id: Uuid): Promise<WalkState | null> {
  return state(db, "walk", id);
}

/** The one municipality this phone has joined. */
export async function municipality(db: Database): Promise<MunicipalityState | null> {
  return (await states(db, "municipality"))[0] ?? null;
}

/** "Så gick det": what became of what this phone handed in, the latest number first. */
export async function replies(db: Database): Promise<ReplyState[]> {
  const found = await states(db, "reply");
  return found.sort((a, b) => b.number.localeCompare(a.number, "sv", { numeric: true }));
}

export function passes(db: Database): Promise<States["pass"][]> {
  return states(db, "pass");
}

export async function presence(db: Database, pass: Uuid): Promise<States["presence"][]> {
  const found = await states(db, "presence");
  // Moments and not texts: in the night when the clock goes back the later 02.30 reads as the earlier.
  return found.filter((entry) => entry.pass === pass).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
