import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { aPhone, note, WALK } from "../sync/evening";
import { openDatabase, SlowToAnswer, SlowToOpen } from "./database";
import { draftsOf } from "./drafts";
import { identity, nextSeq } from "./identity";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the database does not open", () => {
  test("a page that lies frozen with it is asked aside; it is told in time, and the next use opens it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"] });
    const said: unknown[] = [];
    const post = vi.spyOn(BroadcastChannel.prototype, "postMessage").mockImplementation((word) => void said.push(word));
    const never = vi.spyOn(indexedDB, "open").mockImplementation(() => new IDBOpenDBRequest());
    const db = openDatabase("field");
    const asked = expect(identity(db)).rejects.toThrow(SlowToOpen);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(said).toContain("opening");
    await vi.advanceTimersByTimeAsync(10_000);
    await asked;
    never.mockRestore();
    post.mockRestore();
    vi.useRealTimers();
    expect(await identity(db)).toBeNull();
    db.close();
  });

  test("a word from a page that waits is no change", async () => {
    const db = await aPhone();
    const told = vi.fn();
    db.listen(told);
    const other = new BroadcastChannel(db.name);
    other.postMessage("opening");
    other.postMessage("changed");
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
    expect(told.mock.calls).toEqual([["changed"]]);
    other.close();
  });

  test("a transaction that is never answered is broken off and said, and the next one is done", async () => {
    const db = await aPhone();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const forever = async (tx: { objectStore(name: "meta"): { get(key: string): Promise<unknown> } }) => {
      for (;;) await tx.objectStore("meta").get("identity");
    };
    const writing = expect(db.write(["meta"], forever)).rejects.toThrow(SlowToAnswer);
    const reading = expect(db.read(["meta"], forever)).rejects.toThrow(SlowToAnswer);
    await vi.advanceTimersByTimeAsync(60_000);
    await writing;
    await vi.advanceTimersByTimeAsync(60_000);
    await reading;
    vi.useRealTimers();
    expect(await db.write(["meta"], (tx) => nextSeq(tx))).toBe(1);
  });
});

describe("a page is put away", () => {
  let page: EventTarget;
  const goesAway = () => page.dispatchEvent(Object.assign(new Event("pagehide"), { persisted: true }));
  const isShownAgain = () => page.dispatchEvent(new Event("pageshow"));
  beforeEach(() => {
    page = new EventTarget();
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  });

  test("in the middle of a write: it is written to its end, though the page never comes back", async () => {
    const db = await aPhone();
    await db.write(["meta"], async (tx) => {
      await nextSeq(tx);
      goesAway();
      await nextSeq(tx);
    });
    expect(await openDatabase("field").write(["meta"], (tx) => nextSeq(tx))).toBe(3);
  });

  test("where a write would lie frozen: nobody waits for it, and it is done once when the page is back", async () => {
    vi.stubGlobal("navigator", { vendor: "Apple Computer, Inc." });
    const db = await aPhone();
    let isFrozen = false;
    let times = 0;
    const writing = db.write(["meta"], async (tx) => {
      times += 1;
      const seq = await nextSeq(tx);
      if (times === 1) isFrozen = goesAway();
      while (isFrozen) await tx.objectStore("meta").get("identity");
      return seq;
    });
    await vi.waitFor(() => expect(isFrozen).toBe(true));
    expect(await openDatabase("field").write(["meta"], (tx) => nextSeq(tx))).toBe(1);
    isFrozen = false;
    isShownAgain();
    expect(await writing).toBe(2);
    expect(times).toBe(2);
  });

  test("what is begun there waits until the page is back, and holds nothing meanwhile", async () => {
    const db = await aPhone();
    goesAway();
    const asked = vi.spyOn(IDBDatabase.prototype, "transaction");
    const reading = identity(db);
    await new Promise((go) => setTimeout(go, 50));
    expect(asked).not.toHaveBeenCalled();
    isShownAgain();
    expect((await reading)?.walk).toBe(WALK);
    asked.mockRestore();
  });

  test("while it makes the database: the next page makes it", async () => {
    const opening = vi.spyOn(IDBDatabase.prototype, "createObjectStore").mockImplementationOnce(function (
      this: IDBDatabase,
      ...words
    ) {
      opening.mockRestore();
      const made = this.createObjectStore(...words);
      const forever = () => {
        made.count().onsuccess = forever;
      };
      forever();
      queueMicrotask(goesAway);
      return made;
    });
    const left = identity(openDatabase("field"));
    expect(await identity(openDatabase("field"))).toBeNull();
    isShownAgain();
    expect(await left).toBeNull();
  });

  test("it holds no connection, and has one again when it is used", async () => {
    const db = await aPhone();
    const id = await note(db);
    page.dispatchEvent(new Event("pagehide"));
    const held = await new Promise((resolve) => {
      const asked = indexedDB.open(db.name, 2);
      asked.onblocked = () => resolve(true);
      asked.onupgradeneeded = () => resolve(false);
      asked.onsuccess = () => asked.result.close();
    });
    expect(held).toBe(false);
    expect((await draftsOf(db, WALK)).observations.map((o) => o.id)).toEqual([id]);
  });
});
