import { signal } from "@preact/signals";
import type { Box } from "../../device/mask";
import { positionFor, whereabouts } from "../../device/position";
import { burnt, type Shot } from "../../device/shrink";
import { uuid7 } from "../../domain/ids";
import { nowInstant } from "../../domain/times";
import type { StopBody, Tile, Uuid } from "../../domain/wire";
import {
  type Changes,
  changeObservation,
  confirmPhoto,
  maskPhoto,
  type ObservationDraft,
  type PhotoDraft,
  photo,
  removeIfEmpty,
  removeObservation,
  type Seen,
  saveObservation,
  saveShot,
  takePhotos,
} from "../../storage/drafts";
import { sessionId } from "../../storage/identity";
import { db, observationOf, reload, undisturbed, who } from "./store";

/** What a checklist's "Nej" already knows about the finding it leads to. */
export interface Asked {
  item: string;
  category: string;
}

/** A finding as it is before anybody has said anything about it. Not saved yet. */
export function begun(stop: StopBody | null, asked: Asked | null): ObservationDraft {
  return {
    id: uuid7(),
    walk: who.value?.walk ?? "",
    stop: stop?.id ?? null,
    category: asked?.category ?? null,
    severity: null,
    text: "",
    position: positionFor(whereabouts().fix, stop, Date.now()),
    place_words: "",
    seen_at: nowInstant(),
    called: null,
    checklist_item: asked?.item ?? null,
    mono_ms: performance.now(),
    session: sessionId(),
    photos: [],
  };
}

function photoOf(observation: Uuid, shot: Shot): PhotoDraft {
  return { id: uuid7(), of: observation, ...shot, masks: 0, taken_at: nowInstant(), checked: false };
}

/** The photo and its finding, in one transaction. When this resolves they are on the phone. */
export async function keepShot(observation: ObservationDraft, shot: Shot, instead: Uuid | null): Promise<PhotoDraft> {
  const photo = photoOf(observation.id, shot);
  const others = observation.photos.filter((id) => id !== instead);
  await undisturbed(() => saveShot(db, { ...observation, photos: [...others, photo.id] }, photo, instead));
  performance.mark("saved");
  return photo;
}

let changing: Promise<void> = Promise.resolve();

/**
 * Changes a finding that is not handed in. Saves at once: there is no save button on the walk. One change at a time,
 * each on what the one before it left, or a quick thumb would lose a word. What has been taken away or handed in
 * meanwhile stays so.
 */
export function change(id: Uuid, changes: Changes): Promise<void> {
  const mine = changing.then(async () => {
    await changeObservation(db, id, changes);
    await reload();
  });
  changing = mine.catch(() => undefined);
  return mine;
}

/** Nobody in the picture as it was seen: it may be handed in as it is. False: it is another by now. */
export async function answerPhoto(seen: Seen): Promise<boolean> {
  const answered = await confirmPhoto(db, seen);
  await reload();
  return answered;
}

/** Paints the boxes into the pixels. The bytes from before are written over and exist nowhere any more. */
export async function hide(seen: Seen, boxes: readonly Box[]): Promise<boolean> {
  const before = await photo(db, seen.id);
  const hidden = before !== null && (await maskPhoto(db, seen, await burnt(before.bytes, boxes), boxes.length));
  await reload();
  return hidden;
}

export async function drop(id: Uuid): Promise<void> {
  await removeObservation(db, id);
  await reload();
}

/** A finding begun for a photo that never came. With anything in it, it stays. */
export async function dropIfEmpty(id: Uuid): Promise<void> {
  await removeIfEmpty(db, id);
  await reload();
}

/** What was just done and can be undone, for ten seconds. */
export const regret = signal<{ about: Uuid; undo: () => Promise<void> } | null>(null);
const REGRET_MS = 10_000;

/**
 * Says what a finding is. A tile for sound, vehicles, gatherings, alcohol or drugs takes the photos away at once;
 * for ten seconds they can be had back, from memory only.
 */
export async function choose(draft: ObservationDraft, tile: Tile): Promise<void> {
  const chosen = { ...draft, category: tile.default };
  if (!observationOf(draft.id)) {
    await saveObservation(db, chosen);
    await reload();
    return;
  }
  if (tile.photo || draft.photos.length === 0) return change(draft.id, { category: tile.default });
  const taken = await takePhotos(db, draft.id);
  const photos = taken.map(({ id }) => id);
  await change(draft.id, { category: tile.default, photos: [] });
  regretting(draft.id, async () => {
    const now = observationOf(draft.id);
    if (!now) return; // taken away or handed in meanwhile
    for (const p of taken) await saveShot(db, { ...now, category: draft.category, photos }, p);
    await reload();
  });
}

function regretting(about: Uuid, undo: () => Promise<void>): void {
  const mine = {
    about,
    undo: async () => {
      regret.value = null;
      await undo();
    },
  };
  regret.value = mine;
  setTimeout(() => {
    if (regret.value === mine) regret.value = null;
  }, REGRET_MS);
}
