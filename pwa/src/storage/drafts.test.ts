import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import { anObservation, aPhone, aPhoto, hasBytes, note, photoRow, shoot, WALK } from "../sync/evening";
import { handIn } from "../sync/hand_in";
import type { Database } from "./database";
import {
  changeObservation,
  confirmPhoto,
  draftsOf,
  maskPhoto,
  photo,
  removeIfEmpty,
  removeObservation,
  saveObservation,
  saveShot,
  takePhotos,
} from "./drafts";
import type { ObservationDraft } from "./rows";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test("a change that was on its way puts nothing back that has been taken away", async () => {
  const db = await aPhone();
  const found = await note(db);

  const [, changed] = await Promise.all([
    removeObservation(db, found),
    changeObservation(db, found, { text: "Sent ord." }),
  ]);

  expect(changed).toBe(false);
  expect((await draftsOf(db, WALK)).observations).toEqual([]);
});

test("nor does it make a draft anew of what has been handed in", async () => {
  const db = await aPhone();
  const found = await note(db);

  await handIn(db, WALK);

  expect(await changeObservation(db, found, { text: "Sent ord." })).toBe(false);
  expect((await draftsOf(db, WALK)).observations).toEqual([]);
});

test("two changes at once are both kept", async () => {
  const db = await aPhone();
  const found = await note(db);

  await Promise.all([changeObservation(db, found, { text: "Mörkt." }), changeObservation(db, found, { severity: 2 })]);

  const [kept] = (await draftsOf(db, WALK)).observations;
  expect([kept?.text, kept?.severity]).toEqual(["Mörkt.", 2]);
});

test("two steps at once are two steps, each from where the one before it led", async () => {
  const db = await aPhone();
  const found = await note(db);
  const oneMore = (draft: ObservationDraft) => ({ place_words: `${draft.place_words}.` });

  await Promise.all([changeObservation(db, found, oneMore), changeObservation(db, found, oneMore)]);

  expect((await draftsOf(db, WALK)).observations[0]?.place_words).toMatch(/[^.]*\.\.$/);
});

/** A canvas' picture after the boxes were painted. */
const MASKED = { bytes: new Uint8Array(300).buffer, width: 4, height: 3 };

test("a masked picture takes the place of the one it was made from, and of no other", async () => {
  const db = await aPhone();
  const id = await shoot(db, 600, false);
  const seen = await photoRow(db, id);

  expect(await maskPhoto(db, seen, MASKED, 2)).toBe(true);
  expect(await photo(db, id)).toMatchObject({ ...MASKED, masks: 2, checked: true });
  expect((await photoRow(db, id)).revision).not.toBe(seen.revision);

  expect(await maskPhoto(db, seen, { ...MASKED, bytes: new ArrayBuffer(7) }, 1)).toBe(false);
  expect((await photo(db, id))?.bytes.byteLength).toBe(300);
});

test("an answer about a picture that was masked meanwhile never brings the unmasked one back", async () => {
  const db = await aPhone();
  const id = await shoot(db, 600, false);
  const seen = await photoRow(db, id);

  const [masked, answered] = await Promise.all([maskPhoto(db, seen, MASKED, 1), confirmPhoto(db, seen)]);

  expect([masked, answered]).toEqual([true, false]);
  expect(await photo(db, id)).toMatchObject({ ...MASKED, masks: 1 });
});

test("'Ingen person i bilden' says it of these bytes, and changes none of them", async () => {
  const db = await aPhone();
  const id = await shoot(db, 600, false);
  const before = await photo(db, id);
  const seen = await photoRow(db, id);

  expect(await confirmPhoto(db, seen)).toBe(true);
  expect(await photo(db, id)).toEqual({ ...before, checked: true });
  expect((await photoRow(db, id)).revision).toBe(seen.revision);
});

test("neither masking nor an answer brings back a photo that was taken away", async () => {
  const db = await aPhone();
  const id = await shoot(db, 600, false);
  const seen = await photoRow(db, id);
  await takePhotos(db, seen.of);

  expect(await maskPhoto(db, seen, MASKED, 1)).toBe(false);
  expect(await confirmPhoto(db, seen)).toBe(false);
  expect(await hasBytes(db, id)).toBe(false);
});

test("a photo that is taken anew is there instead of the first in one and the same writing", async () => {
  const db = await aPhone();
  const finding = anObservation();
  const first = aPhoto(finding.id, 600, false);
  await saveShot(db, { ...finding, photos: [first.id] }, first);
  let writings = 0;
  const write = db.write.bind(db);
  db.write = (...asked) => {
    writings += 1;
    return write(...asked);
  };
  const second = aPhoto(finding.id, 600, false);

  await saveShot(db, { ...finding, photos: [second.id] }, second, first.id);

  expect(writings).toBe(1);
  expect([await hasBytes(db, first.id), await hasBytes(db, second.id)]).toEqual([false, true]);
  expect((await draftsOf(db, WALK)).observations.map((o) => o.photos)).toEqual([[second.id]]);
});

test("a finding begun for a photo goes when none came, and stays when one is on its way or it says something", async () => {
  const db = await aPhone();
  const nothing = await note(db);
  const words = await note(db, { text: "Mörkt." });
  const finding = anObservation();
  await saveObservation(db, finding);
  const shot = aPhoto(finding.id);

  await Promise.all([
    saveShot(db, { ...finding, photos: [shot.id] }, shot),
    ...[nothing, words, finding.id].map((id) => removeIfEmpty(db, id)),
  ]);

  const left = (await draftsOf(db, WALK)).observations.map(({ id }) => id);
  expect(left.sort()).toEqual([words, finding.id].sort());
  expect(await hasBytes(db, shot.id)).toBe(true);
});

/** The platform closes the database behind a write that was written all the same, and it is tried again. */
function writesTwice(db: Database): void {
  const write = db.write.bind(db);
  db.write = async (stores, work, topic) => {
    await write(stores, work, topic);
    return write(stores, work, topic);
  };
}

test("a masking that was written at the first of two tries is a masking done, its boxes counted once", async () => {
  const db = await aPhone();
  const id = await shoot(db, 600, false);
  const seen = await photoRow(db, id);
  writesTwice(db);

  expect(await maskPhoto(db, seen, MASKED, 2)).toBe(true);
  expect((await photoRow(db, id)).masks).toBe(2);
});

test("photos that are taken away come back as they were at that moment, and also from a first try of two", async () => {
  const db = await aPhone();
  const id = await shoot(db, 600, false);
  const seen = await photoRow(db, id);
  await maskPhoto(db, seen, MASKED, 1);
  writesTwice(db);

  expect(await takePhotos(db, seen.of)).toMatchObject([{ id, ...MASKED, masks: 1 }]);
  expect(await hasBytes(db, id)).toBe(false);
  expect((await draftsOf(db, WALK)).observations.map((o) => o.photos)).toEqual([[]]);
});
