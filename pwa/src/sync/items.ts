import type { Passage } from "../domain/outbox";
import type { Operation, Receipt, Uuid } from "../domain/wire";
import type { Database } from "../storage/database";
import type { DraftRow, OutboxRow, PhotoRow } from "../storage/rows";

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
}

/** Drafts and handed-in things of one walk (or all, on the field secretary's phone), in the order they were made. */
export async function items(db: Database, walk: Uuid | null): Promise<Item[]> {
  const { drafts, rows, photos } = await db.read(["drafts", "outbox", "photos"], async (tx) => ({
    drafts: await tx.objectStore("drafts").getAll(),
    rows: await tx.objectStore("outbox").getAll(),
    photos: await tx.objectStore("photos").getAll(),
  }));
  const mine = <T extends { walk: Uuid | null }>(row: T) => walk === null || row.walk === walk;
  const found = [...drafts.filter(mine).map((row) => draftItem(row, photos)), ...handedIn(rows.filter(mine), photos)];
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
  };
}

const KINDS: Partial<Record<Operation["type"], ItemKind>> = {
  "observation.record": "observation",
  "feeling.answer": "feeling",
  "checklist.answer": "answer",
  "presence.log": "presence",
  "task.confirm": "confirm",
};

function handedIn(rows: OutboxRow[], photos: PhotoRow[]): Item[] {
  const living = rows.filter((row) => row.replaced_by === null);
  return living.flatMap((row) => {
    const kind = KINDS[row.operation.type];
    return kind ? [handedInItem(kind, row, living, photos)] : [];
  });
}

function handedInItem(kind: ItemKind, row: OutboxRow, rows: OutboxRow[], photos: PhotoRow[]): Item {
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
    code: parts.find((part) => part.passage === "needs_you")?.code ?? null,
    alone: body.sent_alone === true,
  };
}

/** Received only when every part is; whatever needs a person is never hidden behind progress. */
export function together(passages: Passage[]): Passage {
  for (const passage of ["needs_you", "sending", "waiting", "draft"] as const) {
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
