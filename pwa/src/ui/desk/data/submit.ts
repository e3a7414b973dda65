import { signal } from "@preact/signals";
import { nowInstant } from "../../../domain/times";
import { type Operation, type Outcome, PROTOCOL, type Pushed, type Uuid } from "../../../domain/wire";
import { request, Trouble } from "./api";
import { SESSION } from "./operations";
import { me, signedInAgain } from "./session";

/** Operations made in one act, sent in one push and kept until answered. */
interface Act {
  user: Uuid;
  operations: Operation[];
}

/** The server said no. The facts are the server's own, for the text on the screen. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly facts: Record<string, unknown>,
  ) {
    super(code);
  }
}

const KEPT = "desk.unanswered";
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** Counts up when something was applied, so that what is on the screen is fetched again. */
export const applied = signal(0);
/** Acts that have been tried and not answered. */
export const unanswered = signal(0);

let hurry: (() => void)[] = [];

/** Ends every wait between two tries. */
export function tryNow(): void {
  const waiting = hurry;
  hurry = [];
  for (const go of waiting) go();
}
addEventListener("online", tryNow);

function kept(): Act[] {
  return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]") as Act[];
}

function keep(acts: Act[]): void {
  sessionStorage.setItem(KEPT, JSON.stringify(acts));
}

function isSame(a: Act, b: Act): boolean {
  return a.operations[0]?.id === b.operations[0]?.id;
}

/**
 * The one way from the desk to the server. Resolves when every operation has been applied, then or earlier;
 * throws `Refusal` for the first that was not. Never doubles: each try carries the same ids.
 */
export async function submit(...operations: Operation[]): Promise<Outcome[]> {
  const user = me.value?.user.id;
  if (!user) throw new Trouble("signed_out");
  const act: Act = { user, operations };
  keep([...kept(), act]);
  return answer(act);
}

const MOST_AT_ONCE = 200;
/** Of 256 KiB, which is what the server takes: the rest is for the envelope. */
const MOST_CHARACTERS = 100_000;

/**
 * As `submit`, for acts that stand each for itself: every outcome comes back, those that were refused too. A push that
 * was turned away whole is an outcome for each of its acts, and the pushes after it are tried all the same.
 */
export async function submitEach(operations: readonly Operation[]): Promise<Outcome[]> {
  const user = me.value?.user.id;
  if (!user) throw new Trouble("signed_out");
  const acts = pushesOf(operations).map((some): Act => ({ user, operations: some }));
  keep([...kept(), ...acts]);
  const outcomes: Outcome[] = [];
  for (const act of acts) {
    try {
      outcomes.push(...(await settled(act)));
    } catch (error) {
      const code = error instanceof Trouble ? (error.problem?.code ?? error.kind) : "fault";
      outcomes.push(...act.operations.map((op): Outcome => ({ id: op.id, outcome: "rejected", code })));
    }
  }
  return outcomes;
}

function pushesOf(operations: readonly Operation[]): Operation[][] {
  const pushes: Operation[][] = [];
  let room = 0;
  for (const op of operations) {
    const size = JSON.stringify(op).length;
    const now = pushes.at(-1);
    if (now && now.length < MOST_AT_ONCE && size <= room) now.push(op);
    else pushes.push([op]);
    room = (now === pushes.at(-1) ? room : MOST_CHARACTERS) - size;
  }
  return pushes;
}

/** Sends what a reload of the page interrupted. Only the person who did it sends it. */
export function resume(): void {
  for (const act of kept()) if (act.user === me.value?.user.id) answer(act).catch(() => undefined);
}

async function settled(act: Act): Promise<Outcome[]> {
  const outcomes = await pushUntilAnswered(act);
  keep(kept().filter((other) => !isSame(other, act)));
  if (outcomes.some(isApplied)) applied.value++;
  return outcomes;
}

async function answer(act: Act): Promise<Outcome[]> {
  const outcomes = await settled(act);
  for (const outcome of outcomes) {
    if (!isApplied(outcome)) throw new Refusal(outcome.code ?? outcome.outcome, outcome.facts ?? {});
  }
  return outcomes;
}

export function isApplied(outcome: Outcome): boolean {
  return (
    outcome.outcome === "applied" || (outcome.outcome === "repeated" && (outcome.first ?? "applied") === "applied")
  );
}

async function pushUntilAnswered(act: Act): Promise<Outcome[]> {
  let counted = false;
  try {
    for (let tries = 0; ; tries++) {
      try {
        return await push(act.operations);
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        if (error.kind === "signed_out") {
          await signedInAgain();
          continue;
        }
        if (error.kind !== "offline" && error.kind !== "fault" && error.kind !== "busy") {
          keep(kept().filter((other) => !isSame(other, act)));
          throw error;
        }
        if (!counted) {
          counted = true;
          unanswered.value++;
        }
        await pause(Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS));
      }
    }
  } finally {
    if (counted) unanswered.value--;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    hurry.push(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function push(operations: Operation[]): Promise<Outcome[]> {
  const pushed = await request<Pushed>("POST", "/sync/push", {
    protocol: PROTOCOL,
    device: me.value?.device,
    sent_at: nowInstant(),
    session: SESSION,
    mono_ms: Math.round(performance.now()),
    operations,
  });
  const answers = operations.map((op) => pushed.outcomes?.find((outcome) => outcome.id === op.id));
  // An answer that leaves an operation out is no answer: ask again with the same ids.
  if (answers.some((found) => !found)) throw new Trouble("fault");
  return answers as Outcome[];
}
