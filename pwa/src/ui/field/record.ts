import { signal } from "@preact/signals";
import { type Box, burnt } from "../../device/mask";
import { positionFor, whereabouts } from "../../device/position";
import type { Shot } from "../../device/shrink";
import { uuid7 } from "../../domain/ids";
import { nowInstant } from "../../domain/times";
import type { StopBody, Tile, Uuid } from "../../domain/wire";
import {
  type ObservationDraft,
  type PhotoDraft,
  photo,
  removeObservation,
  removePhoto,
  saveObservation,
  savePhoto,
  saveShot,
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
  await undisturbed(() => saveShot(db, { ...observation, photos: [...others, photo.id] }, photo));
  performance.mark("saved");
  if (instead) await removePhoto(db, instead);
  return photo;
}

let changing: Promise<void> = Promise.resolve();

/**
 * Changes a finding that is not handed in. Saves at once: there is no save button on the walk. One change at a time,
 * each on what the one before it left, or a quick thumb would lose a word.
 */
export function change(id: Uuid, changes: Partial<ObservationDraft>): Promise<void> {
  const mine = changing.then(async () => {
    const draft = observationOf(id);
    if (!draft) return;
    await saveObservation(db, { ...draft, ...changes });
    await reload();
  });
  changing = mine.catch(() => undefined);
  return mine;
}

/** Nobody in the picture: it may be handed in as it is. */
export async function answerPhoto(id: Uuid): Promise<void> {
  const kept = await photo(db, id);
  if (!kept) return;
  await savePhoto(db, { ...kept, checked: true });
  await reload();
}

/** Paints the boxes into the pixels. The bytes from before are written over and exist nowhere any more. */
export async function hide(id: Uuid, boxes: readonly Box[]): Promise<void> {
  const kept = await photo(db, id);
  if (!kept) return;
  const shot = await burnt(kept.bytes, boxes);
  await savePhoto(db, { ...kept, ...shot, masks: kept.masks + boxes.length, checked: true });
  await reload();
}

export async function drop(id: Uuid): Promise<void> {
  await removeObservation(db, id);
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
  if (tile.photo || draft.photos.length === 0) {
    await saveObservation(db, chosen);
    await reload();
    return;
  }
  const taken = (await Promise.all(draft.photos.map((id) => photo(db, id)))).filter((p) => p !== null);
  for (const { id } of taken) await removePhoto(db, id);
  await saveObservation(db, { ...chosen, photos: [] });
  await reload();
  regretting(draft.id, async () => {
    for (const p of taken) await saveShot(db, draft, p);
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
