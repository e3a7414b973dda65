import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import type { Change, Pulled } from "../domain/wire";
import type { Database } from "../storage/database";
import { state } from "../storage/states";
import { aPhone, heal, note, outbox, WALK } from "./evening";
import { handIn } from "./hand_in";
import { items } from "./items";
import { ModelServer, ours } from "./model";
import { round } from "./sender";

let server: ModelServer;
let db: Database;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = new ModelServer();
  db = await aPhone();
});
interface Exchange {
  by: string;
  path: string;
  answer: { body: Pulled };
}
const recorded = JSON.parse(
  readFileSync(new URL("../../../tests/sync/recorded/protocol_1.json", import.meta.url), "utf8"),
) as Exchange[];
const shown = () => db.read(["states"], (tx) => tx.objectStore("states").getAll());

test("what a server of the protocol before answered is read as it was then", async () => {
  const pages = recorded.filter(({ by, path }) => by === "field" && path === "/sync/pull");
  const answers = pages.map(
    ({ answer }) =>
      () =>
        ours(answer.body),
  );
  server.fates = [...answers.slice(0, 1), ...answers.slice(1, 2), ...answers.slice(2)];
  await round(db, server, "a");
  await round(db, server, "a");
  const newest = new Map<string, number>();
  for (const { answer } of pages) {
    for (const { kind, id, version, gone } of answer.body.changes) {
      if (gone) newest.delete(`${kind} ${id}`);
      else newest.set(`${kind} ${id}`, version);
    }
  }
  expect(new Map((await shown()).map(({ kind, id, version }) => [`${kind} ${id}`, version]))).toEqual(newest);
  expect((await state(db, "walk", WALK))?.stops.length).toBe(1);
});

test("what a newer server says and this phone does not know is kept as it came, and stays through an edit", async () => {
  const walk = { id: WALK, version: 1, name: "Åkern", stops: [], ends_at: "2026-11-20T21:00:00Z" };
  const newer = { ...walk, weather: { sky: "regn" } };
  server.show({ kind: "walk", id: WALK, version: 1, state: newer } as unknown as Change);
  server.show({ kind: "smell", id: "s", version: 4, state: { strength: 3 }, since: "2027" } as unknown as Change);
  await round(db, server, "a");
  await note(db);
  await handIn(db, WALK);
  expect(await heal(db, server)).toBe("done");
  expect(await state(db, "walk", WALK)).toEqual(newer);
  expect(await state(db, "smell" as never, "s")).toEqual({ strength: 3 });
});

test("an outcome with more in it than this phone knows is still understood", async () => {
  await note(db);
  await handIn(db, WALK);
  const honest = server.fetch;
  server.fetch = async (input, init) => {
    const answer = await honest(input, init);
    if (input !== "/sync/push") return answer;
    const body = (await answer.json()) as { outcomes: object[] };
    return ours({ ...body, weather: "regn", outcomes: body.outcomes.map((it) => ({ ...it, mood: ["new"] })) });
  };
  expect(await heal(db, server)).toBe("done");
  expect((await items(db, WALK)).every((item) => item.passage === "received")).toBe(true);
});

test("an outcome this phone has no word for loses nothing: it is asked again", async () => {
  await note(db);
  await handIn(db, WALK);
  const honest = server.fetch;
  let asked = 0;
  server.fetch = async (input, init) => {
    const answer = await honest(input, init);
    if (input !== "/sync/push" || asked++ > 0) return answer;
    const body = (await answer.json()) as { outcomes: object[] };
    return ours({ ...body, outcomes: body.outcomes.map((it) => ({ ...it, outcome: "postponed" })) });
  };
  await round(db, server, "a");
  expect((await outbox(db)).some((row) => row.passage === "received")).toBe(false);
  expect((await outbox(db)).some((row) => row.passage === "needs_you")).toBe(false);
  expect(await heal(db, server)).toBe("done");
});

test("no request follows anybody to another address", async () => {
  const said: (string | undefined)[] = [];
  const honest = server.fetch;
  server.fetch = (input, init) => {
    if (!input.startsWith("/uploads/")) said.push(init.redirect);
    return honest(input, init);
  };
  await note(db);
  await handIn(db, WALK);
  expect(await heal(db, server)).toBe("done");
  expect(new Set(said)).toEqual(new Set(["error"]));
});

test("every request says which protocol it speaks, and an answer in a newer one is still an answer", async () => {
  const said: (string | null)[] = [];
  const honest = server.fetch;
  server.fetch = async (input, init) => {
    said.push(new Headers(init.headers).get("Trygg-Protocol"));
    const answer = await honest(input, init);
    const headers = new Headers(answer.headers);
    headers.set("Trygg-Protocol", "2");
    return new Response((await answer.text()) || null, { status: answer.status, headers });
  };
  await note(db);
  await handIn(db, WALK);
  expect(await heal(db, server)).toBe("done");
  expect(new Set(said)).toEqual(new Set(["1"]));
});
