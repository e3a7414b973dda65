import {
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type OpenDBCallbacks,
  openDB,
  type StoreNames,
} from "idb";
import type { Passage } from "../domain/outbox";
import type { Kind, Uuid } from "../domain/wire";
import { limited, type Pauses } from "./pauses";
import type { BytesRow, DraftRow, MetaRow, OutboxRow, PhotoRow, StateRow } from "./rows";

export type Surface = "field" | "falt";

export interface Schema extends DBSchema {
  meta: { key: string; value: MetaRow };
  drafts: { key: Uuid; value: DraftRow; indexes: { walk: Uuid } };
  photos: { key: Uuid; value: PhotoRow; indexes: { of: Uuid; passage: Passage } };
  bytes: { key: Uuid; value: BytesRow };
  outbox: { key: number; value: OutboxRow; indexes: { id: Uuid; entity: Uuid; passage: Passage } };
  states: { key: [Kind, string]; value: StateRow; indexes: { kind: Kind } };
}
export type Store = StoreNames<Schema>;
export type Reading = IDBPTransaction<Schema, Store[], "readonly">;
export type Writing = IDBPTransaction<Schema, Store[], "readwrite">;

/** The phone has no room: nothing of what was being written is there. */
export class StorageFull extends Error {
  constructor(cause: unknown) {
    super("the phone's storage is full", { cause });
    this.name = "StorageFull";
  }
}

/** The phone does not open the database, and does not say why. Nothing of what was asked for has been done. */
export class SlowToOpen extends Error {
  constructor() {
    super("the phone does not open its database");
    this.name = "SlowToOpen";
  }
}

/** The phone has begun and never gets further. It is broken off: nothing of what was asked for has been done. */
export class SlowToAnswer extends Error {
  constructor() {
    super("the phone's database does not answer");
    this.name = "SlowToAnswer";
  }
}

export type { Pauses } from "./pauses";
export type Topic = "changed" | "handed_in";

/**
 * The phone's database. `work` may run twice (the platform closes databases behind our back), so it touches nothing
 * but the transaction, and it awaits nothing but the transaction, or the transaction ends under it.
 */
export interface Database {
  readonly name: string;
  readonly surface: Surface;
  read<T>(stores: Store[], work: (tx: Reading) => Promise<T>): Promise<T>;
  /** Resolves when the medium has it (`complete`, strict), never before. Everybody who listens is told `topic`. */
  write<T>(stores: Store[], work: (tx: Writing) => Promise<T>, topic?: Topic | "quiet"): Promise<T>;
  listen(fn: (topic: Topic) => void): () => void;
  close(): void;
}

export function openDatabase(surface: Surface, pauses: Pauses = globalThis): Database {
  return new Connection(surface, pauses);
}

const VERSION = 1;
/** Pauses between tries when the platform has closed the database, in milliseconds; it may do so several times running. */
const RESTS = [0, 20, 100, 400];
/** Longer than a slow phone needs; then somebody is told, and the next use tries anew. */
const OPENS_WITHIN = { every: 300, looks: 17 };
const ANSWERS_WITHIN = { every: 1_000, looks: 15 };
/** Said on the channel by a page that waits for the database. No page acts on it. */
const NUDGE = "opening";

class Connection implements Database {
  readonly name: string;
  readonly surface: Surface;
  private opened: Promise<IDBPDatabase<Schema>> | null = null;
  private readonly listeners = new Set<(topic: Topic) => void>();
  private readonly channel: BroadcastChannel | null;
  private readonly pauses: Pauses;
  private readonly running = new Set<Breakable>();
  /** Until the page is shown again. */
  private away: Promise<void> | null = null;

  constructor(surface: Surface, pauses: Pauses) {
    this.surface = surface;
    this.pauses = pauses;
    this.name = `trygg-${surface}`;
    this.channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(this.name) : null;
    this.channel?.addEventListener("message", (event) => {
      if (event.data !== NUDGE) this.tell(event.data as Topic);
    });
    globalThis.addEventListener?.("pagehide", this.leave);
  }

  read<T>(stores: Store[], work: (tx: Reading) => Promise<T>): Promise<T> {
    return this.again((db) => {
      const tx = db.transaction(stores, "readonly");
      return this.answered(tx, work(tx));
    });
  }

  async write<T>(stores: Store[], work: (tx: Writing) => Promise<T>, topic: Topic | "quiet" = "changed"): Promise<T> {
    const result = await this.again((db) => {
      const tx = db.transaction(stores, "readwrite", { durability: "strict" });
      return this.answered(tx, written(tx, work));
    });
    if (topic !== "quiet") {
      this.tell(topic);
      this.channel?.postMessage(topic);
    }
    return result;
  }

  listen(fn: (topic: Topic) => void): () => void {
    this.listeners.add(fn);
    return () => void this.listeners.delete(fn);
  }

  close(): void {
    globalThis.removeEventListener?.("pagehide", this.leave);
    this.listeners.clear();
    this.channel?.close();
    this.letGo();
  }

  private readonly letGo = (): void => {
    void this.opened?.then((db) => db.close()).catch(() => undefined);
    this.opened = null;
  };

  /**
   * A page that is put away may be kept frozen for "back", and whatever it is in the middle of with it: WebKit then lets
   * nobody else read or write until the browser is closed. So it lets go of everything, and begins again when it is back.
   */
  private readonly leave = (event: Event): void => {
    this.letGo();
    if (!(event as PageTransitionEvent).persisted) return;
    this.away ??= new Promise((back) => globalThis.addEventListener("pageshow", () => back(), { once: true }));
    void this.away.then(() => {
      this.away = null;
    });
    // Elsewhere what is being written is written to its end; there it would lie frozen, and be lost with the page.
    for (const tx of this.running) if (tx.mode !== "readwrite" || freezesWriting()) isBrokenOff(tx);
  };

  private tell(topic: Topic): void {
    for (const fn of [...this.listeners]) fn(topic);
  }

  /** iOS closes databases of pages in the background: open again and do it again, before anybody hears of it. */
  private async again<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    for (const rest of RESTS) {
      if (this.away) await this.away;
      const connection = this.connect();
      try {
        return await work(await connection);
      } catch (error) {
        if (!(await this.lost(connection, error))) throw error;
      }
      if (rest > 0) await new Promise((go) => this.pauses.setTimeout(go, rest));
    }
    if (this.away) await this.away;
    return work(await this.connect());
  }

  private async lost(connection: Promise<IDBPDatabase<Schema>>, error: unknown): Promise<boolean> {
    const name = error instanceof Error ? error.name : "";
    if (this.opened === connection) {
      if (!["InvalidStateError", "UnknownError", "AbortError"].includes(name)) return false;
      this.opened = null;
      await connection.then((db) => db.close()).catch(() => undefined);
    }
    // The connection was replaced meanwhile: whatever came of the old one is no news about the data.
    return !["StorageFull", "SlowToOpen", "SlowToAnswer"].includes(name);
  }

  /** What is written is either there or broken off, however long it takes: one that is being kept is waited for. */
  private async answered<T>(tx: Breakable, work: Promise<T>): Promise<T> {
    let isSlow = false;
    this.keepTrack(tx);
    const stop = limited(this.pauses, ANSWERS_WITHIN, () => {
      isSlow = isBrokenOff(tx);
    });
    try {
      return await work;
    } catch (error) {
      throw isSlow ? new SlowToAnswer() : error;
    } finally {
      stop();
    }
  }

  private keepTrack(tx: Breakable): void {
    this.running.add(tx);
    tx.done.catch(() => undefined).then(() => this.running.delete(tx));
  }

  private connect(): Promise<IDBPDatabase<Schema>> {
    if (this.opened) return this.opened;
    const forget = () => {
      if (this.opened === opening) this.opened = null;
    };
    const opened = open(this.name, forget, (tx) => this.keepTrack(tx));
    const opening = inTime(opened, this.pauses, () => this.channel?.postMessage(NUDGE));
    this.opened = opening;
    opening.catch(forget);
    return opening;
  }
}

type Breakable = Pick<Writing, "abort"> & { done: Promise<unknown>; mode: IDBTransactionMode };

/** Only WebKit keeps a page frozen in the middle of a writing. */
function freezesWriting(): boolean {
  return globalThis.navigator?.vendor?.startsWith("Apple") ?? false;
}

/** False: it is over, or being kept. */
function isBrokenOff(tx: Breakable): boolean {
  try {
    tx.abort();
    return true;
  } catch {
    return false;
  }
}

async function written<T>(tx: Writing, work: (tx: Writing) => Promise<T>): Promise<T> {
  try {
    const result = await work(tx);
    await tx.done;
    return result;
  } catch (error) {
    isBrokenOff(tx);
    throw isFull(error) || isFull(tx.error) ? new StorageFull(error) : error;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}

async function open(
  name: string,
  onGone: () => void,
  onUpgrade: (tx: Breakable) => void,
): Promise<IDBPDatabase<Schema>> {
  let db: IDBPDatabase<Schema> | null = null;
  const callbacks: OpenDBCallbacks<Schema> = {
    upgrade: (growing, from, _to, tx) => {
      onUpgrade(tx);
      upgrade(growing, from);
    },
    terminated: onGone,
    // Another tab brings a newer shape: step aside at once. The next use opens again, whatever the shape.
    blocking: () => {
      onGone();
      db?.close();
    },
  };
  try {
    db = await openDB<Schema>(name, VERSION, callbacks);
  } catch (error) {
    // Shapes only ever grow, so yesterday's page may go on writing into tomorrow's database.
    if (!(error instanceof Error) || error.name !== "VersionError") throw error;
    db = await openDB<Schema>(name, undefined, callbacks);
  }
  return db;
}

/**
 * Chromium keeps a page that was left while it made the database frozen with it, and everybody after it waits. A word on
 * the channel that it listens to makes the browser drop it. What opens after the limit is closed: nobody waits for it.
 */
function inTime(
  opening: Promise<IDBPDatabase<Schema>>,
  pauses: Pauses,
  onLook: () => void,
): Promise<IDBPDatabase<Schema>> {
  return new Promise((resolve, reject) => {
    const stop = limited(pauses, { ...OPENS_WITHIN, onLook }, () => {
      reject(new SlowToOpen());
      opening.then((db) => db.close()).catch(() => undefined);
    });
    opening.then(resolve, reject).finally(stop);
  });
}

/** Stores and indexes are only ever added. Taking one away needs a release in which nobody reads it. */
function upgrade(db: IDBPDatabase<Schema>, from: number): void {
  if (from < 1) {
    db.createObjectStore("meta", { keyPath: "key" });
    db.createObjectStore("drafts", { keyPath: "id" }).createIndex("walk", "walk");
    const photos = db.createObjectStore("photos", { keyPath: "id" });
    photos.createIndex("of", "of");
    photos.createIndex("passage", "passage");
    db.createObjectStore("bytes", { keyPath: "id" });
    const outbox = db.createObjectStore("outbox", { keyPath: "seq" });
    outbox.createIndex("id", "id", { unique: true });
    outbox.createIndex("entity", "entity");
    outbox.createIndex("passage", "passage");
    db.createObjectStore("states", { keyPath: ["kind", "id"] }).createIndex("kind", "kind");
  }
}
