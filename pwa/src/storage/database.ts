import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";
import type { Passage } from "../domain/outbox";
import type { Kind, Uuid } from "../domain/wire";
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

export function openDatabase(surface: Surface): Database {
  return new Connection(surface);
}

const VERSION = 1;

class Connection implements Database {
  readonly name: string;
  readonly surface: Surface;
  private opened: Promise<IDBPDatabase<Schema>> | null = null;
  private readonly listeners = new Set<(topic: Topic) => void>();
  private readonly channel: BroadcastChannel | null;

  constructor(surface: Surface) {
    this.surface = surface;
    this.name = `trygg-${surface}`;
    this.channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(this.name) : null;
    this.channel?.addEventListener("message", (event) => this.tell(event.data as Topic));
  }

  read<T>(stores: Store[], work: (tx: Reading) => Promise<T>): Promise<T> {
    return this.again(async (db) => {
      const tx = db.transaction(stores, "readonly");
      tx.done.catch(() => undefined);
      return work(tx);
    });
  }

  async write<T>(stores: Store[], work: (tx: Writing) => Promise<T>, topic: Topic | "quiet" = "changed"): Promise<T> {
    const result = await this.again((db) => written(db, stores, work));
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
    this.listeners.clear();
    this.channel?.close();
    void this.opened?.then((db) => db.close()).catch(() => undefined);
    this.opened = null;
  }

  private tell(topic: Topic): void {
    for (const fn of [...this.listeners]) fn(topic);
  }

  /** iOS closes databases of pages in the background: open once more and do it again, before anybody hears of it. */
  private async again<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    const connection = this.connect();
    try {
      return await work(await connection);
    } catch (error) {
      if (!(await this.lost(connection, error))) throw error;
      return await work(await this.connect());
    }
  }

  private async lost(connection: Promise<IDBPDatabase<Schema>>, error: unknown): Promise<boolean> {
    const name = error instanceof Error ? error.name : "";
    if (this.opened === connection) {
      if (!["InvalidStateError", "UnknownError", "AbortError"].includes(name)) return false;
      this.opened = null;
      await connection.then((db) => db.close()).catch(() => undefined);
    }
    // The connection was replaced meanwhile: whatever came of the old one is no news about the data.
    return name !== "StorageFull";
  }

  private connect(): Promise<IDBPDatabase<Schema>> {
    if (this.opened) return this.opened;
    const forget = () => {
      if (this.opened === opening) this.opened = null;
    };
    const opening = open(this.name, forget);
    this.opened = opening;
    opening.catch(forget);
    return opening;
  }
}

async function written<T>(db: IDBPDatabase<Schema>, stores: Store[], work: (tx: Writing) => Promise<T>): Promise<T> {
  const tx = db.transaction(stores, "readwrite", { durability: "strict" });
  // Its failure is read below; without this a failed `work` would leave it unhandled.
  tx.done.catch(() => undefined);
  try {
    const result = await work(tx);
    await tx.done;
    return result;
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // already over
    }
    throw isFull(error) || isFull(tx.error) ? new StorageFull(error) : error;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}

async function open(name: string, onGone: () => void): Promise<IDBPDatabase<Schema>> {
  let db: IDBPDatabase<Schema> | null = null;
  const callbacks = {
    upgrade,
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
