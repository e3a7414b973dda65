import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import { uuid7 } from "../domain/ids";
import { draftsOf, saveAnswer } from "../storage/drafts";
import { aPhone, outbox, SEEN, STOP, WALK } from "./evening";
import { handIn, REVISIT } from "./hand_in";
import { items } from "./items";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test("what was seen on a re-walk waits like any answer, and is handed in as the task's own", async () => {
  const db = await aPhone();
  const made = { walk: WALK, stop: STOP, template: REVISIT, template_version: 1, answered_at: SEEN, mono_ms: 7 };
  const tasks = { yes: uuid7(), unknown: uuid7(), no: uuid7() };
  for (const [answer, item] of Object.entries(tasks))
    await saveAnswer(db, { id: uuid7(), ...made, session: "x", item, answer: answer as keyof typeof tasks });
  await saveAnswer(db, { id: uuid7(), ...made, session: "x", item: tasks.no, answer: "yes" });
  await saveAnswer(db, { id: uuid7(), ...made, session: "x", item: tasks.no, answer: "no" });
  expect(await outbox(db)).toEqual([]);
  expect((await items(db, WALK)).map(({ passage }) => passage)).toEqual(["draft", "draft", "draft"]);

  expect((await handIn(db, WALK)).items).toBe(3);

  const sent = (await outbox(db)).map((row) => row.operation).filter(({ type }) => type === "rewalk.check");
  expect(sent.map(({ entity, body }) => [entity, (body as { seen: string }).seen]).sort()).toEqual(
    [
      [tasks.yes, "good"],
      [tasks.unknown, "partly"],
      [tasks.no, "no"],
    ].sort(),
  );
  expect(sent.every(({ body }) => (body as { seen_on: string }).seen_on === "2026-11-20")).toBe(true);
  expect((await draftsOf(db, WALK)).answers).toEqual([]);
});
