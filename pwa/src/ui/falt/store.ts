import { computed, signal } from "@preact/signals";
import { passId } from "../../domain/ids";
import { eveningOf } from "../../domain/times";
import type { DateOnly, MunicipalityState, PassState, Uuid } from "../../domain/wire";
import { openDatabase } from "../../storage/database";
import { type Identity, identity } from "../../storage/identity";
import type { OutboxRow } from "../../storage/rows";
import { municipality, passes as passesIn, states } from "../../storage/states";
import { type Chip, chip as chipIn } from "../../sync/chip";
import { contact } from "../../sync/contact";
import { phone } from "../../sync/wake";
import { watch } from "../../sync/watch";
import { type LogRow, logOf } from "./log";

export const db = openDatabase("falt");
/** The log's own worker hears what is for this phone. */
export const ear = phone(db);

/** Undefined until the phone has answered. */
export const who = signal<Identity | null | undefined>(undefined);
export const town = signal<MunicipalityState | null>(null);
export const log = signal<LogRow[]>([]);
export const passes = signal<PassState[]>([]);
export const chip = signal<Chip>({ word: "saved", n: 0 });
/** The server does not know this phone any more: nothing is sent until somebody signs in again. */
export const paused = signal(false);
/** The phone's storage would not answer; the screens say so instead of guessing. */
export const broken = signal<unknown>(null);
const outbox = signal<OutboxRow[]>([]);

/** Moves on while the page is open, so that "now" on the screen is now. */
export const now = signal(new Date());
export const tonight = computed<DateOnly>(() => eveningOf(now.value));

const NO_AREAS: readonly string[] = [];
export const smallAreas = computed<readonly string[]>(() => town.value?.small_areas ?? NO_AREAS);

const SIGNED_IN_FOR = 30 * 86_400_000;

/** Thirty days after signing in the phone asks again. What it has not sent yet is kept, and still sent. */
export function isOver(who: Identity, at: Date): boolean {
  return at.getTime() - Date.parse(who.joined_at) >= SIGNED_IN_FOR;
}

export function entriesOn(evening: DateOnly): LogRow[] {
  return log.value.filter((row) => row.evening === evening);
}

/** How many adults the team said it was that evening; this phone's own word goes before what the server has. */
export async function adultsOn(evening: DateOnly): Promise<number | null> {
  const id = await ownPass(evening);
  const said = outbox.value.filter((row) => row.entity === id).at(-1)?.operation.body as
    | { adults?: number | null }
    | undefined;
  return said?.adults ?? passes.value.find((one) => one.id === id)?.adults ?? null;
}

function ownPass(evening: DateOnly): Promise<Uuid> {
  return passId(who.value?.organisation ?? "", evening, "field_shift");
}

export async function load(): Promise<void> {
  try {
    const [me, townNow, passesNow, entries, met, rows, chipNow, contactNow] = await Promise.all([
      identity(db),
      municipality(db),
      passesIn(db),
      states(db, "presence"),
      states(db, "conflict"),
      db.read(["outbox"], (tx) => tx.objectStore("outbox").getAll()),
      chipIn(db),
      contact(db),
    ]);
    town.value = townNow;
    passes.value = passesNow;
    outbox.value = rows;
    log.value = logOf(entries, rows, met);
    chip.value = chipNow;
    paused.value = contactNow.paused !== null;
    who.value = me;
    broken.value = null;
  } catch (error) {
    broken.value = error;
    if (who.value === undefined) who.value = null;
    clearTimeout(tryingAgain);
    tryingAgain = setTimeout(() => void load(), TRY_AGAIN);
  }
}
let tryingAgain: ReturnType<typeof setTimeout> | undefined;
/** The phone may open its storage again at any time, and nobody should have to ask. */
const TRY_AGAIN = 2_000;

const TICK = 15_000;

export function follow(): void {
  watch(db, () => void load());
  const tick = () => {
    now.value = new Date();
  };
  setInterval(tick, TICK);
  addEventListener("visibilitychange", tick);
}
