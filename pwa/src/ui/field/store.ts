import { computed, signal } from "@preact/signals";
import type {
  CalledOffState,
  CategoryState,
  MunicipalityState,
  ReplyState,
  StopBody,
  TemplateState,
  Uuid,
  WalkState,
} from "../../domain/wire";
import { openDatabase, SlowToAnswer, StorageFull } from "../../storage/database";
import { type Drafts, draftsOf } from "../../storage/drafts";
import { type Identity, identity, meta } from "../../storage/identity";
import type { PhotoRow } from "../../storage/rows";
import { municipality, replies as repliesIn, states, walk as walkIn } from "../../storage/states";
import { type Chip, chip as chipIn } from "../../sync/chip";
import { contact } from "../../sync/contact";
import { type Item, items as itemsIn } from "../../sync/items";
import { watch } from "../../sync/watch";
import { kept, readKept } from "./kept";

export const db = openDatabase("field");

/** Undefined until the phone has answered. */
export const who = signal<Identity | null | undefined>(undefined);
export const walk = signal<WalkState | null>(null);
/** Why the evening is called off; null when it is not. */
export const calledOff = signal<CalledOffState | null>(null);
export const town = signal<MunicipalityState | null>(null);
export const drafts = signal<Drafts>({ observations: [], feelings: [], answers: [] });
export const photos = signal<ReadonlyMap<Uuid, PhotoRow>>(new Map());
export const items = signal<Item[]>([]);
export const replies = signal<ReplyState[]>([]);
/** Why sending has stopped until somebody joins again; null when it has not. */
export const paused = signal<string | null>(null);
export const chip = signal<Chip>({ word: "saved", n: 0 });
/** The phone's storage would not answer; the screens say so instead of guessing. */
export const broken = signal<unknown>(null);

/** The last thing somebody did was not saved: said above everything until it is read. */
export const trouble = signal<"full" | "failed" | null>(null);

/** A saving nobody waited for has failed. Other failures are not about what a person did. */
export function noteTrouble(error: unknown): void {
  if (error instanceof StorageFull) trouble.value = "full";
  else if (error instanceof SlowToAnswer) trouble.value = "failed";
  else if (error instanceof DOMException && error.name !== "AbortError") trouble.value = "failed";
}

export const stops = computed<StopBody[]>(() => [...(walk.value?.stops ?? [])].sort((a, b) => a.number - b.number));

/** How far this phone's clock was ahead of the server's when they last met, in milliseconds; 0 until they have. */
export const clockAhead = signal(0);

/** Now, as the server would say it, in milliseconds. A guess all the same: it shuts no door. */
export function rightNow(): number {
  return Date.now() - clockAhead.value;
}

/** From an hour before the walk begins until it is over. */
export function isRunning(evening: WalkState): boolean {
  return rightNow() > Date.parse(evening.starts_at) - HOUR && !isOver(evening);
}

/** The desk has said so, or it seems so: six hours have gone since its end. */
export function isOver(evening: WalkState): boolean {
  return evening.state === "ended" || rightNow() > Date.parse(evening.ends_at) + 6 * HOUR;
}

/** Only the desk ends the noting. A clock may be wrong by days, and what somebody sees must be written down. */
export function mayStillNote(evening: WalkState): boolean {
  return evening.state !== "ended";
}
const HOUR = 3_600_000;

/** Stops where something is answered or seen: lit lamps. */
export const litStops = computed<ReadonlySet<Uuid>>(() => {
  const { observations, feelings, answers } = drafts.value;
  const found = [...observations, ...feelings, ...answers, ...items.value].map((thing) => thing.stop);
  return new Set(found.filter((stop): stop is Uuid => stop !== null));
});

/** The stop we are at: the one chosen, or the first where nothing is answered. */
export const hereStop = computed<StopBody | null>(() => {
  const all = stops.value;
  const chosen = all.find((stop) => stop.id === kept.value.stop);
  return chosen ?? all.find((stop) => !litStops.value.has(stop.id)) ?? all[all.length - 1] ?? null;
});

export function stopAt(id: Uuid | null): StopBody | null {
  return stops.value.find((stop) => stop.id === id) ?? null;
}

export function categoryOf(code: string | null): CategoryState | undefined {
  return town.value?.categories.find((category) => category.code === code);
}

export function templateOf(stop: StopBody): TemplateState | undefined {
  return town.value?.templates.find((template) => template.id === stop.template);
}

export function observationOf(id: Uuid) {
  return drafts.value.observations.find((draft) => draft.id === id) ?? null;
}

/** Photos nobody has answered the question about people for: they stay on the phone. */
export const unanswered = computed<PhotoRow[]>(() =>
  [...photos.value.values()].filter((row) => row.passage === "draft" && !row.checked),
);

/** Reads everything from the phone. Cheap: no photo's bytes are touched. */
export async function load(): Promise<void> {
  try {
    // Nothing here depends on who it is; it is read while that is looked up.
    const townNow = municipality(db);
    const around = Promise.all([repliesIn(db), chipIn(db), contact(db)]);
    const ahead = meta<number>(db, "clock_ahead");
    townNow.catch(() => undefined);
    around.catch(() => undefined);
    ahead.catch(() => undefined);
    const me = await identity(db);
    if (me && me.walk !== who.value?.walk) readKept(me.walk);
    if (me) await loadWalk(me);
    town.value = await townNow;
    clockAhead.value = (await ahead) ?? 0;
    // The first screen stands on the walk and the town; what is around it comes in a moment.
    if (me && walk.value && who.value === undefined) who.value = me;
    [replies.value, chip.value, { paused: paused.value }] = await around;
    who.value = me;
    broken.value = null;
  } catch (error) {
    broken.value = error;
    if (who.value === undefined) who.value = null;
    clearTimeout(tryingAgain);
    tryingAgain = setTimeout(() => void reload(), TRY_AGAIN);
  }
}
let tryingAgain: ReturnType<typeof setTimeout> | undefined;
/** The phone may open its storage again at any time, and nobody should have to ask. */
const TRY_AGAIN = 2_000;

async function loadWalk(me: Identity): Promise<void> {
  const [walkNow, draftsNow, photoRows, itemsNow, off] = await Promise.all([
    walkIn(db, me.walk),
    draftsOf(db, me.walk),
    db.read(["photos"], (tx) => tx.objectStore("photos").getAll()),
    itemsIn(db, me.walk),
    states(db, "called_off"),
  ]);
  walk.value = walkNow;
  calledOff.value = off.find((it) => it.id === me.walk) ?? null;
  drafts.value = draftsNow;
  photos.value = new Map(photoRows.map((row) => [row.id, row]));
  items.value = itemsNow;
}

let reading: Promise<void> | null = null;
let queued: Promise<void> | null = null;

/** Resolves when everything written before the call can be seen; a burst of changes is read at most twice. */
export function reload(): Promise<void> {
  if (!reading) {
    reading = load().finally(() => {
      reading = null;
    });
    return reading;
  }
  queued ??= reading.then(() => {
    queued = null;
    return reload();
  });
  return queued;
}

let holding = 0;
let missed = false;

export function follow(): () => void {
  return watch(db, () => {
    if (holding === 0) void reload();
    else missed = true;
  });
}

/** Reads and draws nothing until `work` is done: a photo on its way to the medium shares the thread with nobody. */
export async function undisturbed<T>(work: () => Promise<T>): Promise<T> {
  holding++;
  try {
    return await work();
  } finally {
    holding--;
    if (holding === 0 && missed) {
      missed = false;
      void reload();
    }
  }
}
