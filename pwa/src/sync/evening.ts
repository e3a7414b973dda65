import { uuid7 } from "../domain/ids";
import type { Uuid } from "../domain/wire";
import { type Database, openDatabase } from "../storage/database";
import { type ObservationDraft, saveObservation, saveShot } from "../storage/drafts";
import { saveIdentity, sessionId } from "../storage/identity";
import type { OutboxRow, PhotoRow } from "../storage/rows";
import type { ModelServer } from "./model";
import { type Round, round } from "./sender";

/** One phone on one evening, as the tests tell it. */
export const WALK = "01930000-0000-7000-8000-00000000aaaa";
export const STOP = "01930000-0000-7000-8000-00000000bbbb";
export const SEEN = "2026-11-20T20:41:00+01:00";

export async function aPhone(): Promise<Database> {
  const db = openDatabase("field");
  await saveIdentity(db, {
    token: "t",
    device: "01930000-0000-7000-8000-00000000dddd",
    walk: WALK,
    municipality: "lidkoping",
    alias: "Kim",
    joined_at: SEEN,
    surface: "field",
  });
  return db;
}

export function anObservation(facts: Partial<ObservationDraft> = {}): ObservationDraft {
  return {
    id: uuid7(),
    walk: WALK,
    stop: STOP,
    category: "light.broken",
    severity: 1,
    text: "",
    position: null,
    place_words: "",
    seen_at: SEEN,
    photos: [],
    called: null,
    checklist_item: null,
    mono_ms: 1_000,
    session: sessionId(),
    ...facts,
  };
}

export function aPhoto(of: Uuid, size = 600, checked = true) {
  const noise = crypto.getRandomValues(new Uint8Array(64));
  const bytes = Uint8Array.from({ length: size }, (_, at) => (noise[at % 64] as number) ^ (at >> 6)).buffer;
  return { id: uuid7(), of, bytes, width: 4, height: 3, masks: 0, taken_at: SEEN, checked };
}

export async function note(db: Database, facts: Partial<ObservationDraft> = {}): Promise<Uuid> {
  const observation = anObservation(facts);
  await saveObservation(db, observation);
  return observation.id;
}

/** Returns the photo's id. */
export async function shoot(
  db: Database,
  size?: number,
  checked?: boolean,
  facts: Partial<ObservationDraft> = {},
): Promise<Uuid> {
  const observation = anObservation(facts);
  const photo = aPhoto(observation.id, size, checked);
  await saveShot(db, { ...observation, photos: [photo.id] }, photo);
  return photo.id;
}

export function outbox(db: Database): Promise<OutboxRow[]> {
  return db.read(["outbox"], (tx) => tx.objectStore("outbox").getAll());
}
export async function photoRow(db: Database, id: Uuid): Promise<PhotoRow> {
  const row = await db.read(["photos"], (tx) => tx.objectStore("photos").get(id));
  if (!row) throw new Error(`no photo ${id}`);
  return row;
}
export function hasBytes(db: Database, id: Uuid): Promise<boolean> {
  return db.read(["bytes"], async (tx) => (await tx.objectStore("bytes").getKey(id)) !== undefined);
}

/** Rounds, with the pauses between them, until one ends well. */
export async function heal(db: Database, server: ModelServer, holder = "heal"): Promise<Round> {
  server.fates = [];
  for (let n = 0; n < 12; n++) {
    server.clock += 3_700_000; // past any lease, pause and Retry-After
    const ended = await round(db, server, holder);
    const waiting = [...(await outbox(db)), ...(await db.read(["photos"], (tx) => tx.objectStore("photos").getAll()))];
    const isOpen = waiting.some((row) => row.passage === "waiting" || row.passage === "sending");
    if (ended === "done" && !isOpen) return ended;
  }
  return "lost";
}
