/**
 * A phone's time. Nothing in it passes by itself: whoever plays the evening moves it, and timers that have become due
 * go off in their order. `wall` is what the person may set; `elapsed` is what a monotonic clock and timers go by.
 */
export class PhoneClock {
  elapsed = 0;
  wall: number;

  constructor(start: number) {
    this.wall = start;
  }

  pass(ms: number): void {
    this.elapsed += ms;
    this.wall += ms;
  }
}

interface Timer {
  id: number;
  at: number;
  work: () => void;
}

/** One page's timers. A page that is gone fires none. */
export class PageTimers {
  private next = 1;
  private readonly waiting = new Map<number, Timer>();
  private readonly clock: PhoneClock;

  constructor(clock: PhoneClock) {
    this.clock = clock;
  }

  set = (work: () => void, after = 0): number => {
    const id = this.next++;
    this.waiting.set(id, { id, at: this.clock.elapsed + after, work });
    return id;
  };
  clear = (id?: number): void => {
    if (id !== undefined) this.waiting.delete(id);
  };
  end(): void {
    this.waiting.clear();
  }
  get ids(): number[] {
    return [...this.waiting.keys()];
  }
  /** Milliseconds until the first goes off; null when none waits. */
  get untilFirst(): number | null {
    if (this.waiting.size === 0) return null;
    return Math.max(0, Math.min(...[...this.waiting.values()].map(({ at }) => at)) - this.clock.elapsed);
  }
  fireDue(): void {
    const due = [...this.waiting.values()].filter(({ at }) => at <= this.clock.elapsed);
    for (const timer of due.sort((a, b) => a.at - b.at || a.id - b.id)) {
      this.waiting.delete(timer.id);
      timer.work();
    }
  }
}

/** `Date` as a page sees it. */
export function dateOf(clock: PhoneClock): DateConstructor {
  return class extends Date {
    constructor(...said: unknown[]) {
      if (said.length === 0) super(clock.wall);
      else super(...(said as [number]));
    }
    static override now(): number {
      return clock.wall;
    }
  } as DateConstructor;
}
