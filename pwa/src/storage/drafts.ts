import { uuid7 } from "../domain/ids";
import type { Uuid } from "../domain/wire";
import type { Database, Reading, Writing } from "./database";
import type { AnswerDraft, DraftRow, FeelingDraft, ObservationDraft, PhotoDraft, PhotoRow } from "./rows";

export type { AnswerDraft, FeelingDraft, ObservationDraft, PhotoDraft } from "./rows";

/** Photo and observation in one transaction; resolves when both are on the medium. Only then may a screen say "Sparat". */
export async function saveShot(db: Database, observation: ObservationDraft, photo: PhotoDraft): Promise<void> {
  await db.write(["drafts", "photos", "bytes"], async (tx) => {
    await putPhoto(tx, photo, observation.walk);
    await tx.objectStore("drafts").put(observationRow(observation));
  });
  await readBack(db, photo);
}

export async function saveObservation(db: Database, o: ObservationDraft): Promise<void> {
  await db.write(["drafts"], (tx) => tx.objectStore("drafts").put(observationRow(o)));
}

/** Replaces the bytes, as after masking. A photo that is handed in is no draft any more, and stays as it is. */
export async function savePhoto(db: Database, p: PhotoDraft): Promise<void> {
  await db.write(["photos", "bytes"], (tx) => putPhoto(tx, p, null));
  await readBack(db, p);
}

/** With its photos. What is handed in is not touched. */
export async function removeObservation(db: Database, id: Uuid): Promise<void> {
  await db.write(["drafts", "photos", "bytes"], async (tx) => {
    await tx.objectStore("drafts").delete(id);
    for (const photo of await tx.objectStore("photos").index("of").getAll(id)) await deleteDraftPhoto(tx, photo);
  });
}

export async function removePhoto(db: Database, id: Uuid): Promise<void> {
  await db.write(["drafts", "photos", "bytes"], async (tx) => {
    const photo = await tx.objectStore("photos").get(id);
    if (photo?.passage !== "draft") return;
    await deleteDraftPhoto(tx, photo);
    const row = await tx.objectStore("drafts").get(photo.of);
    if (row?.kind !== "observation") return;
    const photos = row.draft.photos.filter((other) => other !== id);
    await tx.objectStore("drafts").put({ ...row, draft: { ...row.draft, photos } });
  });
}

/** One per stop: an earlier one for the same stop is replaced. */
export async function saveFeeling(db: Database, f: FeelingDraft): Promise<void> {
  await db.write(["drafts"], async (tx) => {
    await removeWhere(tx, f.walk, (row) => row.kind === "feeling" && row.draft.stop === f.stop && row.id !== f.id);
    await tx.objectStore("drafts").put({ kind: "feeling", id: f.id, walk: f.walk, draft: f });
  });
}

/** One per stop and item: an earlier one is replaced. */
export async function saveAnswer(db: Database, a: AnswerDraft): Promise<void> {
  await db.write(["drafts"], async (tx) => {
    const same = (row: DraftRow) => row.kind === "answer" && row.draft.stop === a.stop && row.draft.item === a.item;
    await removeWhere(tx, a.walk, (row) => same(row) && row.id !== a.id);
    await tx.objectStore("drafts").put({ kind: "answer", id: a.id, walk: a.walk, draft: a });
  });
}

export async function removeFeeling(db: Database, id: Uuid): Promise<void> {
  await db.write(["drafts"], (tx) => tx.objectStore("drafts").delete(id));
}

export async function removeAnswer(db: Database, id: Uuid): Promise<void> {
  await db.write(["drafts"], (tx) => tx.objectStore("drafts").delete(id));
}

export interface Drafts {
  observations: ObservationDraft[];
  feelings: FeelingDraft[];
  answers: AnswerDraft[];
}

/** In the order they were begun. */
export async function draftsOf(db: Database, walk: Uuid): Promise<Drafts> {
  return sorted(await db.read(["drafts"], (tx) => tx.objectStore("drafts").index("walk").getAll(walk)));
}

export function sorted(rows: DraftRow[]): Drafts {
  const drafts: Drafts = { observations: [], feelings: [], answers: [] };
  for (const row of rows) {
    if (row.kind === "observation") drafts.observations.push(row.draft);
    else if (row.kind === "feeling") drafts.feelings.push(row.draft);
    else drafts.answers.push(row.draft);
  }
  return drafts;
}

/** Also a photo that is handed in, as long as its bytes are here. */
export async function photo(db: Database, id: Uuid): Promise<PhotoDraft | null> {
  return db.read(["photos", "bytes"], (tx) => photoIn(tx, id));
}

async function photoIn(tx: Reading, id: Uuid): Promise<PhotoDraft | null> {
  const row = await tx.objectStore("photos").get(id);
  const bytes = await tx.objectStore("bytes").get(id);
  if (!row || !bytes) return null;
  const { of, width, height, masks, taken_at, checked } = row;
  return { id, of, bytes: bytes.bytes, width, height, masks, taken_at, checked };
}

function observationRow(draft: ObservationDraft): DraftRow {
  return { kind: "observation", id: draft.id, walk: draft.walk, draft };
}

async function putPhoto(tx: Writing, draft: PhotoDraft, walk: Uuid | null): Promise<void> {
  const before = await tx.objectStore("photos").get(draft.id);
  if (before && before.passage !== "draft") return;
  const { bytes, ...rest } = draft;
  const row: PhotoRow = {
    ...rest,
    size: bytes.byteLength,
    revision: uuid7(),
    passage: "draft",
    walk: walk ?? before?.walk ?? null,
    sha256: null,
    url: null,
    sent: 0,
    attempts: 0,
    mismatches: 0,
    not_before: 0,
    code: null,
    proved_at: null,
  };
  await tx.objectStore("photos").put(row);
  await tx.objectStore("bytes").put({ id: draft.id, bytes });
}

async function deleteDraftPhoto(tx: Writing, row: PhotoRow): Promise<void> {
  if (row.passage !== "draft") return;
  await tx.objectStore("photos").delete(row.id);
  await tx.objectStore("bytes").delete(row.id);
}

async function removeWhere(tx: Writing, walk: Uuid, unwanted: (row: DraftRow) => boolean): Promise<void> {
  const drafts = tx.objectStore("drafts");
  for (const row of await drafts.index("walk").getAll(walk)) if (unwanted(row)) await drafts.delete(row.id);
}

/** WebKit has lost bytes behind a completed write; a screen that says "Sparat" has seen them come back. */
async function readBack(db: Database, draft: PhotoDraft): Promise<void> {
  const row = await db.read(["bytes"], (tx) => tx.objectStore("bytes").get(draft.id));
  if (row?.bytes.byteLength !== draft.bytes.byteLength) throw new Error(`photo ${draft.id} did not come back whole`);
}
