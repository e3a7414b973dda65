import type { Instant, Kind, Uuid } from "../domain/wire";
import type { Database, Writing } from "./database";
import { type Identity, meta, WALK_CARD } from "./identity";
import type { OutboxRow, PhotoRow, StateRow } from "./rows";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Longer than the server's backups reach back: a restored server can still get the photo from here. */
export const KEEP_PROVEN = 48 * HOUR;
export const KEEP_AFTER_WALK = 14 * DAY;
export const KEEP_PRESENCE = 30 * DAY;
export const KEEP_REPLIES = 400 * DAY;

/**
 * Removes the bytes of photos the server has proven to have: named with their digest by a pull that came after the
 * upload, 48 hours ago by the server's own clock; or at once when storage is short. Returns how many went.
 */
export async function forgetProven(db: Database, why: "time" | "storage_short"): Promise<number> {
  const now = Date.parse((await meta<Instant>(db, "server_time")) ?? "") || 0;
  return db.write(["photos", "bytes"], async (tx) => {
    const received = await tx.objectStore("photos").index("passage").getAll("received");
    let gone = 0;
    for (const photo of received) {
      if (!photo.proved_at || (why === "time" && now - Date.parse(photo.proved_at) < KEEP_PROVEN)) continue;
      if ((await tx.objectStore("bytes").getKey(photo.id)) === undefined) continue;
      await tx.objectStore("bytes").delete(photo.id);
      gone += 1;
    }
    return gone;
  });
}

/**
 * Two weeks after a walk the phone forgets it: photos, texts and states, but nothing that is unsent, parked or a
 * draft. What the replies need stays 400 days. The server's clock decides, so a phone with a wild date forgets nothing.
 */
export async function forgetOldWalks(db: Database): Promise<void> {
  const now = Date.parse((await meta<Instant>(db, "server_time")) ?? "") || 0;
  await db.write(["meta", "states", "outbox", "photos", "bytes", "drafts"], async (tx) => {
    const walks = (await tx.objectStore("states").index("kind").getAll("walk")) as StateRow<"walk">[];
    for (const { state } of walks) {
      if (now - Date.parse(state.ends_at) >= KEEP_AFTER_WALK) await forgetWalk(tx, state.id);
    }
    await forgetPresence(tx, now);
    await forgetReplies(tx, now);
    await forgetIdentity(tx, now);
  });
}

async function forgetWalk(tx: Writing, walk: Uuid): Promise<void> {
  const rows = (await tx.objectStore("outbox").getAll()).filter((row) => row.walk === walk);
  const photos = (await tx.objectStore("photos").getAll()).filter((photo) => photo.walk === walk);
  const drafts = await tx.objectStore("drafts").index("walk").count(walk);
  if (drafts > 0 || rows.some(isUnsent) || photos.some((photo) => photo.passage !== "received")) return;
  for (const photo of photos) await forgetPhoto(tx, photo);
  for (const row of rows) await tx.objectStore("outbox").delete(row.seq);
  await tx.objectStore("states").delete(["walk", walk]);
  for (const kind of ["feeling", "answer", "photo", "called_off"] as const) await forgetKind(tx, kind);
}

async function forgetPhoto(tx: Writing, photo: PhotoRow): Promise<void> {
  await tx.objectStore("photos").delete(photo.id);
  await tx.objectStore("bytes").delete(photo.id);
}

/** Those that are not kept by their walk: they go when the last walk has gone. */
async function forgetKind(tx: Writing, kind: Kind): Promise<void> {
  const states = tx.objectStore("states");
  if ((await states.index("kind").count("walk")) > 0) return;
  for (const key of await states.index("kind").getAllKeys(kind)) await states.delete(key);
}

async function forgetPresence(tx: Writing, now: number): Promise<void> {
  const old = (at: Instant) => now - Date.parse(at) >= KEEP_PRESENCE;
  const states = tx.objectStore("states");
  for (const row of (await states.index("kind").getAll("presence")) as StateRow<"presence">[]) {
    if (old(row.state.at)) await states.delete([row.kind, row.id]);
  }
  for (const row of (await states.index("kind").getAll("pass")) as StateRow<"pass">[]) {
    if (old(row.state.evening)) await states.delete([row.kind, row.id]);
  }
  for (const row of await tx.objectStore("outbox").getAll()) {
    const presence = row.operation.type.startsWith("presence.");
    if (presence && !isUnsent(row) && old(row.operation.at)) await tx.objectStore("outbox").delete(row.seq);
  }
}

async function forgetReplies(tx: Writing, now: number): Promise<void> {
  const states = tx.objectStore("states");
  const observations = (await states.index("kind").getAll("observation")) as StateRow<"observation">[];
  for (const { id, state } of observations) {
    if (now - Date.parse(state.received_at) < KEEP_REPLIES) continue;
    await states.delete(["observation", id]);
    await states.delete(["reply", id]);
  }
}

/** Nobody can ask for answers any more, and nothing is left to send: the phone need not know whose it was. */
async function forgetIdentity(tx: Writing, now: number): Promise<void> {
  const who = (await tx.objectStore("meta").get("identity"))?.value as Identity | undefined;
  if (who?.surface !== "field" || now - Date.parse(who.joined_at) < KEEP_REPLIES) return;
  const left = (await tx.objectStore("drafts").count()) + (await tx.objectStore("outbox").count());
  const walks = await tx.objectStore("states").index("kind").count("walk");
  if (left + walks > 0) return;
  await tx.objectStore("meta").delete("identity");
  await tx.objectStore("meta").delete(WALK_CARD);
}

function isUnsent(row: OutboxRow): boolean {
  return row.passage !== "received" && row.replaced_by === null;
}
