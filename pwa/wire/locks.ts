/** Web Locks of one phone, for exclusive locks: first come, first served, and a page that ends lets go of everything. */
interface Asked {
  name: string;
  page: object;
  /** Null when `ifAvailable` and it was not. */
  grant: (isMine: boolean) => void;
}

export class PhoneLocks {
  private readonly held = new Map<string, Asked>();
  private readonly queue: Asked[] = [];

  /** `navigator.locks` as one page has it. */
  of(page: object): LockManager {
    const request = (name: string, ...rest: unknown[]): Promise<unknown> => {
      const work = rest.at(-1) as (lock: Lock | null) => unknown;
      const { ifAvailable = false } = (rest.length > 1 ? rest[0] : {}) as LockOptions;
      return this.request(page, name, ifAvailable, work);
    };
    return { request } as unknown as LockManager;
  }

  end(page: object): void {
    this.queue.splice(0, this.queue.length, ...this.queue.filter((asked) => asked.page !== page));
    for (const asked of [...this.held.values()]) if (asked.page === page) this.release(asked);
  }

  told(): string {
    return `locks held [${[...this.held.keys()].join(", ")}], ${this.queue.length} wait`;
  }

  private request(
    page: object,
    name: string,
    ifAvailable: boolean,
    work: (lock: Lock | null) => unknown,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const asked: Asked = {
        name,
        page,
        grant: (isMine) => {
          const done = Promise.resolve().then(() => work(isMine ? ({ name, mode: "exclusive" } as Lock) : null));
          done.then(resolve, reject).finally(() => isMine && this.release(asked));
        },
      };
      if (!this.held.has(name)) this.give(asked);
      else if (ifAvailable) asked.grant(false);
      else this.queue.push(asked);
    });
  }

  private give(asked: Asked): void {
    this.held.set(asked.name, asked);
    asked.grant(true);
  }

  private release(asked: Asked): void {
    if (this.held.get(asked.name) !== asked) return;
    this.held.delete(asked.name);
    const at = this.queue.findIndex(({ name }) => name === asked.name);
    const [next] = at < 0 ? [] : this.queue.splice(at, 1);
    if (next) this.give(next);
  }
}
