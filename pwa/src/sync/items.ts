import type { Passage } from "../domain/outbox";
import type { Operation, Receipt, Uuid } from "../domain/wire";
import type { Database } from "../storage/database";
import type { DraftRow, OutboxRow, PhotoRow } from "../storage/rows";
import { states } from "../storage/states";
import { ERASED } from "./erased";

export type ItemKind = "observation" | "feeling" | "answer" | "presence" | "confirm";

/** Something a person made, as the outbox screen shows it. Computed on reading, never stored. */
export interface Item {
  id: Uuid;
  kind: ItemKind;
  title_category: string | null;
  stop: Uuid | null;
  at: string;
  bytes: number;
  photos: number;
  photos_received: number;
  passage: Passage;
  /** How much of the photos' bytes are over; null when nothing is being sent. */
  percent: number | null;
  receipt: Receipt | null;
  /** Why it needs somebody. */
  code: string | null;
  alone: boolean;
  /** Two changed the same: a person decides (held), or this phone's stands. Null again when it is decided. */
  met: "held" | "stands" | null;
}

/** Drafts and handed-in things of one walk (or all, on the field secretary's phone), in the order they were made. */
export async function items(db: Database, walk: Uuid | null): Promise<Item[]> {
  const conflicts = await states(db, "conflict");
  const decided = new Set(conflicts.filter(({ choice }) => choice !== null).map(({ id }) => id));
  const { drafts, rows, photos } = await db.read(["drafts", "outbox", "photos"], async (tx) => ({
    drafts: await tx.objectStore("drafts").getAll(),
    rows: await tx.objectStore("outbox").getAll(),
    photos: await tx.objectStore("photos").getAll(),
  }));
  const mine = <T extends { walk: Uuid | null }>(row: T) => walk === null || row.walk === walk;
  const found = [
    ...drafts.filter(mine).map((row) => draftItem(row, photos)),
    ...handedIn(rows.filter(mine), photos, decided),
  ];
  return found.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function draftItem(row: DraftRow, photos: PhotoRow[]): Item {
  const draft = row.draft;
  const own = photos.filter((photo) => photo.of === row.id);
  return {
    id: row.id,
    kind: row.kind,
    title_category: row.kind === "observation" ? row.draft.category : null,
    stop: draft.stop,
    at:
      row.kind === "observation"
        ? row.draft.seen_at
        : row.kind === "feeling"
          ? row.draft.felt_at
          : row.draft.answered_at,
    bytes: size(draft) + total(own),
    photos: own.length,
    photos_received: 0,
    passage: "draft",
    percent: null,
    receipt: null,
    code: null,
    alone: false,
    met: null,
  };
}

const KINDS: Partial<Record<Operation["type"], ItemKind>> = {
  "observation.record": "observation",
  "feeling.answer": "feeling",
  "checklist.answer": "answer",
  "rewalk.check": "answer",
  "presence.log": "presence",
  "task.confirm": "confirm",
};

function handedIn(rows: OutboxRow[], photos: PhotoRow[], decided: ReadonlySet<Uuid>): Item[] {
  const living = rows.filter((row) => row.replaced_by === null);
  return living.flatMap((row) => {
    const kind = KINDS[row.operation.type];
    return kind ? [handedInItem(kind, row, living, photos, decided)] : [];
  });
}

function handedInItem(
  kind: ItemKind,
  row: OutboxRow,
  rows: OutboxRow[],
  photos: PhotoRow[],
  decided: ReadonlySet<Uuid>,
): Item {
  // A confirmation shares its entity, the task, with other confirmations; the others own theirs.
  const id = kind === "confirm" ? row.id : row.entity;
  const own = kind === "observation" ? photos.filter((photo) => photo.of === id) : [];
  const ids = new Set(own.map((photo) => photo.id));
  const about = kind === "confirm" ? [row] : rows.filter((other) => other.entity === id || ids.has(other.entity));
  const parts = [...about, ...own];
  const body = Object.assign({}, ...about.map(({ operation }) => operation.body)) as Record<string, unknown>;
  const passage = together(parts.map((part) => part.passage));
  return {
    id,
    kind,
    title_category: typeof body.category === "string" ? body.category : null,
    stop: typeof body.stop === "string" ? body.stop : null,
    at: row.operation.at,
    bytes: size(row.operation) + total(own),
    photos: own.length,
    photos_received: own.filter((photo) => photo.passage === "received").length,
    passage,
    percent: passage === "sending" ? percent(own) : null,
    receipt: row.receipt,
    code: reason(parts),
    alone: body.sent_alone === true,
    met: metIn(about, decided),
  };
}

/** What the server says of a photo's own bytes: handed in again they would get the same answer. */
const OF_THE_BYTES = new Set(["not_a_photo", "too_many_pixels", "too_slow_to_decode", "truncated"]);

export const canBeHandedInAgain = ({ passage, code }: Item) => passage === "needs_you" && !OF_THE_BYTES.has(code ?? "");

/** Of several, one that somebody can do something about. */
function reason(parts: readonly (OutboxRow | PhotoRow)[]): string | null {
  const told = parts.filter((part) => part.passage === "needs_you" || part.code === ERASED);
  return (told.find(({ code }) => !OF_THE_BYTES.has(code ?? "")) ?? told[0])?.code ?? null;
}

/** What is still to be decided of what these met. */
export function metIn(rows: readonly OutboxRow[], decided: ReadonlySet<Uuid>): Item["met"] {
  const open = rows.filter((row) => row.conflict_id !== null && !decided.has(row.conflict_id));
  if (open.length === 0) return null;
  return open.some((row) => row.facts?.held === true) ? "held" : "stands";
}

/** Received only when every part is; whatever needs a person is never hidden behind progress. */
export function together(passages: Passage[]): Passage {
  for (const passage of ["needs_you", "sending", "waiting", "draft", "held"] as const) {
    if (passages.includes(passage)) return passage;
  }
  return "received";
}

function percent(photos: PhotoRow[]): number | null {
  const all = total(photos);
  if (all === 0) return null;
  const sent = photos.reduce((sum, photo) => sum + (photo.passage === "received" ? photo.size : photo.sent), 0);
  return Math.floor((100 * sent) / all);
}

const total = (photos: PhotoRow[]) => photos.reduce((sum, photo) => sum + photo.size, 0);
const size = (value: unknown) => JSON.stringify(value).length;
