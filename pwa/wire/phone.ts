import { IDBFactory } from "fake-indexeddb";
import type { Database, Pauses } from "../src/storage/database";
import type { World } from "../src/sync/ask";
import type { Sender } from "../src/sync/sender";
import { Chance } from "./chance";
import { dateOf, PageTimers, PhoneClock } from "./clock";
import { PhoneLocks } from "./locks";
import { PageMedium } from "./medium";
import { overFetch } from "./transport";

export type Product = typeof import("./page");
/** Evaluates the product's code anew, with these as its globals. */
export type Evaluate = (globals: Record<string, unknown>) => Product;

export interface Setting {
  seed: number;
  phone: number;
  /** Where the phone believes the server to be. */
  address: string;
  evaluate: Evaluate;
  /** The phone's first wall clock, in milliseconds. */
  wall: number;
  hasLocks: boolean;
  /** What is wrong with this phone's code on purpose, to see the checker find it. */
  plant: string | null;
}

/** What lasts when pages end: the medium, the clocks, and what pages of one origin share. */
export class Phone {
  readonly medium = new IDBFactory();
  readonly locks = new PhoneLocks();
  readonly clock: PhoneClock;
  readonly pages: Page[] = [];
  readonly setting: Setting;
  isFull = false;
  /** What the product threw that no person could do anything about. */
  readonly faults: string[] = [];
  private opened = 0;

  constructor(setting: Setting) {
    this.setting = setting;
    this.clock = new PhoneClock(setting.wall);
  }

  open(): Page {
    this.opened += 1;
    const page = new Page(this, this.opened);
    this.pages.push(page);
    return page;
  }

  forget(page: Page): void {
    this.pages.splice(0, this.pages.length, ...this.pages.filter((other) => other !== page));
  }

  tell(from: Page, data: unknown): void {
    for (const page of this.pages) if (page !== from) page.hear(data);
  }

  /** Time goes on until the next timer, at most `most` milliseconds. */
  pass(most: number): void {
    const waits = this.pages.map((page) => page.timers.untilFirst).filter((ms): ms is number => ms !== null);
    this.clock.pass(Math.min(most, ...waits));
    for (const page of [...this.pages]) if (!page.isFrozen) page.timers.fireDue();
  }

  get isQuiet(): boolean {
    return this.pages.every((page) => page.isQuiet);
  }

  /** What its pages are at, for whoever has waited for them in vain. */
  restless(): string {
    return [...this.pages.map((page) => page.doing()), this.locks.told()].join("; ");
  }
}

/** One page: the product's code, evaluated for it alone, on its phone's medium. It may end between any two steps. */
export class Page {
  readonly product: Product;
  readonly db: Database;
  readonly timers: PageTimers;
  readonly ended: Promise<void>;
  readonly number: number;
  private readonly phone: Phone;
  private readonly medium: PageMedium;
  private readonly control = new AbortController();
  private readonly hearers = new Set<(event: { data: unknown }) => void>();
  private sender: Sender | null = null;
  private gone = false;
  private end: () => void = () => undefined;
  private asked = 0;
  private underway = 0;
  private uploading = 0;
  /** The timer by which the sender waits for its next turn; while there is none, it is at work. */
  private rhythm: number | null = null;
  private endsIn: number | null = null;
  private thaw: (() => void) | null = null;
  private frozen: Promise<void> = Promise.resolve();

  constructor(phone: Phone, number: number) {
    this.phone = phone;
    this.number = number;
    this.timers = new PageTimers(phone.clock);
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    this.medium = new PageMedium(phone.medium, {
      tick: () => this.tick(),
      isGone: () => this.gone,
      isFull: () => phone.isFull,
    });
    this.product = phone.setting.evaluate(this.globals());
    this.db = this.product.openDatabase("field", this.mediumTime());
  }

  startSending(): void {
    this.sender = this.product.startSender(this.db, this.world());
  }

  /** The person looks at the phone. */
  wake(): void {
    this.rhythmIsOver();
    this.sender?.now();
  }

  get isQuiet(): boolean {
    return this.gone || this.thaw !== null || this.sender === null || this.rhythm !== null;
  }

  doing(): string {
    const isAt = this.isQuiet ? "waits" : "is at work";
    const open = `${this.underway} requests, ${this.uploading} uploads, ${this.medium.doing()}`;
    return `page ${this.number} ${isAt}: ${open}, first timer in ${this.timers.untilFirst} ms`;
  }

  // ------------------------------------------------------------ what may happen to a page

  /** Nothing of it goes on: no request, no timer, no transaction, no lock. */
  kill(): void {
    if (this.gone) return;
    this.gone = true;
    this.phone.forget(this);
    this.timers.end();
    this.control.abort();
    this.medium.end();
    this.phone.locks.end(this);
    this.end();
  }
  /** It ends by itself `steps` steps of the medium or the network from now. */
  killIn(steps: number): void {
    this.endsIn = steps;
  }
  loseConnection(): void {
    this.medium.loseConnection();
  }
  /** Its answers come when it thaws; the time meanwhile goes on without it. */
  freeze(): void {
    this.frozen = new Promise((resolve) => {
      this.thaw = resolve;
    });
  }
  melt(): void {
    this.thaw?.();
    this.thaw = null;
  }
  get isFrozen(): boolean {
    return this.thaw !== null;
  }

  hear(data: unknown): void {
    setImmediate(() => {
      if (!this.gone) for (const hearer of [...this.hearers]) hearer({ data });
    });
  }

  private tick(): void {
    if (this.endsIn === null) return;
    this.endsIn -= 1;
    if (this.endsIn <= 0) this.kill();
  }

  // ------------------------------------------------------------ what the page has around it

  private world(): World {
    const { phone } = this;
    const chance = new Chance(phone.setting.seed, phone.setting.phone, this.number, "pauses");
    const over = overFetch((path, init) => this.fetch(path, init));
    const world: World = {
      fetch: (input, init) => this.fetch(input, init),
      upload: async (upload) => {
        this.uploading += 1;
        return this.product.upload(upload, over).finally(() => {
          this.uploading -= 1;
        });
      },
      now: () => phone.clock.wall,
      random: chance.next,
      locks: () => (phone.setting.hasLocks ? phone.locks.of(this) : null),
    };
    return planted(world, phone.setting.plant, this.db);
  }

  worldForJoining(): World {
    return this.world();
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    const { setting } = this.phone;
    this.asked += 1;
    this.underway += 1;
    const headers = new Headers(init.headers);
    headers.set("Bench", `${setting.seed}.${setting.phone}.${this.number}.${this.asked}`);
    try {
      this.tick();
      if (this.gone) return await never();
      const signal = init.signal ? AbortSignal.any([this.control.signal, init.signal]) : this.control.signal;
      const response = await fetch(new URL(path, setting.address), { ...init, headers, signal });
      const body = await response.arrayBuffer();
      await this.frozen;
      this.tick();
      if (this.gone) return await never();
      const { status, headers: said } = response;
      return new Response(status === 204 || status === 304 || body.byteLength === 0 ? null : body, {
        status,
        headers: said,
      });
    } catch (error) {
      await this.frozen;
      return this.gone ? never() : Promise.reject(error);
    } finally {
      this.underway -= 1;
    }
  }

  private globals(): Record<string, unknown> {
    const { phone } = this;
    const { seed, phone: which, address, hasLocks } = phone.setting;
    const chance = new Chance(seed, which, this.number, "ids");
    const page = this;
    class Channel {
      addEventListener(_: "message", hearer: (event: { data: unknown }) => void): void {
        page.hearers.add(hearer);
      }
      postMessage(data: unknown): void {
        phone.tell(page, data);
      }
      close(): void {
        page.hearers.clear();
      }
    }
    const own = {
      indexedDB: this.medium.factory,
      BroadcastChannel: Channel,
      Date: dateOf(phone.clock),
      performance: { now: () => phone.clock.elapsed },
      crypto: { getRandomValues: chance.fill, subtle: crypto.subtle },
      navigator: { locks: hasLocks ? phone.locks.of(this) : undefined },
      location: new URL(address),
      setTimeout: (work: () => void, after?: number) => this.setTimer(work, after),
      clearTimeout: (id?: number) => this.clearTimer(id),
      AbortSignal: { timeout: () => this.control.signal },
    };
    return { ...own, globalThis: Object.create(globalThis, Object.getOwnPropertyDescriptors(own)) };
  }

  /** The medium rests in real milliseconds: whoever waits for it cannot also let the phone's clock pass. */
  private mediumTime(): Pauses {
    const set = (work: () => void, after?: number) => setTimeout(() => (this.gone ? undefined : work()), after);
    return { setTimeout: set, clearTimeout } as Pauses;
  }

  private setTimer(work: () => void, after?: number): number {
    const isRhythm = this.uploading === 0;
    const id = this.timers.set(() => {
      if (isRhythm) this.rhythmIsOver();
      work();
    }, after);
    if (isRhythm) this.rhythm = id;
    return id;
  }
  private clearTimer(id?: number): void {
    this.timers.clear(id);
    if (id === this.rhythm) this.rhythmIsOver();
  }
  private rhythmIsOver(): void {
    this.rhythm = null;
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** Two outboxes as others have written them. They live here and not in the product; the checker must find both. */
function planted(world: World, plant: string | null, db: Database): World {
  if (plant === "believes_the_status") {
    return {
      ...world,
      fetch: async (input, init) => {
        const response = await world.fetch(input, init);
        if (!response.ok || input !== "/sync/push") return response;
        const rows = await db.read(["outbox"], (tx) => tx.objectStore("outbox").index("passage").getAll("sending"));
        const outcomes = rows.map(({ id }) => ({ id, outcome: "applied", version: 1 }));
        const headers = { "Content-Type": "application/json", "Trygg-Protocol": "1" };
        return new Response(JSON.stringify({ protocol: 1, server_time: "2026-11-20T19:00:00Z", outcomes }), {
          headers,
        });
      },
    };
  }
  if (plant === "deletes_on_201") {
    return {
      ...world,
      upload: async (upload) => {
        let isCreated = false;
        const uploaded = await world.upload({
          ...upload,
          onUrl: (url) => {
            isCreated = true;
            upload.onUrl(url);
          },
        });
        if (!isCreated) return uploaded;
        await db.write(["bytes"], (tx) => tx.objectStore("bytes").delete(upload.photo));
        return { kind: "received" };
      },
    };
  }
  return world;
}
