import { signal } from "@preact/signals";
import { nowInstant } from "../../../../domain/times";
import { type Outcome, PROTOCOL, type Pushed } from "../../../../domain/wire";
import { acts, keepAct, settle, type VanAct } from "../../../../storage/van";
import { asTrouble, request, type TroubleKind } from "../../data/api";
import { SESSION } from "../../data/operations";
import { me, sessionLost } from "../../data/session";
import { isApplied } from "../../data/submit";

export type Standing = "idle" | "sending" | TroubleKind;

/** How the last try went, for the line on the screen. */
export const standing = signal<Standing>("idle");
/** Counts up when something kept has changed. */
export const changed = signal(0);

const AGAIN_MS = 30_000;

/**
 * Sends what was done, oldest first, each act whole: the operations, then the photos. What is answered is dropped, what
 * is refused stays until somebody has read why. One page at a time, so that two never race; repeating is harmless anyway.
 */
export async function sendAll(): Promise<void> {
  if (navigator.locks)
    await navigator.locks.request("trygg-bilen", { ifAvailable: true }, (lock) => lock && sendInTurn());
  else await sendInTurn();
}

async function sendInTurn(): Promise<void> {
  const mine = (await acts()).filter((act) => act.user === me.value?.user.id && !act.refused);
  if (mine.length === 0) {
    standing.value = "idle";
    return;
  }
  standing.value = "sending";
  try {
    for (const act of mine) await sendOne(act);
    standing.value = "idle";
  } catch (error) {
    const { kind } = asTrouble(error);
    if (kind === "signed_out") sessionLost.value = true;
    standing.value = kind;
  }
}

async function sendOne(act: VanAct): Promise<void> {
  const outcomes = await push(act);
  const no = outcomes.find((outcome) => !isApplied(outcome));
  if (no) await keepAct({ ...act, refused: { code: no.code ?? no.outcome, facts: no.facts ?? {} } });
  else {
    const { upload } = await import("../upload");
    for (const photo of act.photos) await upload({ ...photo, onShare: () => undefined });
    await settle(act, outcomes.at(-1)?.version ?? null);
  }
  changed.value++;
}

async function push(act: VanAct): Promise<Outcome[]> {
  const pushed = await request<Pushed>("POST", "/sync/push", {
    protocol: PROTOCOL,
    device: me.value?.device,
    sent_at: nowInstant(),
    session: SESSION,
    mono_ms: Math.round(performance.now()),
    operations: act.operations,
  });
  // An answer that leaves an operation out is no answer: the same is asked again.
  return act.operations.map((op) => {
    const found = pushed.outcomes?.find((outcome) => outcome.id === op.id);
    if (!found) throw new Error("an operation without an answer");
    return found;
  });
}

/** Tries when the network comes back, when the page is looked at again, and now and then. Gives the way to stop. */
export function keepSending(): () => void {
  const now = () => {
    if (document.visibilityState === "visible") void sendAll();
  };
  addEventListener("online", now);
  document.addEventListener("visibilitychange", now);
  const timer = setInterval(now, AGAIN_MS);
  now();
  return () => {
    removeEventListener("online", now);
    document.removeEventListener("visibilitychange", now);
    clearInterval(timer);
  };
}
