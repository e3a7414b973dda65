import { uuid7 } from "../domain/ids";
import type { Uuid } from "../domain/wire";
import type { Database, Reading, Writing } from "./database";
import type { AnswerDraft, DraftRow, FeelingDraft, ObservationDraft, PhotoDraft, PhotoRow } from "./rows";

/** A picture's bytes with its size, as the canvas made them. */
export type Shot = Pick<PhotoDraft, "bytes" | "width" | "height">;

export type { AnswerDraft, FeelingDraft, ObservationDraft, PhotoDraft } from "./rows";

/**
 * Photo and observation in one transaction; resolves when both are on the medium. Only then may a screen say "Sparat".
 * `instead`: the photo that was taken anew goes in the same transaction, or a phone that dies between two would keep a
 * person nobody can find and take away.
 */
export async function saveShot(
  db: Database,
  observation: ObservationDraft,
  photo: PhotoDraft,
  instead: Uuid | null = null,
): Promise<void> {
  await db.write(["drafts", "photos", "bytes"], async (tx) => {
    const before = instead === null ? undefined : await tx.objectStore("photos").get(instead);
    if (before) await deleteDraftPhoto(tx, before);
    await putPhoto(tx, photo, observation.walk);
    await tx.objectStore("drafts").put(observationRow(observation));
  });
  await readBack(db, photo);
}

export async function saveObservation(db: Database, o: ObservationDraft): Promise<void> {
  await db.write(["drafts"], (tx) => tx.objectStore("drafts").put(observationRow(o)));
}

/** What is changed; as a function, of what the finding is when its turn comes. */
export type Changes = Partial<ObservationDraft> | ((draft: ObservationDraft) => Partial<ObservationDraft>);

/** On what lies there now, in one transaction: a change that was on its way puts nothing back that has been taken away. */
export async function changeObservation(db: Database, id: Uuid, changes: Changes): Promise<boolean> {
  return db.write(["drafts"], async (tx) => {
    const row = await tx.objectStore("drafts").get(id);
    if (row?.kind !== "observation") return false;
    const changed = typeof changes === "function" ? changes(row.draft) : changes;
    await tx.objectStore("drafts").put(observationRow({ ...row.draft, ...changed }));
    return true;
  });
}

/** A photo as somebody saw it: what they say of it holds for these bytes and no others. */
export type Seen = Pick<PhotoRow, "id" | "revision">;

/** Nobody is in the picture. False: it has been masked, taken away or handed in since it was looked at. */
export function confirmPhoto(db: Database, seen: Seen): Promise<boolean> {
  return db.write(["photos"], async (tx) => {
    const row = await asSeen(tx, seen);
    if (row) await tx.objectStore("photos").put({ ...row, checked: true });
    return row !== null;
  });
}

/**
 * The masked picture takes the place of the bytes it was made from, which then are nowhere. `boxes` are added to those
 * it had. False as above, and nothing is changed.
 */
export async function maskPhoto(db: Database, seen: Seen, masked: Shot, boxes: number): Promise<boolean> {
  const { bytes, width, height } = masked;
  const revision = uuid7();
  const done = await db.write(["photos", "bytes"], async (tx) => {
    // The platform may have closed the database behind the first try, and yet have written it.
    if ((await tx.objectStore("photos").get(seen.id))?.revision === revision) return true;
    const row = await asSeen(tx, seen);
    if (!row) return false;
    const masks = row.masks + boxes;
    const facts = { width, height, masks, size: bytes.byteLength, revision, checked: true };
    await tx.objectStore("photos").put({ ...row, ...facts });
    await tx.objectStore("bytes").put({ id: seen.id, bytes });
    return true;
  });
  if (done) await readBack(db, { id: seen.id, bytes });
  return done;
}

async function asSeen(tx: Writing, { id, revision }: Seen): Promise<PhotoRow | null> {
  const row = await tx.objectStore("photos").get(id);
  return row?.passage === "draft" && row.revision === revision ? row : null;
}

/** With its photos. What is handed in is not touched. */
export async function removeObservation(db: Database, id: Uuid): Promise<void> {
  await db.write(["drafts", "photos", "bytes"], async (tx) => {
    await tx.objectStore("drafts").delete(id);
    for (const photo of await tx.objectStore("photos").index("of").getAll(id)) await deleteDraftPhoto(tx, photo);
  });
}

/** Only while nothing has been said or photographed: what was saved meanwhile stays. */
export async function removeIfEmpty(db: Database, id: Uuid): Promise<void> {
  await db.write(["drafts"], async (tx) => {
    const row = await tx.objectStore("drafts").get(id);
    if (row?.kind !== "observation" || row.draft.photos.length > 0 || row.draft.text !== "") return;
    await tx.objectStore("drafts").delete(id);
  });
}

/** Takes all photos of a finding away, and returns them as they were at that very moment, in the order they were taken. */
export async function takePhotos(db: Database, id: Uuid): Promise<PhotoDraft[]> {
  // Kept from a first try too: if that one was written after all, the second finds nothing.
  const taken = new Map<Uuid, PhotoDraft>();
  await db.write(["drafts", "photos", "bytes"], async (tx) => {
    for (const row of await tx.objectStore("photos").index("of").getAll(id)) {
      if (row.passage !== "draft") continue;
      const bytes = await tx.objectStore("bytes").get(row.id);
      if (bytes) taken.set(row.id, photoDraft(row, bytes.bytes));
      await deleteDraftPhoto(tx, row);
    }
    const row = await tx.objectStore("drafts").get(id);
    if (row?.kind === "observation")
      await tx.objectStore("drafts").put({ ...row, draft: { ...row.draft, photos: [] } });
  });
  return [...taken.values()];
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
  return row && bytes ? photoDraft(row, bytes.bytes) : null;
}

function photoDraft({ id, of, width, height, masks, taken_at, checked }: PhotoRow, bytes: ArrayBuffer): PhotoDraft {
  return { id, of, bytes, width, height, masks, taken_at, checked };
}

function observationRow(draft: ObservationDraft): DraftRow {
  return { kind: "observation", id: draft.id, walk: draft.walk, draft };
}

async function putPhoto(tx: Writing, draft: PhotoDraft, walk: Uuid): Promise<void> {
  const before = await tx.objectStore("photos").get(draft.id);
  if (before && before.passage !== "draft") return;
  const { bytes, ...rest } = draft;
  const row: PhotoRow = {
    ...rest,
    size: bytes.byteLength,
    revision: uuid7(),
    passage: "draft",
    walk,
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
async function readBack(db: Database, draft: Pick<PhotoDraft, "id" | "bytes">): Promise<void> {
  const row = await db.read(["bytes"], (tx) => tx.objectStore("bytes").get(draft.id));
  if (row?.bytes.byteLength !== draft.bytes.byteLength) throw new Error(`photo ${draft.id} did not come back whole`);
}
