import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type { Change, ReplyState } from "../domain/wire";
import type { Database } from "../storage/database";
import { meta, setMeta } from "../storage/identity";
import type { StateRow } from "../storage/rows";
import { checksum } from "./checksum";
import { aPhone, note, WALK } from "./evening";
import { items } from "./items";
import { ModelServer } from "./model";
import { round } from "./sender";

let server: ModelServer;
let db: Database;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = new ModelServer();
  db = await aPhone();
});
const rows = () => db.read(["states"], (tx) => tx.objectStore("states").getAll());
const shown = async () => (await rows()).map(({ kind, id, version }) => [kind, id, version]).sort();
const sums = () => server.asked.filter((asked) => asked.path.includes("checksum=")).length;
const aReply = (id: string, version: number): Change => ({
  kind: "reply",
  id,
  version,
  state: { id, version, number: "LK-1", state: "planned" } as unknown as ReplyState,
});
/** As after a fetch from nothing whose sum has not been compared yet. */
const due = () =>
  db.write(["meta"], async (tx) => {
    const read = (await tx.objectStore("meta").get("read"))?.value as object;
    await setMeta(tx, "read", { ...read, check: "due", checks: 2 });
  });

test("the phone and the server add up alike", async () => {
  // The same rows and sum stand in tests/sync/test_what_one_may_see_changes.py.
  const same = [
    { kind: "walk" as const, id: "0b", version: 2 },
    { kind: "reply" as const, id: "a1", version: 10 },
    { kind: "photo" as const, id: "a1", version: 0 },
    { kind: "municipality" as const, id: "lidkoping", version: 1 },
  ];
  expect(await checksum(same)).toBe("0dce1cb2c74ae8b72d4649c7de11c7aaac50c3436fd167a9511dc73725232c38");
});

test("a fetch from nothing is compared once, and what follows is not", async () => {
  for (let n = 0; n < 9; n++) server.show(aReply(`r${n}`, 1));
  await round(db, server, "a");
  expect([sums(), server.differed]).toEqual([1, 0]);
  server.show(aReply("r1", 2));
  await round(db, server, "a");
  expect(sums()).toBe(1);
});

type Fault = (row: StateRow) => Promise<void>;
const put = (row: StateRow) => db.write(["states"], (tx) => tx.objectStore("states").put(row));
const FAULTS: Record<string, Fault> = {
  missing: async (row) =>
    void (await db.write(["states"], (tx) => tx.objectStore("states").delete([row.kind, row.id]))),
  extra: async (row) => void (await put({ ...row, id: "stranger" })),
  older: async (row) => void (await put({ ...row, version: row.version - 1 })),
};

test("a row that is missing, too many or too old is always found, and read again", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: 12 }), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 20 }),
      fc.constantFrom(...Object.keys(FAULTS)),
      fc.nat(),
      async (feed, fault, which) => {
        globalThis.indexedDB = new IDBFactory();
        server = new ModelServer();
        db = await aPhone();
        const newest = new Map<number, number>();
        for (const [id, rise] of feed) {
          newest.set(id, (newest.get(id) ?? 0) + rise);
          server.show(aReply(`r${id}`, newest.get(id) ?? 1));
        }
        await round(db, server, "a");
        const right = await shown();
        const row = (await rows())[which % right.length] as StateRow;
        await FAULTS[fault]?.(row);
        await due();
        expect(await round(db, server, "a")).toBe("done");
        expect(server.differed).toBe(1);
        expect(await shown()).toEqual(right);
      },
    ),
    { numRuns: 40 },
  );
});

test("a sum that never agrees is given up after two, and the phone goes on", async () => {
  for (let n = 0; n < 3; n++) server.show(aReply(`r${n}`, 1));
  const honest = server.fetch;
  server.fetch = (input, init) => honest(input.replace(/checksum=\w/, "checksum=x"), init);
  await round(db, server, "a");
  await round(db, server, "a");
  expect(await round(db, server, "a")).toBe("done");
  expect(server.differed).toBe(2);
  expect((await rows()).length).toBe(3);
  const asked = server.asked.length;
  await round(db, server, "a");
  expect(server.asked.length).toBe(asked + 1);
});

test("a phone that was shut out: what was shown goes, what was made stays", async () => {
  for (const code of ["device_revoked", "user_disabled"]) {
    globalThis.indexedDB = new IDBFactory();
    server = new ModelServer();
    db = await aPhone();
    server.show(aReply("r", 1));
    await round(db, server, "a");
    const draft = await note(db);
    server.shut = code;
    expect(await round(db, server, "a")).toBe("paused");
    expect(await rows()).toEqual([]);
    expect((await meta<{ cursor: unknown }>(db, "read"))?.cursor).toBeNull();
    expect((await items(db, WALK)).map((item) => item.id)).toEqual([draft]);
  }
});
