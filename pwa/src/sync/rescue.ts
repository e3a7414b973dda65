import { sha256 } from "../domain/ids";
import { nowInstant } from "../domain/times";
import type { RescueKey } from "../domain/wire";
import type { Database } from "../storage/database";
import { type Identity, identity, meta, setMeta } from "../storage/identity";
import type { DraftRow, OutboxRow, PhotoRow } from "../storage/rows";
import { ask, type World } from "./ask";
import { ownKey } from "./join";
import { number, type Sealer, sealer } from "./seal";

/** What lies on this phone and nowhere else. */
export interface Unsent {
  drafts: number;
  /** Handed in, and not known to be with the municipality. */
  operations: number;
  photos: number;
  bytes: number;
}

export async function unsent(db: Database): Promise<Unsent> {
  const { drafts, rows, photos } = await onlyHere(db);
  const bytes = photos.reduce((sum, photo) => sum + photo.size, 0);
  return { drafts: drafts.length, operations: rows.length, photos: photos.length, bytes };
}

interface OnlyHere {
  drafts: DraftRow[];
  rows: OutboxRow[];
  photos: PhotoRow[];
}

/** One that was refused and handed in anew is said by its successor. */
function isOnlyHere(row: OutboxRow): boolean {
  return row.passage !== "received" && !(row.passage === "needs_you" && row.replaced_by !== null);
}

async function onlyHere(db: Database): Promise<OnlyHere> {
  return db.read(["drafts", "outbox", "photos"], async (tx) => ({
    drafts: await tx.objectStore("drafts").getAll(),
    rows: (await tx.objectStore("outbox").getAll()).filter(isOnlyHere),
    photos: (await tx.objectStore("photos").getAll()).filter((photo) => photo.passage !== "received"),
  }));
}

/** The key comes with the walk, while there is a network, and stays. Asked for again when the municipality is another. */
export async function fetchRescueKey(db: Database, world: World, who: Identity): Promise<void> {
  if ((await rescueKey(db, who)) !== null) return;
  const answer = await ask(world, "/api/rescue-key", { token: who.token });
  if (answer.kind !== "ok") return;
  const key = answer.body as Partial<RescueKey>;
  if (typeof key.spki !== "string" || typeof key.key !== "string" || key.municipality !== who.municipality) return;
  await db.write(["meta"], (tx) => setMeta(tx, "rescue_key", key), "quiet");
}

export async function rescueKey(db: Database, who: Identity): Promise<RescueKey | null> {
  const key = await meta<RescueKey>(db, "rescue_key");
  return key?.municipality === who.municipality ? key : null;
}

/** The phone was never online long enough to get the municipality's key, or belongs to nobody. */
export class NoKey extends Error {
  constructor() {
    super("no key to seal to");
    this.name = "NoKey";
  }
}

/**
 * Everything unsent, sealed for the municipality. Nothing on the phone changes by it: what is in the file is still sent
 * when there is a network, and arriving by both ways it is there once.
 */
export async function makeRescue(db: Database, at = new Date()): Promise<File> {
  const who = await identity(db);
  const key = who && (await rescueKey(db, who));
  if (!who || !key) throw new NoKey();
  const { drafts, rows, photos } = await onlyHere(db);
  const seal = await sealer(key);
  await put(seal, { kind: "manifest", manifest: await manifest(db, who, at) });
  // The very text that would have travelled: by it the server knows that it is the same operation.
  for (const row of rows) await put(seal, { kind: "operation", wire: JSON.stringify(row.operation) });
  for (const draft of drafts) await put(seal, { kind: "draft", draft });
  let whole = 0;
  for (const photo of photos) whole += await putPhoto(db, seal, photo);
  const count = { operations: rows.length, drafts: drafts.length, photos: whole };
  await put(seal, { kind: "end", count });
  return new File(await seal.end(), name(at), { type: "application/octet-stream", lastModified: at.getTime() });
}

async function manifest(db: Database, who: Identity, at: Date) {
  return {
    version: 1,
    municipality: who.municipality,
    device: who.device,
    walk: who.walk === "" ? null : who.walk,
    key: await ownKey(db),
    token: who.token,
    made_at: nowInstant(at),
    last_seq: ((await meta<number>(db, "next_seq")) ?? 1) - 1,
  };
}

async function put(seal: Sealer, record: Record<string, unknown>): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(record));
  await seal.write(number(bytes.length));
  await seal.write(bytes);
}

/** One photo in memory at a time. One whose bytes are gone is not in the file, and stops nothing. */
async function putPhoto(db: Database, seal: Sealer, row: PhotoRow): Promise<number> {
  const kept = await db.read(["bytes"], (tx) => tx.objectStore("bytes").get(row.id));
  if (!kept) return 0;
  const { id, of, width, height, masks, taken_at, checked, passage } = row;
  const bytes = kept.bytes.byteLength;
  const facts = { id, of, width, height, masks, taken_at, checked, handed_in: passage !== "draft", bytes };
  await put(seal, { kind: "photo", photo: { ...facts, sha256: await sha256(kept.bytes) } });
  await seal.write(new Uint8Array(kept.bytes));
  return 1;
}

function name(at: Date): string {
  return `trygghetsvandring-${nowInstant(at).slice(0, 16).replace(/[:T]/g, "-")}.trygg`;
}

/** Forgets everything on this phone. Only when nothing is unsent: what is only here is never thrown away in passing. */
export async function forgetPhone(db: Database): Promise<boolean> {
  const stores = ["meta", "drafts", "photos", "bytes", "outbox", "states"] as const;
  return db.write([...stores], async (tx) => {
    const open = (await tx.objectStore("outbox").getAll()).some(isOnlyHere);
    const photos = (await tx.objectStore("photos").getAll()).some((photo) => photo.passage !== "received");
    if (open || photos || (await tx.objectStore("drafts").count()) > 0) return false;
    for (const store of stores) await tx.objectStore(store).clear();
    return true;
  });
}
