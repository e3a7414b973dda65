import type { Change, Instant, Kind, Pulled } from "../domain/wire";
import type { Database, Writing } from "../storage/database";
import { type Identity, meta, setMeta, WALK_CARD } from "../storage/identity";
import type { StateRow } from "../storage/rows";
import { ask, DONE, type Ended, ended, type World } from "./ask";
import { checksum } from "./checksum";
import { dropErased } from "./erased";
import { prove } from "./prove";

/**
 * How far this phone has read. A run is one fetch from nothing and what followed; a new one follows must_refetch.
 * `check`: when the run is complete, its sum is compared with the server's ("due"), at most `checks` runs in a row.
 */
interface Read {
  cursor: string | null;
  epoch: string | null;
  run: number;
  check?: "later" | "due";
  checks?: number;
}
const CHECKS = 2;
const NOTHING: Read = { cursor: null, epoch: null, run: 1, check: "later", checks: CHECKS };

/** Reads until the head of the feed. Page and cursor go into one transaction, so a crash in between repeats a page. */
export async function pull(db: Database, world: World, who: Identity): Promise<Ended> {
  let restarts = 0;
  for (;;) {
    const from = (await meta<Read>(db, "read")) ?? NOTHING;
    const answer = await ask(world, await path(db, from), { token: who.token });
    if (answer.kind === "refused" && answer.problem.code === "must_refetch" && restarts < 2) {
      restarts += 1;
      const differs = answer.problem.facts?.reason === "checksum";
      await startOver(db, differs ? (from.checks ?? CHECKS) - 1 : CHECKS);
      continue;
    }
    if (answer.kind === "refused" && SHUT_OUT.has(answer.problem.code)) await purge(db);
    if (answer.kind !== "ok") return ended(answer);
    if (!isPage(answer.body)) return { kind: "lost", retry_after: null };
    const page = answer.body;
    const isRestored = from.epoch !== null && page.epoch !== from.epoch;
    if (isRestored && restarts < 2) {
      restarts += 1;
      await startOver(db, CHECKS);
      continue;
    }
    await apply(db, from, page, world.now());
    if (!page.more && from.check !== "later") return DONE;
    if (page.more && page.cursor === from.cursor) return { kind: "lost", retry_after: null };
  }
}

async function path(db: Database, from: Read): Promise<string> {
  if (from.cursor === null) return "/sync/pull";
  const next = `/sync/pull?cursor=${encodeURIComponent(from.cursor)}`;
  if (from.check !== "due") return next;
  const rows = await db.read(["meta", "states"], async (tx) => {
    const now = (await tx.objectStore("meta").get("read"))?.value as Read | undefined;
    return now?.cursor === from.cursor ? tx.objectStore("states").getAll() : null;
  });
  // Null: another tab read on meanwhile, and the sum would be of another moment.
  return rows === null ? next : `${next}&checksum=${await checksum(rows)}`;
}

/** Its owner was taken off the walk, or the phone was shut out: what it was shown goes at once. */
const SHUT_OUT = new Set(["device_revoked", "user_disabled"]);

/**
 * Everything the feed showed goes but the municipality's own words, which are public and without which nobody can read
 * a draft. What the owner made stays: drafts, photos, and everything on its way.
 */
async function purge(db: Database): Promise<void> {
  await db.write(["meta", "states"], async (tx) => {
    const states = tx.objectStore("states");
    await tx.objectStore("meta").delete(WALK_CARD);
    for (const [kind, id] of await states.getAllKeys()) if (kind !== "municipality") await states.delete([kind, id]);
    const before = ((await tx.objectStore("meta").get("read"))?.value as Read | undefined) ?? NOTHING;
    await setMeta(tx, "read", { ...NOTHING, run: before.run + 1 });
  });
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
async function startOver(db: Database, checks: number): Promise<void> {
  await db.write(["meta", "photos"], async (tx) => {
    const before = ((await tx.objectStore("meta").get("read"))?.value as Read | undefined) ?? NOTHING;
    const check: Partial<Read> = checks > 0 ? { check: "later", checks } : {};
    await setMeta(tx, "read", { cursor: null, epoch: null, run: before.run + 1, ...check } satisfies Read);
    const photos = tx.objectStore("photos");
    for (const photo of await photos.index("passage").getAll("received"))
      await photos.put({ ...photo, proved_at: null });
  });
}

async function apply(db: Database, from: Read, page: Pulled, now: number): Promise<void> {
  const topic = page.changes.length === 0 && from.epoch !== null ? "quiet" : "changed";
  await db.write(
    ["meta", "states", "photos", "outbox", "bytes"],
    async (tx) => {
      const at = ((await tx.objectStore("meta").get("read"))?.value as Read | undefined) ?? NOTHING;
      // Another tab read on meanwhile: its page stands.
      if (at.cursor !== from.cursor || at.run !== from.run) return;
      for (const change of page.changes) await applyChange(tx, change, from.run);
      await setMeta(tx, "read", { cursor: page.cursor, epoch: page.epoch, run: from.run, ...checked(from, page) });
      // The first page of a run. A push does not say which feed took it in, so also before the very first pull a
      // restore may have passed unseen: ask the server what it has.
      if (from.epoch === null) await setMeta(tx, "offer_again", true);
      await setMeta(tx, "server_time", page.server_time satisfies Instant);
      await setMeta(tx, "clock_ahead", now - Date.parse(page.server_time));
      if (page.more) return;
      await dropOlderRuns(tx, from.run);
      await prove(tx, page.server_time);
    },
    topic,
  );
}

/** After the last page of a run the sum is due; after the answer to it, which is a page like any other, it is done. */
function checked({ check, checks }: Read, { more }: Pulled): Partial<Read> {
  if (check !== "later" || checks === undefined) return {};
  return { check: more ? "later" : "due", checks };
}

/** Only a tombstone removes; what a page does not mention stays. A version never goes back inside one run. */
async function applyChange(tx: Writing, change: Change, run: number): Promise<void> {
  const states = tx.objectStore("states");
  const key: [Kind, string] = [change.kind, change.id];
  const known = await states.get(key);
  if (known && known.run === run && known.version > change.version) return;
  if (change.gone) await states.delete(key);
  else {
    if (change.kind === "erased") await dropErased(tx, change.id);
    await states.put({ kind: change.kind, id: change.id, version: change.version, state: change.state, run });
  }
}

/** The new run is complete, so what it did not bring is not there any more. */
async function dropOlderRuns(tx: Writing, run: number): Promise<void> {
  const older = (row: StateRow) => row.run !== run;
  for (const row of (await tx.objectStore("states").getAll()).filter(older)) {
    await tx.objectStore("states").delete([row.kind, row.id]);
  }
}
