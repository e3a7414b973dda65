import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256, uuid7 } from "../domain/ids";
import type { Uuid } from "../domain/wire";
import type { Database } from "../storage/database";
import { saveAnswer, saveFeeling } from "../storage/drafts";
import { sessionId } from "../storage/identity";
import { handInAgain } from "./again";
import { aPhone, heal, note, outbox, SEEN, STOP, shoot, WALK } from "./evening";
import { handIn } from "./hand_in";
import { items } from "./items";
import { type Fate, ModelServer, problem } from "./model";
import { round } from "./sender";

/** A whole evening in any order, with whatever the network, the platform and the server may do to it. */
type Step =
  | { do: "note" | "feel" | "answer" | "hand_in" | "two_tabs" | "restart" | "close_database" | "backup" | "restore" }
  | { do: "shoot"; size: number }
  | { do: "round"; fates: number[] };

const RUNS = { quick: 60, ci: 150, night: 5_000 }[process.env.TRYGG_PROFILE ?? "quick"] ?? 60;
const FATES: Fate[] = [
  "pass",
  "lost_request",
  "lost_response",
  "hang",
  "html",
  "truncated",
  () => problem(503, "busy", { "Retry-After": "30" }),
  () => problem(413, "batch_too_large"),
  () => problem(400, "batch_malformed"),
  () => new Response("", { status: 500 }),
];

const plain = (what: Exclude<Step["do"], "shoot" | "round">) => fc.constant<Step>({ do: what });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: plain("note") },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("shoot" as const), size: fc.integer({ min: 1, max: 2_000 }) }) },
  { weight: 1, arbitrary: plain("feel") },
  { weight: 1, arbitrary: plain("answer") },
  { weight: 3, arbitrary: plain("hand_in") },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("round" as const),
      fates: fc.array(fc.nat({ max: FATES.length - 1 }), { maxLength: 8 }),
    }),
  },
  { weight: 2, arbitrary: plain("two_tabs") },
  { weight: 2, arbitrary: plain("restart") },
  { weight: 2, arbitrary: plain("close_database") },
  { weight: 1, arbitrary: plain("backup") },
  { weight: 1, arbitrary: plain("restore") },
);

class Evening {
  server = new ModelServer();
  captured = new Set<Uuid>();
  photos = new Map<Uuid, string>();
  backup = this.server.backup();
  holder = uuid7();
  db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async take(step: Step): Promise<void> {
    this.server.clock += 1_000;
    switch (step.do) {
      case "note":
        this.captured.add(await note(this.db));
        return;
      case "shoot":
        return this.shoot(step.size);
      case "feel":
        return this.feel();
      case "answer":
        return this.answer();
      case "hand_in":
        await handIn(this.db, WALK);
        return;
      case "round":
        return this.round(step.fates);
      case "two_tabs":
        return this.twoTabs();
      case "restart":
        this.db.close();
        this.db = await aPhone();
        this.holder = uuid7();
        return;
      case "close_database":
        return closeUnder(this.db);
      case "backup":
        this.backup = this.server.backup();
        return;
      case "restore":
        this.server.restore(this.backup);
    }
  }

  /** A hanging request ends with the page: a new one starts, and the old one's lease runs out. */
  private async round(fates: number[]): Promise<void> {
    this.server.fates = fates.map((at) => FATES[at] as Fate);
    const hanging = new Promise((resolve) => setTimeout(resolve, 25, "hanging"));
    const ended = round(this.db, this.server, this.holder);
    const usesHang = fates.some((at) => FATES[at] === "hang");
    const result = usesHang ? await Promise.race([ended, hanging]) : await ended;
    this.server.fates = [];
    if (result !== "hanging") return;
    await this.take({ do: "restart" });
  }

  /** Both send, both hand in; only one may be sending at a time. */
  private async twoTabs(): Promise<void> {
    const other = await aPhone();
    await Promise.all([
      round(this.db, this.server, this.holder),
      handIn(other, WALK).then(() => round(other, this.server, uuid7())),
      handIn(this.db, WALK),
    ]);
    expect(this.server.mostInFlight).toBeLessThanOrEqual(1);
    other.close();
  }

  private async shoot(size: number): Promise<void> {
    const id = await shoot(this.db, size);
    const bytes = await this.db.read(["bytes", "photos"], (tx) => tx.objectStore("bytes").get(id));
    const row = await this.db.read(["photos"], (tx) => tx.objectStore("photos").get(id));
    this.photos.set(id, await sha256(bytes?.bytes as ArrayBuffer));
    this.captured.add(row?.of as Uuid);
  }

  private async feel(): Promise<void> {
    const id = uuid7();
    const made = { mono_ms: 1, session: sessionId(), walk: WALK, stop: uuid7() };
    await saveFeeling(this.db, { id, felt_at: SEEN, own: "unsafe", counts: null, ...made });
    this.captured.add(id);
  }

  private async answer(): Promise<void> {
    const id = uuid7();
    const made = {
      mono_ms: 1,
      session: sessionId(),
      walk: WALK,
      stop: STOP,
      template: "underpass",
      template_version: 1,
    };
    await saveAnswer(this.db, { id, item: id, answer: "no", answered_at: SEEN, ...made });
    this.captured.add(id);
  }

  /** In every moment: captured is a draft, on its way, visibly parked, or with the server. */
  async nothingIsLost(): Promise<void> {
    const here = new Set((await items(this.db, WALK)).map((item) => item.id));
    for (const id of this.captured) expect(here.has(id), `${id} is nowhere`).toBe(true);
    const rows = await outbox(this.db);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, at) => at + 1));
  }
}

/** As iOS does it to a page in the background. */
async function closeUnder(db: Database): Promise<void> {
  const raw = await (db as unknown as { opened: Promise<IDBDatabase> | null }).opened;
  raw?.close();
}

test("after any evening everything captured is with the server exactly once, and says received", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 24 }), async (steps) => {
      globalThis.indexedDB = new IDBFactory();
      const evening = new Evening(await aPhone());
      for (const step of steps) {
        await evening.take(step);
        await evening.nothingIsLost();
      }
      await handIn(evening.db, WALK);
      await heal(evening.db, evening.server); // a parked observation keeps its photo waiting until a person asks again
      for (const item of await items(evening.db, WALK)) {
        if (item.passage === "needs_you") await handInAgain(evening.db, item.id);
      }
      expect(await heal(evening.db, evening.server)).toBe("done");
      await evening.nothingIsLost();

      const { server } = evening;
      const made = (["observation.record", "feeling.answer", "checklist.answer"] as const).flatMap((type) =>
        server.has(type),
      );
      expect(made.map((operation) => operation.entity).sort()).toEqual([...evening.captured].sort());
      expect([...server.stored.effects.values()].every((times) => times === 1)).toBe(true);
      for (const [id, digest] of evening.photos) {
        const there = server.stored.photos.get(id);
        expect(there?.state.state).toBe("received");
        expect(await sha256(there?.bytes.slice().buffer as ArrayBuffer)).toBe(digest);
      }
      expect(new Set((await items(evening.db, WALK)).map((item) => item.passage))).toEqual(
        new Set(evening.captured.size > 0 ? ["received"] : []),
      );
      evening.db.close();
    }),
    { numRuns: Number(process.env.RUNS ?? RUNS), endOnFailure: false },
  );
}, 21_600_000);
