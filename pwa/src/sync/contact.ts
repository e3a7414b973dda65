import { uuid7 } from "../domain/ids";
import type { Database, Writing } from "../storage/database";
import { meta, setMeta } from "../storage/identity";

/** How the phone and the server last got on; shared by every tab. Times are this phone's milliseconds. */
export interface Contact {
  failures: number;
  /** A Retry-After that is still running. */
  hold_until: number;
  /** Why sending has stopped until somebody joins again: the server does not know this phone. */
  paused: string | null;
  last_answer_at: number | null;
}
const NEW: Contact = { failures: 0, hold_until: 0, paused: null, last_answer_at: null };

export async function contact(db: Database): Promise<Contact> {
  return (await meta<Contact>(db, "contact")) ?? NEW;
}

export async function noteContact(db: Database, change: Partial<Contact>): Promise<void> {
  const write = async (tx: Writing) => {
    const before = (await tx.objectStore("meta").get("contact"))?.value as Contact | undefined;
    await setMeta(tx, "contact", { ...NEW, ...before, ...change });
  };
  await db.write(["meta"], write, change.paused === undefined ? "quiet" : "changed");
}

// ---------------------------------------------------------------- pauses between tries

const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 300_000;
const SHORTEST_PAUSE = 250;
/** What a Retry-After may ask for: a login page's "come back tomorrow" must not stop an evening. */
export const LONGEST_HOLD = 3_600_000;

/** Full jitter: anywhere below a ceiling that doubles from 2 s to 5 min, so that a hundred phones do not come back as one. */
export function pause(failures: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures, 10));
  return Math.max(SHORTEST_PAUSE, Math.floor(random() * ceiling));
}

/** Milliseconds still to wait. A clock that was set back cannot make it longer than a Retry-After may be. */
export function heldFor(hold_until: number, now: number): number {
  const left = hold_until - now;
  return left > 0 && left <= LONGEST_HOLD ? left : 0;
}

// ---------------------------------------------------------------- the lease: one sender, also when a frozen tab wakes up

/** Longer than any single request may take; renewed at every step. */
export const LEASE = 75_000;
interface Lease {
  holder: string;
  until: number;
}
/** This page's name in the lease. */
export const newHolder = (): string => uuid7();

/** Takes or renews the lease in the caller's transaction; false when another holder's is still running. */
export async function hold(tx: Writing, holder: string, now: number): Promise<boolean> {
  const lease = (await tx.objectStore("meta").get("lease"))?.value as Lease | undefined;
  const left = lease ? lease.until - now : 0;
  // More time left than a lease ever has: the clock was set back, and nobody holds it.
  if (lease && lease.holder !== holder && left > 0 && left <= LEASE) return false;
  await setMeta(tx, "lease", { holder, until: now + LEASE });
  return true;
}

/** Every page with a sender holds this lock for as long as it lives: a lease whose page is gone is nobody's. */
const pageLock = (holder: string): string => `page-${holder}`;

/** Holds this page's lock until `until` settles (or the page ends). */
export function stayKnown(locks: LockManager, holder: string, until: Promise<void>): void {
  void locks.request(pageLock(holder), () => until).catch(() => undefined);
}

/** Ends a lease whose page was closed, killed or reloaded in mid-sending: its work need not wait for the clock. */
export async function endOrphanedLease(db: Database, locks: LockManager, holder: string): Promise<void> {
  const lease = (await db.read(["meta"], (tx) => tx.objectStore("meta").get("lease")))?.value as Lease | undefined;
  if (!lease || lease.holder === holder) return;
  const gone = await locks.request(pageLock(lease.holder), { ifAvailable: true }, (lock) => lock !== null);
  if (gone) await letGo(db, lease.holder);
}

export async function letGo(db: Database, holder: string): Promise<void> {
  await db.write(
    ["meta"],
    async (tx) => {
      const lease = (await tx.objectStore("meta").get("lease"))?.value as Lease | undefined;
      if (lease?.holder === holder) await tx.objectStore("meta").delete("lease");
    },
    "quiet",
  );
}
