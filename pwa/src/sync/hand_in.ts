import { passId, sha256, uuid7 } from "../domain/ids";
import { dayOf, nowInstant } from "../domain/times";
import type { Bodies, DateOnly, OperationType, PresenceBody, Uuid } from "../domain/wire";
import type { Database, Writing } from "../storage/database";
import { sorted } from "../storage/drafts";
import { identity, sessionId, setMeta } from "../storage/identity";
import { happened, mint } from "../storage/outbox";
import type { AnswerDraft, FeelingDraft, ObservationDraft, OutboxRow, PhotoRow, StateRow } from "../storage/rows";

export interface HandedIn {
  /** Observations, feelings and answers that are on their way now. */
  items: number;
  /** Observations kept back: a photo with people in it is not settled, or the guard stops the text. */
  held: Uuid[];
}

/** Says whether a text must not leave the phone (the guard against personal data). */
export type Blocked = (text: string) => boolean;
const nothing: Blocked = () => false;

/**
 * "Lämna in": drafts become operations with numbers, outbox rows and photo digests, in one transaction on the medium.
 * What is held stays a draft, with its photos, and can be handed in later.
 */
export function handIn(db: Database, walk: Uuid, blocked: Blocked = nothing): Promise<HandedIn> {
  return handInDrafts(db, walk, blocked, null);
}

/** "Lämna in nu": one dangerous thing, with its photo, ahead of the rest. */
export async function handInAlone(
  db: Database,
  { id }: Pick<ObservationDraft, "id">,
  blocked: Blocked = nothing,
): Promise<HandedIn> {
  const row = await db.read(["drafts"], (tx) => tx.objectStore("drafts").get(id));
  return row ? handInDrafts(db, row.walk, blocked, id) : { items: 0, held: [] };
}

interface Digest {
  revision: Uuid;
  sha256: string;
}

async function handInDrafts(db: Database, walk: Uuid, blocked: Blocked, only: Uuid | null): Promise<HandedIn> {
  const digests = await digestsOf(db, walk, only);
  return db.write(
    ["meta", "drafts", "photos", "bytes", "outbox", "states"],
    async (tx) => {
      const drafts = sorted(await tx.objectStore("drafts").index("walk").getAll(walk));
      const alone = only !== null;
      const rows: OutboxRow[] = [];
      if (!alone) {
        for (const draft of drafts.feelings) rows.push(await mintFeeling(tx, draft));
        for (const draft of drafts.answers) rows.push(await mintAnswer(tx, draft));
      }
      const held: Uuid[] = [];
      let items = rows.length;
      for (const draft of drafts.observations.filter((o) => !alone || o.id === only)) {
        const ready = blocked(draft.text) || blocked(draft.place_words) ? null : await settle(tx, draft, digests);
        if (!ready) held.push(draft.id);
        else {
          items += 1;
          rows.push(...(await mintObservation(tx, ready, alone)));
        }
      }
      if (!alone) await mintWalk(tx, walk, items, rows);
      return { items, held };
    },
    "handed_in",
  );
}

/** One photo at a time: a phone with little memory holds one, not thirty. */
async function digestsOf(db: Database, walk: Uuid, only: Uuid | null): Promise<Map<Uuid, Digest>> {
  const rows = await db.read(["drafts"], (tx) => tx.objectStore("drafts").index("walk").getAll(walk));
  const digests = new Map<Uuid, Digest>();
  for (const draft of sorted(rows).observations) {
    if (only !== null && draft.id !== only) continue;
    for (const id of draft.photos) {
      const found = await db.read(["photos", "bytes"], async (tx) => ({
        row: await tx.objectStore("photos").get(id),
        bytes: await tx.objectStore("bytes").get(id),
      }));
      if (!found.row || !found.bytes) continue;
      digests.set(id, { revision: found.row.revision, sha256: await sha256(found.bytes.bytes) });
    }
  }
  return digests;
}

interface Ready {
  draft: ObservationDraft;
  category: string;
  photos: { row: PhotoRow; sha256: string }[];
}

/** An observation that may leave: every photo is settled, its bytes are here, and the digest is of these very bytes. */
async function settle(tx: Writing, draft: ObservationDraft, digests: Map<Uuid, Digest>): Promise<Ready | null> {
  const category = draft.category ?? (await otherCategory(tx));
  if (category === null) return null;
  const photos: Ready["photos"] = [];
  for (const id of draft.photos) {
    const row = await tx.objectStore("photos").get(id);
    const digest = digests.get(id);
    if (!row?.checked || digest?.revision !== row.revision) return null;
    photos.push({ row, sha256: digest.sha256 });
  }
  return { draft, category, photos };
}

/** Nobody said what it is: the municipality's own word for that. */
async function otherCategory(tx: Writing): Promise<string | null> {
  const rows = (await tx.objectStore("states").index("kind").getAll("municipality")) as StateRow<"municipality">[];
  return rows[0]?.state.tiles.find((tile) => tile.id === "annat")?.default ?? null;
}

async function mintFeeling(tx: Writing, draft: FeelingDraft): Promise<OutboxRow> {
  const { id, walk, stop, felt_at, own, counts, mono_ms, session } = draft;
  await tx.objectStore("drafts").delete(id);
  const body = { walk, stop, felt_at, own, counts };
  return mint(tx, "feeling.answer", { ...fresh(id, felt_at, mono_ms, session), walk, body });
}

/** The checklist of a re-walk's stop: its items are tasks. Ja = mended, nej = not, vet inte = in part. */
export const REVISIT = "aterbesok";
const SEEN = { yes: "good", no: "no", unknown: "partly" } as const;

async function mintAnswer(tx: Writing, draft: AnswerDraft): Promise<OutboxRow> {
  const { id, mono_ms, session, ...body } = draft;
  await tx.objectStore("drafts").delete(id);
  if (body.template === REVISIT) {
    const { walk, stop, answered_at } = body;
    const seen = { walk, stop, seen: SEEN[body.answer], seen_on: dayOf(answered_at) };
    return mint(tx, "rewalk.check", { ...fresh(body.item, answered_at, mono_ms, session), walk, body: seen });
  }
  return mint(tx, "checklist.answer", { ...fresh(id, body.answered_at, mono_ms, session), walk: body.walk, body });
}

async function mintObservation(tx: Writing, ready: Ready, alone: boolean): Promise<OutboxRow[]> {
  const { id, mono_ms, session, undo_until: _, ...said } = ready.draft;
  const body = { ...said, category: ready.category, sent_alone: alone };
  await tx.objectStore("drafts").delete(id);
  const made = fresh(id, said.seen_at, mono_ms, session);
  const rows = [await mint(tx, "observation.record", { ...made, walk: said.walk, body })];
  for (const photo of ready.photos) {
    rows.push(await declare(tx, photo.row, photo.sha256, { walk: said.walk, mono_ms, session }));
  }
  return rows;
}

async function declare(
  tx: Writing,
  row: PhotoRow,
  digest: string,
  made: { walk: Uuid; mono_ms: number; session: Uuid },
): Promise<OutboxRow> {
  await tx.objectStore("photos").put(happened(row, "handed_in", { sha256: digest, walk: made.walk }));
  return mint(tx, "photo.declare", {
    ...fresh(row.id, row.taken_at, made.mono_ms, made.session),
    walk: made.walk,
    body: {
      of: { kind: "observation", id: row.of },
      role: "before",
      sha256: digest,
      bytes: row.size,
      media_type: "image/jpeg",
      width: row.width,
      height: row.height,
      masks: row.masks,
      checked: row.checked,
      taken_at: row.taken_at,
    },
  });
}

/** Tells the server what to expect, so that it can say what is missing. Its own number comes after the last item's. */
async function mintWalk(tx: Writing, walk: Uuid, items: number, rows: OutboxRow[]): Promise<void> {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return;
  const body = { walk, items, first_seq: first.seq, last_seq: last.seq };
  await mint(tx, "walk.hand_in", { ...now(walk), walk, body });
  // The server takes it that no draft is left; what is held is told anew.
  await setMeta(tx, "drafts_told", 0);
}

function fresh(entity: Uuid, at: string, mono_ms: number, session: Uuid) {
  return { id: uuid7(), entity, base: null, at, mono_ms, session };
}
function now(entity: Uuid) {
  return fresh(entity, nowInstant(), Math.round(performance.now()), sessionId());
}

// ---------------------------------------------------------------- after hand-in: versions, never edits

export type Correction = Bodies["observation.correct"];

export async function correct(db: Database, observation: Uuid, changes: Correction): Promise<void> {
  await about(db, "observation.correct", observation, changes);
}

export async function withdraw(db: Database, observation: Uuid, reason: string): Promise<void> {
  await about(db, "observation.withdraw", observation, { reason });
}

/** "Har du varit där efter …?" */
export async function confirm(
  db: Database,
  task: Uuid,
  seen: Bodies["task.confirm"]["seen"],
  seen_on: DateOnly | null,
): Promise<void> {
  await about(db, "task.confirm", task, { seen, seen_on });
}

/** "Det stämmer": what stands of two who changed the same entry goes on standing. */
export async function keepAsItIs(db: Database, conflict: Uuid, about_version: number): Promise<void> {
  await db.write(
    ["meta", "outbox"],
    (tx) =>
      mint(tx, "conflict.close", { ...now(conflict), base: null, walk: null, body: { choice: "keep", about_version } }),
    "handed_in",
  );
}

/** One operation about something that exists, made on the version this phone last saw. */
async function about<T extends OperationType>(db: Database, type: T, entity: Uuid, body: Bodies[T]): Promise<void> {
  await db.write(
    ["meta", "outbox", "states"],
    async (tx) => {
      const rows = await tx.objectStore("outbox").index("entity").getAll(entity);
      const kind = type.startsWith("presence.") ? "presence" : "observation";
      const pulled = await tx.objectStore("states").get([kind, entity]);
      // What this phone has pulled, it has seen. An answer's number may count what others did meanwhile.
      const versions = rows.map((row) => row.version).filter((version) => version !== null);
      const base = pulled?.version ?? (versions.length > 0 ? Math.min(...versions) : null);
      const walk = rows.find((row) => row.walk !== null)?.walk ?? null;
      await mint(tx, type, { ...now(entity), base, walk, body });
    },
    "handed_in",
  );
}

// ---------------------------------------------------------------- the field secretary's log: each saving is its own hand-in

export interface Pass {
  evening: DateOnly;
  kind: "field_shift" | "night_walk";
  adults: number | null;
}

/** The pass goes first, once, and again when the number of adults has changed. Returns the entry's id. */
export async function logPresence(db: Database, body: Omit<PresenceBody, "pass">, pass: Pass): Promise<Uuid> {
  const who = await identity(db);
  if (!who?.organisation) throw new Error("the phone is not a field secretary's");
  const passEntity = await passId(who.organisation, pass.evening, pass.kind);
  const entry = uuid7();
  await db.write(
    ["meta", "outbox"],
    async (tx) => {
      const said = (await tx.objectStore("outbox").index("entity").getAll(passEntity)).at(-1)?.operation;
      const { evening, kind, adults } = pass;
      if ((said?.body as Partial<Pass> | undefined)?.adults !== adults || !said) {
        await mint(tx, "presence.pass", {
          ...now(passEntity),
          at: body.at,
          walk: null,
          body: { evening, kind, adults },
        });
      }
      await mint(tx, "presence.log", { ...now(entry), at: body.at, walk: null, body: { ...body, pass: passEntity } });
    },
    "handed_in",
  );
  return entry;
}

export async function correctPresence(db: Database, entry: Uuid, changes: Partial<PresenceBody>): Promise<void> {
  await about(db, "presence.correct", entry, changes);
}
