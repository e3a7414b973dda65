import type { Database } from "../storage/database";
import { forgetOldWalks, forgetProven } from "../storage/forget";
import { type Identity, identity } from "../storage/identity";
import { browserWorld, DONE, type Ended, type World } from "./ask";
import {
  contact,
  endOrphanedLease,
  heldFor,
  hold,
  LONGEST_HOLD,
  letGo,
  newHolder,
  noteContact,
  pause,
  stayKnown,
} from "./contact";
import { offerAgain } from "./have";
import { sendPhotos } from "./photos";
import { pull } from "./pull";
import { push } from "./push";
import { renew } from "./renew";
import { fetchRescueKey } from "./rescue";
import { fetchCard } from "./walkcard";

export interface Sender {
  /** The person, the network or the screen woke up: try at once. A Retry-After still holds. */
  now(): void;
  stop(): void;
}

/** Between looks at the feed when nothing waits. */
const LOOK = 120_000;
/** Another tab is sending: look again when its turn should be over. */
const OTHERS_TURN = 15_000;

export type Round = "idle" | "not_mine" | "paused" | "held" | "lost" | "done";

/** Sends on open, on focus, on line, on hand-in and by the clock, for as long as the page lives. */
export function startSender(db: Database, world: World = browserWorld): Sender {
  const holder = newHolder();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  let stopped = false;

  const run = async (): Promise<void> => {
    clearTimeout(timer);
    if (running) {
      again = true;
      return;
    }
    running = true;
    again = false;
    const ended = await round(db, world, holder).catch((): Round => "lost");
    running = false;
    if (stopped) return;
    if (again) return void run();
    timer = setTimeout(() => void run(), await wait(db, world, ended).catch(() => LOOK));
    if (ended === "lost") void askBrowserToWakeUs();
  };
  const wake = () => {
    void rested(db)
      .catch(() => undefined)
      .then(() => (stopped ? undefined : run()));
  };
  const unlisten = db.listen((topic) => {
    if (topic === "handed_in") void run();
  });
  const unwatch = onWaking(wake);
  let ended = (): void => undefined;
  const lifetime = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const locks = world.locks();
  if (locks) stayKnown(locks, holder, lifetime);
  void run();
  return {
    now: wake,
    stop: () => {
      stopped = true;
      ended();
      clearTimeout(timer);
      unlisten();
      unwatch();
    },
  };
}

/** One whole exchange, if it is this page's turn. */
export async function round(db: Database, world: World, holder: string): Promise<Round> {
  const who = await identity(db);
  if (!who) return "idle";
  const before = await contact(db);
  if (before.paused !== null && !(MAY_DELIVER.has(before.paused) && (await hasMore(db)))) return "paused";
  if (heldFor(before.hold_until, world.now()) > 0) return "held";
  return alone(db, holder, world, async () => {
    const ended = await exchange(db, world, who, holder);
    if (ended.kind === "done") {
      await noteContact(db, { failures: 0, hold_until: 0, last_answer_at: world.now() });
      await fetchRescueKey(db, world, who);
      await fetchCard(db, world, who);
      await forgetProven(db, "time");
      await forgetOldWalks(db);
      return "done";
    }
    if (ended.kind === "not_mine") return "not_mine";
    if (ended.kind === "restarted") return "lost";
    if (ended.kind === "unauthorised") {
      await noteContact(db, { paused: ended.code });
      return "paused";
    }
    await failed(db, world, before.failures, ended.retry_after);
    return "lost";
  });
}

/** Up first, then down: the feed that answers a push already shows what was pushed. */
async function exchange(db: Database, world: World, who: Identity, holder: string): Promise<Ended> {
  const up = await push(db, world, who, holder);
  if (up.kind === "restarted") return restarted(db, world, who, holder);
  if (up.kind !== "done") return up;
  const photos = await sendPhotos(db, world, who, holder);
  if (photos.kind === "not_mine" || photos.kind === "unauthorised") return photos;
  // Also when a photo was cut off: the feed may know that its last byte arrived.
  const down = await pull(db, world, who);
  if (down.kind !== "done") return down;
  const offered = await offerAgain(db, world, who);
  if (offered.kind !== "done") return offered;
  if ((offered.missing ?? 0) > 0) return exchange(db, world, who, holder);
  return photos.kind === "done" ? DONE : photos;
}

/** Once; should the new id be told the same, the next round tries anew. */
async function restarted(db: Database, world: World, who: Identity, holder: string): Promise<Ended> {
  const renewed = await renew(db, world, who);
  const now = await identity(db);
  if (renewed.kind !== "done" || !now || now.device === who.device) return renewed;
  return exchange(db, world, now, holder);
}

/** The server lets such a phone read nothing, and takes in what it hands in: a person there looks at it. */
const MAY_DELIVER = new Set(["device_revoked", "token_expired", "user_disabled"]);

async function hasMore(db: Database): Promise<boolean> {
  const left = await db.read(["outbox", "photos"], async (tx) => {
    const rows = tx.objectStore("outbox").index("passage");
    const photos = tx.objectStore("photos").index("passage");
    return (await rows.count("waiting")) + (await rows.count("sending")) + (await photos.count("waiting"));
  });
  return left > 0;
}

async function failed(db: Database, world: World, failures: number, retry_after: number | null): Promise<void> {
  const hold_until = retry_after === null ? 0 : world.now() + Math.min(retry_after * 1_000, LONGEST_HOLD);
  await noteContact(db, { failures: failures + 1, hold_until });
}

/** Web Locks keep tabs apart; the lease keeps apart what locks do not reach: a tab that was frozen, a browser without them. */
async function alone(db: Database, holder: string, world: World, work: () => Promise<Round>): Promise<Round> {
  const locks = world.locks();
  if (!locks) return leased(db, holder, world, work);
  return locks.request(`sync-${db.name}`, { ifAvailable: true }, async (lock): Promise<Round> => {
    if (!lock) return "not_mine";
    await endOrphanedLease(db, locks, holder);
    return leased(db, holder, world, work);
  });
}

async function leased(db: Database, holder: string, world: World, work: () => Promise<Round>): Promise<Round> {
  const mine = await db.write(["meta"], (tx) => hold(tx, holder, world.now()), "quiet");
  if (!mine) return "not_mine";
  try {
    return await work();
  } finally {
    await letGo(db, holder);
  }
}

async function wait(db: Database, world: World, ended: Round): Promise<number> {
  const { failures, hold_until } = await contact(db);
  if (ended === "not_mine") return OTHERS_TURN;
  if (ended === "held" || ended === "lost") {
    return Math.max(pause(failures, world.random), heldFor(hold_until, world.now()));
  }
  if (ended !== "done") return LOOK;
  const rest = await earliest(db);
  return rest === null ? LOOK : Math.min(LOOK, Math.max(pause(0, world.random), rest - world.now()));
}

/** When the first of those that rest may go. */
async function earliest(db: Database): Promise<number | null> {
  const rows = await db.read(["outbox", "photos"], async (tx) => [
    ...(await tx.objectStore("outbox").index("passage").getAll("waiting")),
    ...(await tx.objectStore("photos").index("passage").getAll("waiting")),
  ]);
  return rows.length === 0 ? null : Math.min(...rows.map((row) => row.not_before));
}

/** Whoever comes back to the page wants it tried now: nothing rests any longer, and the pauses start short again. */
async function rested(db: Database): Promise<void> {
  await noteContact(db, { failures: 0 });
  await db.write(
    ["outbox", "photos"],
    async (tx) => {
      for (const name of ["outbox", "photos"] as const) {
        const store = tx.objectStore(name);
        let cursor = await store.index("passage").openCursor("waiting");
        for (; cursor; cursor = await cursor.continue()) {
          if (cursor.value.not_before > 0) await cursor.update({ ...cursor.value, not_before: 0 } as never);
        }
      }
    },
    "quiet",
  );
}

function onWaking(wake: () => void): () => void {
  const page = globalThis.document as Document | undefined;
  const worker = globalThis.navigator?.serviceWorker as ServiceWorkerContainer | undefined;
  const seen = () => {
    if (page?.visibilityState === "visible") wake();
  };
  const told = (event: MessageEvent) => {
    if ((event.data as { type?: string } | null)?.type === "SEND") wake();
  };
  const spots: [EventTarget | undefined, string, EventListener][] = [
    [globalThis.window, "online", wake],
    [globalThis.window, "focus", wake],
    [globalThis.window, "pageshow", wake],
    [page, "visibilitychange", seen],
    [worker, "message", told as EventListener],
  ];
  for (const [target, name, listener] of spots) target?.addEventListener(name, listener);
  return () => {
    for (const [target, name, listener] of spots) target?.removeEventListener(name, listener);
  };
}

/** Where Background Sync exists the worker wakes an open page when the network is back. An extra, never the way. */
async function askBrowserToWakeUs(): Promise<void> {
  const registration = await globalThis.navigator?.serviceWorker?.getRegistration();
  const sync = (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync;
  await sync?.register("send").catch(() => undefined);
}
