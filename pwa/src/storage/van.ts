import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { DateOnly, Me, Operation, TaskWord, Uuid } from "../domain/wire";

/** What the van takes along of a task: enough to find the place and do the work, and nothing anybody wrote of it inside. */
export interface VanTask {
  id: Uuid;
  version: number;
  number: string;
  title: string;
  place: string;
  lat: number | null;
  lon: number | null;
  state: TaskWord;
  priority: 1 | 2 | 3;
  due_on: DateOnly | null;
  planned_on: DateOnly | null;
  person: string;
  seen: string[];
  before: Uuid | null;
  /** All that went along, the one to match first. Lists from before 2026-12 have only that one. */
  photos?: Uuid[];
}

/** The list as it was when there was a network, and whose it is. */
export interface VanList {
  me: Me;
  fetched_at: number;
  tasks: VanTask[];
}

export interface VanPhoto {
  id: Uuid;
  sha256: string;
  bytes: ArrayBuffer;
}

/** One thing done in the van: kept until the server has answered and has every photo. */
export interface VanAct {
  id: Uuid;
  user: Uuid;
  task: Uuid;
  title: string;
  made_at: number;
  /** In order; the first ones declare the photos. Their ids never change, so that nothing is done twice. */
  operations: Operation[];
  photos: VanPhoto[];
  leads: TaskWord;
  /** The server's no, to be read by the one who did it. */
  refused: { code: string; facts: Record<string, unknown> } | null;
}

interface Schema extends DBSchema {
  list: { key: "list"; value: VanList };
  photos: { key: Uuid; value: ArrayBuffer };
  acts: { key: Uuid; value: VanAct };
}

const NAME = "trygg-bilen";
/** After this the list and its photos are wiped; what is not sent never is. */
export const KEPT_MS = 14 * 86_400_000;
const STRICT = { durability: "strict" } as const;

let opened: Promise<IDBPDatabase<Schema>> | null = null;

function open(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("list");
      db.createObjectStore("photos");
      db.createObjectStore("acts", { keyPath: "id" });
    },
    terminated() {
      opened = null;
    },
  });
  return opened;
}

export async function keepList(list: VanList, photos: ReadonlyMap<Uuid, ArrayBuffer>): Promise<void> {
  const tx = (await open()).transaction(["list", "photos"], "readwrite", STRICT);
  const kept = tx.objectStore("photos");
  await kept.clear();
  for (const [id, bytes] of photos) await kept.put(bytes, id);
  await tx.objectStore("list").put(list, "list");
  await tx.done;
}

/** The list, unless it has lain too long; then it is wiped. */
export async function theList(now = Date.now()): Promise<VanList | null> {
  const list = await (await open()).get("list", "list");
  if (!list) return null;
  if (now - list.fetched_at <= KEPT_MS) return list;
  await wipeList();
  return null;
}

export async function beforePhoto(id: Uuid): Promise<ArrayBuffer | null> {
  return (await (await open()).get("photos", id)) ?? null;
}

/** Resolves when the medium has it: only then is anything said to be kept. */
export async function keepAct(act: VanAct): Promise<void> {
  const tx = (await open()).transaction("acts", "readwrite", STRICT);
  await tx.store.put(act);
  await tx.done;
}

/** Oldest first. */
export async function acts(): Promise<VanAct[]> {
  return (await (await open()).getAll("acts")).sort((a, b) => a.made_at - b.made_at || (a.id < b.id ? -1 : 1));
}

/** The server has it and every photo: the act goes, and the list says what it led to. */
export async function settle(act: VanAct, version: number | null): Promise<void> {
  const tx = (await open()).transaction(["acts", "list"], "readwrite", STRICT);
  await tx.objectStore("acts").delete(act.id);
  const list = await tx.objectStore("list").get("list");
  if (list) {
    const tasks = list.tasks.map((task) =>
      task.id === act.task ? { ...task, state: act.leads, version: version ?? task.version + 1 } : task,
    );
    await tx.objectStore("list").put({ ...list, tasks }, "list");
  }
  await tx.done;
}

export async function dropAct(id: Uuid): Promise<void> {
  await (await open()).delete("acts", id);
}

/** Everything but what is not sent. */
export async function wipeList(): Promise<void> {
  const tx = (await open()).transaction(["list", "photos"], "readwrite", STRICT);
  await tx.objectStore("list").clear();
  await tx.objectStore("photos").clear();
  await tx.done;
}
