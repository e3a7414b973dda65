import forceClose from "fake-indexeddb/lib/forceCloseDatabase";

/** What a page's database connection may be made to do. */
export interface Handle {
  /** A transaction begins, or is complete; the page may end here. */
  tick(): void;
  isGone(): boolean;
  /** The next writing transaction finds no room. */
  isFull(): boolean;
}

/** One page's `indexedDB`, on its phone's medium: what the page holds open dies with it, and what is half written is undone. */
export class PageMedium {
  private readonly open = new Set<IDBDatabase>();
  private readonly running = new Set<IDBTransaction>();
  readonly factory: IDBFactory;

  constructor(medium: IDBFactory, page: Handle) {
    const attach = (db: IDBDatabase) => this.attach(db, page);
    this.factory = new Proxy(medium, {
      get(target, name) {
        if (name !== "open") return Reflect.get(target, name);
        return (database: string, version?: number) => {
          if (page.isGone()) return new IDBOpenDBRequest(); // never answered
          const request = target.open(database, version);
          request.addEventListener("success", () => attach(request.result));
          return request;
        };
      },
    });
  }

  /** As iOS does it to a page in the background. */
  loseConnection(): void {
    for (const db of this.open) forceClose(db);
    this.open.clear();
  }

  doing(): string {
    const running = [...this.running].map(({ mode, objectStoreNames }) => `${mode} ${[...objectStoreNames].join("+")}`);
    return `${this.open.size} connections, transactions [${running.join(", ")}]`;
  }

  end(): void {
    for (const tx of this.running) abort(tx);
    for (const db of this.open) db.close();
    this.running.clear();
    this.open.clear();
  }

  private attach(db: IDBDatabase, page: Handle): void {
    if (page.isGone()) {
      db.close();
      return;
    }
    this.open.add(db);
    const begin = db.transaction.bind(db);
    db.transaction = (stores, mode, options) => {
      if (page.isGone()) throw new DOMException("the page is gone", "InvalidStateError");
      const tx = begin(stores, mode, options);
      this.running.add(tx);
      tx.addEventListener("complete", () => {
        this.running.delete(tx);
        page.tick();
      });
      tx.addEventListener("abort", () => this.running.delete(tx));
      if (mode === "readwrite" && page.isFull()) fill(tx);
      page.tick();
      return tx;
    };
  }
}

function abort(tx: IDBTransaction): void {
  try {
    tx.abort();
  } catch {
    // it was complete
  }
}

/** The medium says no when the transaction is to be made durable: the last moment it can. */
function fill(tx: IDBTransaction): void {
  setImmediate(() => {
    const inside = tx as unknown as { _state: string; _abort(name: string): void };
    if (inside._state !== "finished") inside._abort("QuotaExceededError");
  });
}
