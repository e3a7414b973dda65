import type { UnseenRow, Uuid } from "../domain/wire";
import type { Database } from "../storage/database";
import { identity, meta, setMeta, UNSEEN } from "../storage/identity";
import { ask, browserWorld, type World } from "./ask";
import { confirm } from "./hand_in";

export type Seen = "good" | "partly" | "no" | "not_there";
/** The list as it was when there was a network, and what has been answered since, by `said`. */
export interface Unseen {
  fetched_at: number;
  tasks: UnseenRow[];
  answered: Record<string, Seen>;
}

/** Each time the work is said to be done is asked about anew. */
export function said(row: UnseenRow): string {
  return `${row.id} ${row.done_on}`;
}

export async function unseen(db: Database): Promise<Unseen | null> {
  return meta<Unseen>(db, UNSEEN);
}

/** False when there was no answer: what was fetched before still stands. */
export async function fetchUnseen(db: Database, world: World = browserWorld): Promise<boolean> {
  const who = await identity(db);
  if (!who) return false;
  const heard = await ask(world, "/api/tasks/unseen", { token: who.token });
  if (heard.kind !== "ok") return false;
  const { tasks } = heard.body as { tasks: UnseenRow[] };
  const here = new Set(tasks.map(said));
  await db.write(["meta"], async (tx) => {
    const before = (await tx.objectStore("meta").get(UNSEEN))?.value as Unseen | undefined;
    // What was answered here may not have reached the server yet. Who has not been there is asked again.
    const kept = Object.entries(before?.answered ?? {}).filter(([key, seen]) => here.has(key) && seen !== "not_there");
    await setMeta(tx, UNSEEN, { fetched_at: world.now(), tasks, answered: Object.fromEntries(kept) } satisfies Unseen);
  });
  return true;
}

/** One answer: its operation first, so that nothing is called answered that is not kept. The server knows the day. */
export async function answerUnseen(db: Database, row: UnseenRow, seen: Seen): Promise<void> {
  const task: Uuid = row.id;
  await confirm(db, task, seen, null);
  await db.write(["meta"], async (tx) => {
    const before = (await tx.objectStore("meta").get(UNSEEN))?.value as Unseen | undefined;
    if (before) await setMeta(tx, UNSEEN, { ...before, answered: { ...before.answered, [said(row)]: seen } });
  });
}
