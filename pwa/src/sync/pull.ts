import type { Change, Instant, Kind, Pulled } from "../domain/wire";
import type { Database, Writing } from "../storage/database";
import { type Identity, meta, setMeta } from "../storage/identity";
import type { StateRow } from "../storage/rows";
import { ask, DONE, type Ended, ended, type World } from "./ask";
import { prove } from "./prove";

/** How far this phone has read. A run is one fetch from nothing and what followed; a new one follows must_refetch. */
interface Read {
  cursor: string | null;
  epoch: string | null;
  run: number;
}
const NOTHING: Read = { cursor: null, epoch: null, run: 1 };

/** Reads until the head of the feed. Page and cursor go into one transaction, so a crash in between repeats a page. */
export async function pull(db: Database, world: World, who: Identity): Promise<Ended> {
  let restarts = 0;
  for (;;) {
    const from = (await meta<Read>(db, "read")) ?? NOTHING;
    const path = from.cursor === null ? "/sync/pull" : `/sync/pull?cursor=${encodeURIComponent(from.cursor)}`;
    const answer = await ask(world, path, { token: who.token });
    if (answer.kind === "refused" && answer.problem.code === "must_refetch" && restarts < 2) {
      restarts += 1;
      await startOver(db);
      continue;
    }
    if (answer.kind !== "ok") return ended(answer);
    if (!isPage(answer.body)) return { kind: "lost", retry_after: null };
    const page = answer.body;
    const isRestored = from.epoch !== null && page.epoch !== from.epoch;
    if (isRestored && restarts < 2) {
      restarts += 1;
      await startOver(db);
      continue;
    }
    await apply(db, from, page);
    if (!page.more) return DONE;
    if (page.cursor === from.cursor) return { kind: "lost", retry_after: null };
  }
}

function isPage(body: unknown): body is Pulled {
  const page = body as Partial<Pulled>;
  const named = [page.cursor, page.epoch, page.server_time].every((value) => typeof value === "string");
  return named && typeof page.more === "boolean" && Array.isArray(page.changes);
}

/**
 * The server's feed is another one than we read: restored from a backup, or too long ago. Nothing is dropped until the
 * new run is complete; the outbox stays; the new run's first page has what was acknowledged offered again; and no old
 * proof counts any more.
 */
async function startOver(db: Database): Promise<void> {
  await db.write(["meta", "photos"], async (tx) => {
    const before = ((await tx.objectStore("meta").get("read"))?.value as Read | undefined) ?? NOTHING;
    await setMeta(tx, "read", { cursor: null, epoch: null, run: before.run + 1 });
    const photos = tx.objectStore("photos");
    for (const photo of await photos.index("passage").getAll("received"))
      await photos.put({ ...photo, proved_at: null });
  });
}

async function apply(db: Database, from: Read, page: Pulled): Promise<void> {
  const topic = page.changes.length === 0 && from.epoch !== null ? "quiet" : "changed";
  await db.write(
    ["meta", "states", "photos", "outbox"],
    async (tx) => {
      const now = ((await tx.objectStore("meta").get("read"))?.value as Read | undefined) ?? NOTHING;
      // Another tab read on meanwhile: its page stands.
      if (now.cursor !== from.cursor || now.run !== from.run) return;
      for (const change of page.changes) await applyChange(tx, change, from.run);
      await setMeta(tx, "read", { cursor: page.cursor, epoch: page.epoch, run: from.run });
      // The first page of a run. A push does not say which feed took it in, so also before the very first pull a
      // restore may have passed unseen: ask the server what it has.
      if (from.epoch === null) await setMeta(tx, "offer_again", true);
      await setMeta(tx, "server_time", page.server_time satisfies Instant);
      if (page.more) return;
      await dropOlderRuns(tx, from.run);
      await prove(tx, page.server_time);
    },
    topic,
  );
}

/** Only a tombstone removes; what a page does not mention stays. A version never goes back inside one run. */
async function applyChange(tx: Writing, change: Change, run: number): Promise<void> {
  const states = tx.objectStore("states");
  const key: [Kind, string] = [change.kind, change.id];
  const known = await states.get(key);
  if (known && known.run === run && known.version > change.version) return;
  if (change.gone) await states.delete(key);
  else await states.put({ kind: change.kind, id: change.id, version: change.version, state: change.state, run });
}

/** The new run is complete, so what it did not bring is not there any more. */
async function dropOlderRuns(tx: Writing, run: number): Promise<void> {
  const older = (row: StateRow) => row.run !== run;
  for (const row of (await tx.objectStore("states").getAll()).filter(older)) {
    await tx.objectStore("states").delete([row.kind, row.id]);
  }
}
