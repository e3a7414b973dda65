import { uuid7 } from "../domain/ids";
import type { Instant, Joined, Uuid } from "../domain/wire";
import type { Database, Surface, Writing } from "./database";

export interface Identity extends Joined {
  alias: string;
  joined_at: Instant;
  surface: Surface;
  /** The field secretary's: part of the pass's id. */
  organisation?: string;
}

export async function identity(db: Database): Promise<Identity | null> {
  return meta(db, "identity");
}

/** What the evening log was told is mended: one person's, and gone when somebody else signs in. */
export const UNSEEN = "unseen";

/** What the group is shown at the end of the walk, fetched while there was a network. */
export const WALK_CARD = "walk_card";

/** The phone may send again: whatever made the server refuse it is over. */
export async function saveIdentity(db: Database, who: Identity): Promise<void> {
  await db.write(
    ["meta"],
    async (tx) => {
      await setMeta(tx, "identity", who);
      await setMeta(tx, "device", { id: who.device, municipality: who.municipality });
      await tx.objectStore("meta").delete("contact");
      await tx.objectStore("meta").delete(UNSEEN);
    },
    "handed_in",
  );
}

const session = uuid7();

/** New at every start of the app: monotonic times only mean something inside one. */
export function sessionId(): Uuid {
  return session;
}

/** The next number without a gap. Only inside the transaction that writes what it numbers. */
export async function nextSeq(tx: Writing): Promise<number> {
  const store = tx.objectStore("meta");
  const next = ((await store.get("next_seq"))?.value as number | undefined) ?? 1;
  await store.put({ key: "next_seq", value: next + 1 });
  return next;
}

export async function meta<T>(db: Database, key: string): Promise<T | null> {
  const row = await db.read(["meta"], (tx) => tx.objectStore("meta").get(key));
  return (row?.value as T | undefined) ?? null;
}

export async function setMeta(tx: Writing, key: string, value: unknown): Promise<void> {
  await tx.objectStore("meta").put({ key, value });
}
