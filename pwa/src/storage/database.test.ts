import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import fc from "fast-check";
import { openDB } from "idb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { anObservation, aPhone, aPhoto, hasBytes, note, outbox, photoRow, shoot, WALK } from "../sync/evening";
import { handIn, logPresence } from "../sync/hand_in";
import { watch } from "../sync/watch";
import { type Database, openDatabase, StorageFull } from "./database";
import {
  confirmPhoto,
  draftsOf,
  maskPhoto,
  photo,
  removeObservation,
  saveAnswer,
  saveFeeling,
  saveShot,
  takePhotos,
} from "./drafts";
import { identity, nextSeq, saveIdentity } from "./identity";
import { FULL_BELOW, roomForPhoto, TIGHT_BELOW } from "./room";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** As iOS does it to a page in the background. */
async function closeUnder(db: Database): Promise<void> {
  const raw = await (db as unknown as { opened: Promise<IDBDatabase> | null }).opened;
  raw?.close();
}
const photoCount = (db: Database) => db.read(["photos"], (tx) => tx.objectStore("photos").count());

describe("numbers", () => {
  test("hand-ins at the same time from two pages number without a gap", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 2, maxLength: 10 }), async (who) => {
        globalThis.indexedDB = new IDBFactory();
        const pages = [await aPhone(), await aPhone()] as const;
        await Promise.all(
          who.map(async (first) => {
            const db = pages[first ? 0 : 1];
            await note(db);
            await handIn(db, WALK);
          }),
        );
        await handIn(pages[0], WALK);
        const rows = await outbox(pages[1]);
        expect(rows.map((row) => row.seq)).toEqual(rows.map((_, at) => at + 1));
        const observations = rows.filter((row) => row.operation.type === "observation.record");
        expect(new Set(observations.map((row) => row.entity)).size).toBe(who.length);
        expect(observations.length).toBe(who.length);
        for (const page of pages) page.close();
      }),
      { numRuns: 25 },
    );
  });

  test("a transaction that fails takes its numbers back", async () => {
    const db = await aPhone();
    const failing = db.write(["meta"], async (tx) => {
      await nextSeq(tx);
      await nextSeq(tx);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await db.write(["meta"], (tx) => nextSeq(tx))).toBe(1);
  });
});

describe("the platform closes the database", () => {
  test("between any two operations, and nobody notices", async () => {
    const db = await aPhone();
    const acts: (() => Promise<unknown>)[] = [
      () => shoot(db),
      () => note(db),
      () => draftsOf(db, WALK),
      () => handIn(db, WALK),
      () => identity(db),
      () => note(db),
      () => handIn(db, WALK),
    ];
    for (const act of acts) {
      await closeUnder(db);
      await act();
    }
    const rows = await outbox(db);
    expect(rows.filter((row) => row.operation.type === "observation.record").length).toBe(3);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, at) => at + 1));
  });

  test("in the middle of a write: the whole write is done again, once", async () => {
    const db = await aPhone();
    let times = 0;
    await db.write(["meta"], async (tx) => {
      times += 1;
      await nextSeq(tx);
      if (times === 1) tx.abort();
    });
    expect(times).toBe(2);
    expect(await db.write(["meta"], (tx) => nextSeq(tx))).toBe(2);
  });

  test("several times in a row under the same write: it is done again until it is done", async () => {
    const db = await aPhone();
    let times = 0;
    await db.write(["meta"], async (tx) => {
      times += 1;
      await nextSeq(tx);
      if (times > 4) return;
      await closeUnder(db);
      tx.abort();
    });
    expect(await db.write(["meta"], (tx) => nextSeq(tx))).toBe(2);
  });

  test("every time: it is said at last, and when it stops the next read is answered", async () => {
    const db = await aPhone();
    const id = await note(db);
    const always = vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(() => {
      throw new DOMException("closing", "InvalidStateError");
    });
    await expect(draftsOf(db, WALK)).rejects.toThrow("closing");
    always.mockRestore();
    expect((await draftsOf(db, WALK)).observations.map((o) => o.id)).toEqual([id]);
  });

  test("an error of ours is not taken for the platform's", async () => {
    const db = await aPhone();
    const work = vi.fn(() => Promise.reject(new TypeError("ours")));
    await expect(db.write(["meta"], work)).rejects.toThrow("ours");
    expect(work).toHaveBeenCalledTimes(1);
  });

  test("yesterday's page goes on writing when another tab has brought tomorrow's shape", async () => {
    const db = await aPhone();
    const before = await note(db);
    const tomorrow = await openDB("trygg-field", 2, { upgrade: (newer) => void newer.createObjectStore("tomorrow") });
    const after = await note(db);
    expect((await draftsOf(db, WALK)).observations.map((o) => o.id)).toEqual([before, after]);
    tomorrow.close();
  });
});

describe("what is saved", () => {
  test("every write asks the medium for it", async () => {
    const db = await aPhone();
    const asked = vi.spyOn(IDBDatabase.prototype, "transaction");
    await shoot(db);
    await handIn(db, WALK);
    const writes = asked.mock.calls.filter(([, mode]) => mode === "readwrite");
    expect(writes.length).toBe(2);
    expect(writes.every(([, , options]) => options?.durability === "strict")).toBe(true);
    asked.mockRestore();
  });

  test("a photo comes back byte for byte, and bytes are an ArrayBuffer", async () => {
    const db = await aPhone();
    const observation = anObservation();
    const shot = aPhoto(observation.id, 5_000);
    await saveShot(db, { ...observation, photos: [shot.id] }, shot);
    const again = await photo(openDatabase("field"), shot.id);
    expect(again?.bytes).toBeInstanceOf(ArrayBuffer);
    expect(new Uint8Array(again?.bytes as ArrayBuffer)).toEqual(new Uint8Array(shot.bytes));
  });

  test("no photo without its observation, and no observation without its photo, when the write fails", async () => {
    const db = await aPhone();
    const observation = anObservation();
    const shot = { ...aPhoto(observation.id), width: (() => 1) as unknown as number }; // cannot be stored
    await expect(saveShot(db, { ...observation, photos: [shot.id] }, shot)).rejects.toThrow();
    expect(await photoCount(db)).toBe(0);
    expect((await draftsOf(db, WALK)).observations).toEqual([]);
  });

  test("a full phone says so, and what was there is there", async () => {
    const db = await aPhone();
    await note(db);
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await expect(shoot(db)).rejects.toBeInstanceOf(StorageFull);
    put.mockRestore();
    expect((await draftsOf(db, WALK)).observations.length).toBe(1);
    expect(await photoCount(db)).toBe(0);
  });

  test("a removed observation takes its photos along, and no others", async () => {
    const db = await aPhone();
    const [gone, kept] = [await shoot(db), await shoot(db)];
    const { observations } = await draftsOf(db, WALK);
    await removeObservation(db, observations.find((o) => o.photos.includes(gone))?.id ?? "");
    expect(await hasBytes(db, gone)).toBe(false);
    expect(await hasBytes(db, kept)).toBe(true);
    const left = (await draftsOf(db, WALK)).observations[0]?.id ?? "";
    expect((await takePhotos(db, left)).map((taken) => taken.id)).toEqual([kept]);
    expect((await draftsOf(db, WALK)).observations.map((o) => o.photos)).toEqual([[]]);
  });

  test("what is handed in is out of the drafts' reach: not repainted, not removed", async () => {
    const db = await aPhone();
    const id = await shoot(db);
    const before = await photo(db, id);
    await handIn(db, WALK);
    const [row] = await outbox(db);
    const seen = await photoRow(db, id);
    expect(await maskPhoto(db, seen, aPhoto(row?.entity ?? ""), 1)).toBe(false);
    expect(await confirmPhoto(db, seen)).toBe(false);
    expect(await takePhotos(db, row?.entity ?? "")).toEqual([]);
    await removeObservation(db, row?.entity ?? "");
    expect((await photo(db, id))?.bytes).toEqual(before?.bytes);
  });

  test("one feeling per stop, one answer per stop and item", async () => {
    const db = await aPhone();
    const made = { walk: WALK, stop: "s", mono_ms: 1, session: "x" };
    for (const own of ["safe", "unsafe"] as const) {
      await saveFeeling(db, { id: own, felt_at: "2026-11-20T20:00:00Z", own, counts: null, ...made });
    }
    for (const [id, item] of [
      ["a", "light"],
      ["b", "light"],
      ["c", "sight"],
    ] as const) {
      const answered = {
        template: "t",
        template_version: 1,
        answered_at: "2026-11-20T20:00:00Z",
        answer: "no" as const,
      };
      await saveAnswer(db, { id, item, ...answered, ...made });
    }
    const drafts = await draftsOf(db, WALK);
    expect(drafts.feelings.map((feeling) => feeling.own)).toEqual(["unsafe"]);
    expect(drafts.answers.map((answer) => answer.id)).toEqual(["b", "c"]);
  });
});

describe("room for a photo", () => {
  const estimate = (free: number) => ({
    storage: { estimate: () => Promise.resolve({ quota: 10 ** 9, usage: 10 ** 9 - free }) },
  });
  test.each([
    ["ok", TIGHT_BELOW],
    ["tight", TIGHT_BELOW - 1],
    ["tight", FULL_BELOW],
    ["full", FULL_BELOW - 1],
  ])("%s with %i bytes free", async (word, free) => {
    const db = await aPhone();
    vi.stubGlobal("navigator", estimate(free));
    expect(await roomForPhoto(db)).toBe(word);
  });

  test("a browser that cannot say does not stop the shutter", async () => {
    vi.stubGlobal("navigator", {});
    expect(await roomForPhoto(await aPhone())).toBe("ok");
  });
});

test("every page hears of a change, once per breath", async () => {
  const [here, there] = [await aPhone(), await aPhone()];
  await new Promise((resolve) => setTimeout(resolve, 20)); // what was said before anybody listened
  const heard = vi.fn();
  const heardThere = vi.fn();
  const stop = watch(here, heard);
  watch(there, heardThere);
  await note(here);
  await vi.waitFor(() => expect(heardThere).toHaveBeenCalledTimes(1));
  expect(heard).toHaveBeenCalledTimes(1);
  stop();
  await note(here);
  await vi.waitFor(() => expect(heardThere).toHaveBeenCalledTimes(2));
  expect(heard).toHaveBeenCalledTimes(1);
});

test("a field secretary's saving is its own hand-in: the pass once, an entry each time", async () => {
  const db = openDatabase("falt");
  const who = { token: "t", device: "d", walk: "", municipality: "m", alias: "", joined_at: "2026-11-20T20:00:00Z" };
  await saveIdentity(db, { ...who, surface: "falt", organisation: "lidkoping-faltarna" });
  const pass = { evening: "2026-11-20", kind: "field_shift" as const, adults: 2 };
  const entry = {
    place: null,
    area: "Lidköping",
    at: "2026-11-20T21:00:00+01:00",
    band: "6-15" as const,
    mood: "calm" as const,
    substances: null,
    action: "talk" as const,
    minutes: null,
    ages: null,
    activity: null,
    noise: null,
  };
  await logPresence(db, entry, pass);
  await logPresence(db, entry, pass);
  await logPresence(db, entry, { ...pass, adults: 3 });
  const rows = await outbox(db);
  expect(rows.map((row) => row.operation.type)).toEqual([
    "presence.pass",
    "presence.log",
    "presence.log",
    "presence.pass",
    "presence.log",
  ]);
  const passes = rows.filter((row) => row.operation.type === "presence.pass");
  expect(new Set(passes.map((row) => row.entity)).size).toBe(1);
});
