import "fake-indexeddb/auto";
import { IDBDatabase, IDBFactory } from "fake-indexeddb";
import { afterEach, expect, test, vi } from "vitest";
import type { Database } from "../storage/database";
import { aPhone, heal, note, outbox, shoot, WALK } from "./evening";
import { handIn } from "./hand_in";
import { items } from "./items";
import { ModelServer } from "./model";

afterEach(() => vi.restoreAllMocks());

/** As iOS does it to a page in the background: the nth transaction finds its connection closed. Counts them all. */
function closing(nth: number): () => number {
  const transaction = IDBDatabase.prototype.transaction;
  let count = 0;
  vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (
    this: IDBDatabase,
    ...asked: Parameters<typeof transaction>
  ) {
    if ((asked[1] as string) === "versionchange") return transaction.apply(this, asked); // the platform's own
    count += 1;
    if (count === nth) this.close();
    return transaction.apply(this, asked);
  });
  return () => count;
}

async function anEvening(): Promise<{ db: Database; server: ModelServer }> {
  globalThis.indexedDB = new IDBFactory();
  const db = await aPhone();
  const server = new ModelServer();
  await note(db);
  await shoot(db, 700);
  await handIn(db, WALK);
  expect(await heal(db, server)).toBe("done");
  return { db, server };
}

test("a database closed between any two operations of an evening costs nothing and doubles nothing", async () => {
  const counted = closing(0);
  await anEvening();
  const all = counted();
  vi.restoreAllMocks();
  expect(all).toBeGreaterThan(30);
  for (let nth = 1; nth <= all; nth++) {
    closing(nth);
    const { db, server } = await anEvening();
    expect((await items(db, WALK)).map((item) => item.passage)).toEqual(["received", "received"]);
    expect([...server.stored.effects.values()].every((times) => times === 1)).toBe(true);
    const seqs = (await outbox(db)).map((row) => row.seq);
    expect(seqs).toEqual(seqs.map((_, at) => at + 1));
    db.close();
    vi.restoreAllMocks();
  }
}, 60_000);
