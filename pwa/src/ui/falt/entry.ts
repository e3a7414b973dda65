import { signal } from "@preact/signals";
import { onPosition, startPosition, stopPosition } from "../../device/position";
import { eveningOf } from "../../domain/times";
import type { DateOnly } from "../../domain/wire";
import { StorageFull } from "../../storage/database";
import { correctPresence, logPresence } from "../../sync/hand_in";
import { changesFrom, EMPTY, entryOf, type Form } from "./form";
import { readBack, written } from "./halfway";
import { type LogRow, spotsIn } from "./log";
import { latest, nearest, type Offer, type Spot } from "./places";
import { adultsOn, db, log, now, smallAreas, tonight, town } from "./store";

/** The entry being filled in. It outlives the screen, so that choosing another place loses nothing. */
export const form = signal<Form>(EMPTY);
export const adults = signal<number | null>(null);
export const offer = signal<Offer>({ spots: [], chosen: null });
/** The entry that was just saved, for the list to say so. */
export const justSaved = signal<string | null>(null);

export function answer(changes: Partial<Form>): void {
  put({ ...form.value, ...changes });
}

const KEY = "falt:halfway";

/** A private window may refuse to remember: then half an entry lives as long as the page. */
function put(next: Form): void {
  form.value = next;
  try {
    const text = written(next, new Date());
    if (text) localStorage.setItem(KEY, text);
    else localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

function leftBefore(): Form | null {
  try {
    return readBack(localStorage.getItem(KEY), new Date());
  } catch {
    return null;
  }
}

/** An empty entry, with the place where they are or last were. Half an entry already begun is left alone. */
export async function begin(): Promise<void> {
  justSaved.value = null;
  void locate();
  if (form.value !== EMPTY) return;
  form.value = leftBefore() ?? EMPTY;
  propose(latest(spotsIn(log.value), town.value?.places ?? []));
  adults.value = await adultsOn(tonight.value);
}

/** The buttons stay where they are once somebody has begun to answer. */
function propose(next: Offer): void {
  const untouched = form.value === EMPTY || form.value.spot === offer.value.chosen;
  offer.value = next;
  if (untouched && next.chosen) answer({ spot: next.chosen });
}

/** Asks nothing by itself: the position is used only where the person has already said yes. */
async function locate(): Promise<void> {
  const permission = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  if (permission?.state === "granted") nearby();
}

/** The person asked for the nearest places, and the phone cannot say where it is. */
export const lost = signal(false);

/** One fix, used here to sort a list, and forgotten: it is neither stored nor sent. */
export function nearby(): void {
  let listening = false;
  const stop = onPosition(({ fix, trouble }) => {
    if (!listening) return; // what was known before is where they were before
    stop();
    stopPosition();
    lost.value = trouble !== null;
    const begun = form.value.band !== null || form.value.mood !== null;
    if (fix && !trouble && !begun) propose(nearest(town.value?.places ?? [], fix));
  });
  listening = true;
  startPosition();
}

export type Saved = { evening: DateOnly; id: string } | "incomplete" | "full" | "future";

/** A clock a minute ahead is a clock; an hour ahead is a slip of the finger. */
const AHEAD = 120_000;

let saving: Promise<Saved> | null = null;

/** Two taps on "Spara" are one: a cold finger trembles. */
function once(work: () => Promise<Saved>): Promise<Saved> {
  saving ??= work().finally(() => {
    saving = null;
  });
  return saving;
}

/** "Spara": files the entry. It resolves when the phone's storage has it. */
export const save = (): Promise<Saved> => once(file);

async function file(): Promise<Saved> {
  const entry = entryOf(form.value, smallAreas.value, new Date());
  if (!entry) return "incomplete";
  if (Date.parse(entry.at) > Date.now() + AHEAD) return "future";
  const evening = eveningOf(entry.at);
  try {
    const said = evening === tonight.value ? adults.value : await adultsOn(evening);
    const id = await logPresence(db, entry, { evening, kind: "field_shift", adults: said });
    justSaved.value = id;
    put(EMPTY);
    return { evening, id };
  } catch (error) {
    if (error instanceof StorageFull) return "full";
    throw error;
  }
}

/** "Rätta": a version of the entry. The evening stays; only what was changed is named. */
export const saveCorrection = (row: LogRow, changed: Form): Promise<Saved> => once(() => fileCorrection(row, changed));

async function fileCorrection(row: LogRow, changed: Form): Promise<Saved> {
  const entry = entryOf(changed, smallAreas.value, new Date());
  if (!entry) return "incomplete";
  if (Date.parse(entry.at) > Date.now() + AHEAD) return "future";
  const changes = changesFrom(row.entry, entry);
  try {
    if (Object.keys(changes).length > 0) await correctPresence(db, row.id, changes);
    justSaved.value = row.id;
    return { evening: row.evening, id: row.id };
  } catch (error) {
    if (error instanceof StorageFull) return "full";
    throw error;
  }
}

export function spotName(spot: Spot, somewhere: (area: string) => string): string {
  const known = town.value?.places.find((place) => place.id === spot.place);
  return known?.name ?? somewhere(spot.area);
}

export function refreshNow(): void {
  now.value = new Date();
}
