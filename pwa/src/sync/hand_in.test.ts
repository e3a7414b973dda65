import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import { sha256, uuid7 } from "../domain/ids";
import type { Operation } from "../domain/wire";
import { draftsOf, maskPhoto, photo, saveAnswer, saveFeeling } from "../storage/drafts";
import { chip } from "./chip";
import { anObservation, aPhone, note, outbox, photoRow, SEEN, STOP, shoot, WALK } from "./evening";
import { correct, handIn, handInAlone, withdraw } from "./hand_in";
import { items } from "./items";
import { ModelServer } from "./model";
import { round } from "./sender";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test("hand-in mints every draft in order, and last what the server is to expect", async () => {
  const db = await aPhone();
  const id = await shoot(db);
  const made = { walk: WALK, stop: STOP, mono_ms: 7, session: "x" };
  await saveFeeling(db, { id: uuid7(), felt_at: SEEN, own: "safe", counts: null, ...made });
  const asked = { template: "t", template_version: 3, item: "light", answer: "no" as const, answered_at: SEEN };
  await saveAnswer(db, { id: uuid7(), ...asked, ...made });

  expect(await handIn(db, WALK)).toEqual({ items: 3, held: [] });

  const operations = (await outbox(db)).map((row) => row.operation);
  expect(operations.map((operation) => [operation.seq, operation.type])).toEqual([
    [1, "feeling.answer"],
    [2, "checklist.answer"],
    [3, "observation.record"],
    [4, "photo.declare"],
    [5, "walk.hand_in"],
  ]);
  expect(operations.at(-1)?.body).toEqual({ walk: WALK, items: 3, first_seq: 1, last_seq: 4 });
  expect(operations[1]).toMatchObject({ mono_ms: 7, session: "x", at: SEEN, base: null });
  const declared = operations[3] as Operation<"photo.declare">;
  expect(declared.body.sha256).toBe(await sha256((await photo(db, id))?.bytes as ArrayBuffer));
  expect(declared.body.bytes).toBe(600);
  expect(operations[2]?.body).not.toHaveProperty("mono_ms");
  expect(await draftsOf(db, WALK)).toEqual({ observations: [], feelings: [], answers: [] });
});

test("what is not settled is held, with its photo, and the rest goes", async () => {
  const db = await aPhone();
  const unchecked = await shoot(db, 600, false);
  const blocked = await note(db, { text: "ring Kalle" });
  await note(db);
  const held = (await draftsOf(db, WALK)).observations.filter((o) => o.photos.includes(unchecked) || o.id === blocked);

  const handed = await handIn(db, WALK, (text) => text.includes("Kalle"));

  expect(handed.items).toBe(1);
  expect(handed.held.sort()).toEqual(held.map((o) => o.id).sort());
  expect((await draftsOf(db, WALK)).observations.length).toBe(2);
  expect((await photoRow(db, unchecked)).passage).toBe("draft");
  expect((await outbox(db)).some((row) => row.operation.type === "photo.declare")).toBe(false);
});

test("nothing to hand in makes nothing, and handing in twice makes nothing twice", async () => {
  const db = await aPhone();
  expect(await handIn(db, WALK)).toEqual({ items: 0, held: [] });
  await note(db);
  await Promise.all([handIn(db, WALK), handIn(db, WALK)]);
  expect((await outbox(db)).map((row) => row.operation.type)).toEqual(["observation.record", "walk.hand_in"]);
});

test("a photo repainted while its digest is made is held, never sent with another's digest", async () => {
  const db = await aPhone();
  const id = await shoot(db);
  const seen = await photoRow(db, id);
  const digest = crypto.subtle.digest.bind(crypto.subtle);
  const spy = vi.spyOn(crypto.subtle, "digest").mockImplementation(async (algorithm, bytes) => {
    await maskPhoto(db, seen, { bytes: new ArrayBuffer(600), width: 4, height: 3 }, 1);
    return digest(algorithm, bytes);
  });
  const handed = await handIn(db, WALK);
  spy.mockRestore();
  expect(handed.held.length).toBe(1);
  expect(await handIn(db, WALK)).toMatchObject({ items: 1, held: [] });
  const declared = (await outbox(db)).find((row) => row.operation.type === "photo.declare")?.operation;
  expect(declared?.body).toMatchObject({ masks: 1, checked: true, sha256: await sha256(new ArrayBuffer(600)) });
});

test("'Lämna in nu' sends the one dangerous thing, and leaves the walk as it is", async () => {
  const db = await aPhone();
  await shoot(db);
  const danger = await note(db, { severity: 3 });
  expect(await handInAlone(db, { id: danger })).toEqual({ items: 1, held: [] });
  const rows = await outbox(db);
  expect(rows.map((row) => row.operation.type)).toEqual(["observation.record"]);
  expect(rows[0]?.operation.body).toMatchObject({ sent_alone: true });
  expect((await draftsOf(db, WALK)).observations.length).toBe(1);
  expect((await items(db, WALK)).find((item) => item.id === danger)).toMatchObject({ alone: true, passage: "waiting" });
});

test("an observation nobody put a word to becomes 'annat', and is held until the phone knows that word", async () => {
  const db = await aPhone();
  await note(db, { category: null });
  expect((await handIn(db, WALK)).held.length).toBe(1);
  const state = { tiles: [{ id: "annat", default: "other" }] };
  await db.write(["states"], (tx) =>
    tx.objectStore("states").put({ kind: "municipality", id: "m", version: 1, state: state as never, run: 1 }),
  );
  expect(await handIn(db, WALK)).toEqual({ items: 1, held: [] });
  expect((await items(db, WALK))[0]?.title_category).toBe("other");
});

test("after hand-in a change is a version, made on the version last seen", async () => {
  const db = await aPhone();
  const server = new ModelServer();
  const id = await note(db);
  await handIn(db, WALK);
  await round(db, server, "a");
  await correct(db, id, { severity: 2, category: "light.dark" });
  await withdraw(db, id, "fel plats");
  const [corrected, withdrawn] = (await outbox(db)).slice(-2).map((row) => row.operation);
  expect(corrected).toMatchObject({ type: "observation.correct", entity: id, base: 1, body: { severity: 2 } });
  expect(withdrawn).toMatchObject({ type: "observation.withdraw", entity: id, body: { reason: "fel plats" } });
  expect((await items(db, WALK))[0]).toMatchObject({ passage: "waiting", title_category: "light.dark" });
});

test("the chip says saved before hand-in, and never waits for a network nobody let go of", async () => {
  const db = await aPhone();
  expect(await chip(db)).toEqual({ word: "saved", n: 0 });
  await note(db);
  await shoot(db);
  expect(await chip(db)).toEqual({ word: "saved", n: 2 });
  await handIn(db, WALK);
  expect(await chip(db)).toEqual({ word: "waiting", n: 2 });
  const server = new ModelServer();
  await round(db, server, "a");
  expect(await chip(db)).toEqual({ word: "received", n: 2 });
  await note(db, anObservation());
  expect((await chip(db)).word).toBe("saved");
});

test("the chip warns when the browser may clear what is only here", async () => {
  const db = await aPhone();
  await note(db);
  vi.stubGlobal("navigator", { storage: { persisted: () => Promise.resolve(false) } });
  expect(await chip(db)).toEqual({ word: "unprotected", n: 1 });
  vi.unstubAllGlobals();
});
