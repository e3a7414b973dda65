import { signal } from "@preact/signals";
import { nowInstant } from "../../../domain/times";
import type { Operation, Outcome, Uuid } from "../../../domain/wire";
import { PROTOCOL } from "../../../domain/wire";
import { Trouble } from "../data/api";
import { SESSION } from "../data/operations";
import { me } from "../data/session";
import { isApplied, submitEach } from "../data/submit";

/** What is done to one row: it stands or falls by itself. */
export interface Piece {
  id: Uuid;
  title: string;
  operations: Operation[];
  /** The piece that makes what this one joins: sent first, and this one only when that was done. */
  after?: Uuid;
}

/** What the rows are. */
export type Kind = "tasks" | "findings";

/** Acts on several rows, made and kept but not sent: until `sendAt` they can all be taken back at once. */
export interface Parcel {
  id: Uuid;
  of: Kind;
  user: Uuid;
  device: Uuid;
  pieces: Piece[];
  sendAt: number;
}

export interface Refused {
  id: Uuid;
  title: string;
  outcome: Outcome | null; // null: never sent, since what it was to join did not come about
}

export interface Answered {
  of: Kind;
  done: number;
  refused: Refused[];
  outcomes: readonly Outcome[];
}

/** Long enough to see what one did and reach the button; short enough that nobody else meets the old state. */
export const UNDO_MS = 8000;
/** Another page may be about to send its own: what is left behind is taken over only after this. */
const LEFT_MS = 5000;
const KEPT = "desk.parcel.";

export const held = signal<Parcel | null>(null);
/** On their way, and not answered. */
export const underway = signal<readonly Parcel[]>([]);
/** What came of those whose answer nobody has put aside, the latest last. */
export const answered = signal<readonly Answered[]>([]);
/** Rows whose act did not come about, to be marked again in their list. */
export const putBack = signal<{ of: Kind; ids: readonly Uuid[] } | null>(null);

let timer = 0;

const keyOf = (parcel: Parcel) => `${KEPT}${parcel.id}`;

/** Keeps the acts where a closed page finds them again, and begins the time in which they can be taken back. */
export function hold(pieces: Piece[], of: Kind): void {
  const who = me.value;
  if (!who || pieces.length === 0) return;
  void sendNow();
  const first = pieces[0]?.operations[0];
  if (!first) return;
  const until = Date.now() + UNDO_MS;
  const parcel: Parcel = { id: first.id, of, user: who.user.id, device: who.device, pieces, sendAt: until };
  try {
    localStorage.setItem(keyOf(parcel), JSON.stringify(parcel));
  } catch {
    // No room to keep it in: it is sent all the same, as long as the page is open.
  }
  answered.value = answered.value.filter((each) => each.refused.length > 0);
  held.value = parcel;
  timer = window.setTimeout(() => void sendNow(), UNDO_MS);
}

/** Nothing has left: all of it is put back by never being sent. */
export function undo(): Parcel | null {
  const parcel = held.value;
  if (!parcel) return null;
  clearTimeout(timer);
  localStorage.removeItem(keyOf(parcel));
  held.value = null;
  putBack.value = { of: parcel.of, ids: parcel.pieces.map((piece) => piece.id) };
  return parcel;
}

/** Ends the waiting. Resolves when every act has been answered. */
export async function sendNow(): Promise<void> {
  const parcel = held.value;
  if (!parcel) return;
  clearTimeout(timer);
  held.value = null;
  await send(parcel);
}

/** Whoever is signed out meanwhile leaves it kept: it goes when they are back. */
async function send(parcel: Parcel): Promise<void> {
  underway.value = [...underway.value, parcel];
  try {
    const outcomes = await outcomesOf(parcel);
    localStorage.removeItem(keyOf(parcel));
    const came = told(parcel, outcomes);
    answered.value = [...answered.value, came];
    if (came.refused.length > 0) putBack.value = { of: parcel.of, ids: came.refused.map(({ id }) => id) };
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
  } finally {
    underway.value = underway.value.filter((other) => other.id !== parcel.id);
  }
}

async function outcomesOf(parcel: Parcel): Promise<Outcome[]> {
  const first = parcel.pieces.filter((piece) => !piece.after);
  const outcomes = await submitEach(operationsOf(first));
  const done = new Set(first.filter((piece) => !refusedIn(piece, outcomes)).map((piece) => piece.id));
  const then = parcel.pieces.filter((piece) => piece.after && done.has(piece.after));
  if (then.length > 0) outcomes.push(...(await submitEach(operationsOf(then))));
  return outcomes;
}

const operationsOf = (pieces: readonly Piece[]) => pieces.flatMap((piece) => piece.operations);

function refusedIn(piece: Piece, outcomes: readonly Outcome[]): Outcome | undefined {
  const mine = piece.operations.map((op) => outcomes.find((outcome) => outcome.id === op.id));
  return mine.find((outcome) => outcome && (!isApplied(outcome) || outcome.facts?.held));
}

/** Per row: done when each of its acts was, else the first that was refused says why. */
export function told(parcel: Pick<Parcel, "of" | "pieces">, outcomes: readonly Outcome[]): Answered {
  const answers = new Set(outcomes.map((outcome) => outcome.id));
  const refused: Refused[] = [];
  for (const piece of parcel.pieces) {
    const no = refusedIn(piece, outcomes);
    const sent = piece.operations.every((op) => answers.has(op.id));
    if (no || !sent) refused.push({ id: piece.id, title: piece.title, outcome: no ?? null });
  }
  return { of: parcel.of, done: parcel.pieces.length - refused.length, refused, outcomes };
}

/** Parcels of this person that a closed page left behind: sent with the same ids, so that none is done twice. */
export function sendLeft(now = Date.now()): void {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(KEPT))) {
    const parcel = parcelAt(key);
    if (!parcel || parcel.user !== me.value?.user.id || parcel.id === held.value?.id) continue;
    if (underway.value.some((other) => other.id === parcel.id)) continue;
    const due = parcel.sendAt + LEFT_MS - now;
    if (due > 0) setTimeout(() => sendLeft(), due);
    else void send({ ...parcel, of: parcel.of ?? "tasks" }); // one that an earlier page left says nothing of its kind
  }
}

/** One that nobody can read stops none of the others. */
function parcelAt(key: string): Parcel | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Parcel | null;
  } catch {
    return null;
  }
}

/** The page goes away: what waits is sent with it. It stays kept until an answer has been seen. */
function leave(): void {
  const parcel = held.value;
  if (!parcel) return;
  clearTimeout(timer);
  held.value = null;
  fetch("/sync/push", {
    method: "POST",
    keepalive: true,
    credentials: "same-origin",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      protocol: PROTOCOL,
      device: parcel.device,
      sent_at: nowInstant(),
      session: SESSION,
      mono_ms: Math.round(performance.now()),
      operations: operationsOf(parcel.pieces.filter((piece) => !piece.after)),
    }),
  }).catch(() => undefined);
}
addEventListener("pagehide", leave);
// Taken back from the browser's own memory it is not opened anew: what was left is looked after here.
addEventListener("pageshow", (event) => event.persisted && sendLeft());
