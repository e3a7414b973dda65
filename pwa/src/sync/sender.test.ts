import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test } from "vitest";
import type { Operation } from "../domain/wire";
import { identity, saveIdentity } from "../storage/identity";
import { handInAgain } from "./again";
import type { World } from "./ask";
import { contact, LEASE, stayKnown } from "./contact";
import { aPhone, heal, note, outbox, photoRow, shoot, WALK } from "./evening";
import { correct, handIn } from "./hand_in";
import { items } from "./items";
import { type Asked, json, ModelServer, problem } from "./model";
import { round } from "./sender";

let server: ModelServer;
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  server = new ModelServer();
});
const sent = async (n = 0) => {
  const pushes = server.asked.filter((asked) => asked.path === "/sync/push");
  return ((await json(pushes[n] as Asked)) as { operations: Operation[] }).operations;
};
const until = async (is: () => boolean) => {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 1));
};
const passages = async (db: Awaited<ReturnType<typeof aPhone>>) => (await items(db, WALK)).map((item) => item.passage);
const html =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new Response("<html>", { status, headers: { "Content-Type": "text/html", ...headers } });

test("what is handed in arrives with its photo, and only then it says received", async () => {
  const db = await aPhone();
  const photo = await shoot(db, 700_000);
  await handIn(db, WALK);
  expect(await passages(db)).toEqual(["waiting"]);

  expect(await round(db, server, "a")).toBe("done");

  const [item] = await items(db, WALK);
  expect(item).toMatchObject({ passage: "received", photos: 1, photos_received: 1, code: null });
  expect(item?.receipt?.number).toMatch(/^LK-/);
  expect(server.stored.photos.get(photo)?.state.state).toBe("received");
  expect(server.asked.filter((asked) => asked.method === "PATCH").length).toBe(3);
});

test("a lost response sends the same operations again, and the item is received once", async () => {
  const db = await aPhone();
  const observation = await note(db);
  await handIn(db, WALK);
  server.fates = ["lost_response"];

  expect(await round(db, server, "a")).toBe("lost");
  expect(await passages(db)).toEqual(["waiting"]);
  expect(await heal(db, server)).toBe("done");

  expect(await sent(1)).toEqual(await sent(0));
  expect(server.has("observation.record").map((operation) => operation.entity)).toEqual([observation]);
  expect([...server.stored.effects.values()].every((times) => times === 1)).toBe(true);
  expect(await passages(db)).toEqual(["received"]);
});

test("a crash between hand-in and send loses nothing", async () => {
  const db = await aPhone();
  await note(db);
  await handIn(db, WALK);
  server.fates = ["hang"];
  void round(db, server, "crashed");
  await until(() => server.asked.length > 0);
  expect(await passages(db)).toEqual(["sending"]);

  const reopened = await aPhone();
  expect(await round(reopened, server, "b")).toBe("not_mine");
  server.clock += LEASE + 1;
  expect(await round(reopened, server, "b")).toBe("done");
  expect(server.has("observation.record").length).toBe(1);
  expect(await passages(reopened)).toEqual(["received"]);
});

test("a rejected item is parked with its reason and does not block the others", async () => {
  const db = await aPhone();
  const bad = await note(db, { text: "Kalle var där" });
  const good = await note(db);
  await handIn(db, WALK);
  server.judge = ({ entity }) => (entity === bad ? { outcome: "rejected", code: "names_a_person" } : null);

  await round(db, server, "a");

  const found = await items(db, WALK);
  expect(found.find((item) => item.id === bad)).toMatchObject({ passage: "needs_you", code: "names_a_person" });
  expect(found.find((item) => item.id === good)?.passage).toBe("received");
  await heal(db, server);
  expect((await outbox(db)).some((row) => row.entity === bad)).toBe(true);
});

test("only operations on the same entity wait behind a parked one, and go when it is handed in again", async () => {
  const db = await aPhone();
  const bad = await note(db, { text: "Kalle" });
  await handIn(db, WALK);
  server.judge = ({ body }) => ("text" in body && body.text === "Kalle" ? { outcome: "rejected", code: "no" } : null);
  await round(db, server, "a");
  await correct(db, bad, { severity: 2 });
  const other = await note(db);
  await handIn(db, WALK);

  await round(db, server, "a");
  expect(server.has("observation.record").map((operation) => operation.entity)).toEqual([other]);
  expect(server.has("observation.correct")).toEqual([]);

  await handInAgain(db, bad, { text: "Mörkt" });
  expect(await heal(db, server)).toBe("done");
  expect(server.has("observation.correct").length).toBe(1);
  expect((await items(db, WALK)).every((item) => item.passage === "received")).toBe(true);
});

test("a deferred item stays waiting, and is received when the server can take it", async () => {
  const db = await aPhone();
  await note(db);
  await handIn(db, WALK);
  server.judge = ({ type }) => (type === "observation.record" ? { outcome: "deferred", code: "walk_missing" } : null);
  expect(await round(db, server, "a")).toBe("done");
  expect(await passages(db)).toEqual(["waiting"]);
  const asked = server.asked.length;
  await round(db, server, "a");
  expect(server.asked.slice(asked).filter(({ path }) => path === "/sync/push")).toEqual([]);

  server.judge = () => null;
  expect(await heal(db, server)).toBe("done");
  expect(await passages(db)).toEqual(["received"]);
});

describe("what is not our server's answer is no answer", () => {
  test.each([
    ["a login page with status 200", "html" as const],
    ["JSON of somebody else's, without our header", () => Response.json({ outcomes: [] })],
    ["half an answer", "truncated" as const],
    ["a proxy's 502", html(502)],
    ["a proxy's 401", html(401)],
    ["no network", "lost_request" as const],
  ])("%s", async (_, fate) => {
    const db = await aPhone();
    await note(db);
    await handIn(db, WALK);
    server.fates = [fate];
    expect(await round(db, server, "a")).toBe("lost");
    expect(await passages(db)).toEqual(["waiting"]);
    expect((await contact(db)).paused).toBeNull();
    expect(await heal(db, server)).toBe("done");
    expect(server.has("observation.record").length).toBe(1);
  });
});

test.each([
  ["503", () => problem(503, "busy", { "Retry-After": "120" })],
  ["429", () => problem(429, "slow_down", { "Retry-After": "120" })],
  ["a proxy's 503", html(503, { "Retry-After": "120" })],
])("%s with Retry-After is left alone for that long, by every page", async (_, fate) => {
  const db = await aPhone();
  await note(db);
  await handIn(db, WALK);
  server.fates = [fate];
  expect(await round(db, server, "a")).toBe("lost");
  const asked = server.asked.length;
  server.clock += 119_000;
  expect(await round(db, server, "b")).toBe("held");
  expect(server.asked.length).toBe(asked);
  server.clock += 2_000;
  expect(await round(db, server, "b")).toBe("done");
  expect(await passages(db)).toEqual(["received"]);
});

test("413 splits the batch, and everything arrives once and in order", async () => {
  const db = await aPhone();
  for (let n = 0; n < 12; n++) await note(db, { text: "x".repeat(400) });
  await handIn(db, WALK);
  server.mostBytes = 3_000;
  expect(await round(db, server, "a")).toBe("done");
  const seqs = server.has("observation.record").map((operation) => operation.seq);
  expect(seqs).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
  expect([...server.stored.effects.values()].every((times) => times === 1)).toBe(true);
});

test("one operation that makes the server refuse the whole batch is found and parked; the rest arrives", async () => {
  const db = await aPhone();
  for (let n = 0; n < 9; n++) await note(db, { text: n === 4 ? "GIFT" : "" });
  await handIn(db, WALK);
  const poison = async (asked: Asked) => JSON.stringify(await json(asked)).includes("GIFT");
  const meet = server.fetch;
  server.fetch = async (input, init) => {
    const body = new Uint8Array(await new Response(init.body ?? null).arrayBuffer());
    const asked = { method: "POST", path: input, headers: new Headers(init.headers), body };
    if (input === "/sync/push" && (await poison(asked))) return problem(400, "batch_malformed");
    return meet(input, { ...init, body: body.length > 0 ? body : null });
  };
  expect(await round(db, server, "a")).toBe("done");
  const found = await items(db, WALK);
  expect(found.filter((item) => item.passage === "received").length).toBe(8);
  expect(found.filter((item) => item.code === "batch_malformed").length).toBe(1);
});

test("401 pauses, capture goes on, and joining again sends what waited", async () => {
  const db = await aPhone();
  await note(db);
  await handIn(db, WALK);
  server.known = false;
  expect(await round(db, server, "a")).toBe("paused");
  expect((await contact(db)).paused).toBe("device_unknown");
  const asked = server.asked.length;
  await note(db);
  await handIn(db, WALK);
  server.clock += 3_600_000;
  expect(await round(db, server, "a")).toBe("paused");
  expect(server.asked.length).toBe(asked);

  server.known = true;
  const who = await identity(db);
  if (who) await saveIdentity(db, { ...who, token: "fresh" });
  expect(await round(db, server, "a")).toBe("done");
  expect(await passages(db)).toEqual(["received", "received"]);
});

test("two senders with one database send each operation once at a time", async () => {
  const [one, two] = [await aPhone(), await aPhone()];
  for (let n = 0; n < 6; n++) await note(one);
  await handIn(one, WALK);
  server.delay = 3;
  const ended = await Promise.all([round(one, server, "a"), round(two, server, "b")]);
  expect(ended.sort()).toEqual(["done", "not_mine"]);
  expect(server.mostInFlight).toBe(1);
  expect(server.asked.filter((asked) => asked.path === "/sync/push").length).toBe(1);
});

test("Web Locks keep tabs apart before the lease has to", async () => {
  const [one, two] = [await aPhone(), await aPhone()];
  await note(one);
  await handIn(one, WALK);
  server.locks = () => navigator.locks;
  server.delay = 3;
  const ended = await Promise.all([round(one, server, "a"), round(two, server, "b")]);
  expect(ended.sort()).toEqual(["done", "not_mine"]);
});

test("a page that was frozen past its lease sends nothing more when it wakes", async () => {
  const [frozen, other] = [await aPhone(), await aPhone()];
  for (let n = 0; n < 3; n++) await note(frozen, { text: "x".repeat(140_000) });
  await handIn(frozen, WALK);
  let wake = (): void => undefined;
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const sleepy: World = {
    ...server,
    fetch: async (input, init) => {
      const response = await server.fetch(input, init);
      await asleep;
      return response;
    },
  };
  const sleeping = round(frozen, sleepy, "frozen");
  await until(() => server.stored.operations.size > 0);
  server.clock += LEASE + 1;
  server.delay = 20;
  const taking = round(other, server, "other");
  await until(() => server.asked.length >= 2);
  wake();
  expect(await sleeping).toBe("not_mine");
  expect(await taking).toBe("done");
  expect(server.mostInFlight).toBe(1);
  expect([...server.stored.effects.values()].every((times) => times === 1)).toBe(true);
});

test("before hand-in only the number of drafts travels", async () => {
  const db = await aPhone();
  await shoot(db);
  await note(db);
  await round(db, server, "a");
  expect((await sent()).map((operation) => [operation.type, operation.seq])).toEqual([["device.status", null]]);
  expect(server.stored.told).toBe(2);
  expect(server.asked.some((asked) => asked.path.startsWith("/uploads/"))).toBe(false);
});

test("what is held at hand-in is told of, though the hand-in said that all is in", async () => {
  const db = await aPhone();
  await shoot(db, 600, false);
  await round(db, server, "a");
  await note(db);
  await handIn(db, WALK);
  await round(db, server, "a");
  expect((await sent(1)).map((operation) => operation.type)).toEqual([
    "observation.record",
    "walk.hand_in",
    "device.status",
  ]);
  expect(server.stored.told).toBe(1);
});

test("the number of drafts never stands in the way of an observation", async () => {
  const db = await aPhone();
  await note(db);
  await handIn(db, WALK);
  await note(db);
  server.fates = [() => problem(400, "batch_malformed")];
  expect(await round(db, server, "a")).toBe("done");
  expect((await items(db, WALK)).map((item) => item.passage).sort()).toEqual(["draft", "received"]);
});

test("a photo that is never declared is never uploaded", async () => {
  const db = await aPhone();
  const photo = await shoot(db);
  await handIn(db, WALK);
  server.judge = ({ type }) => (type === "photo.declare" ? { outcome: "rejected", code: "photo_unwanted" } : null);
  await round(db, server, "a");
  expect(server.asked.some((asked) => asked.path.startsWith("/uploads/"))).toBe(false);
  expect(await photoRow(db, photo)).toMatchObject({ passage: "needs_you", code: "photo_unwanted" });
});

test("a lease left by a page that is gone holds nobody up", async () => {
  const db = await aPhone();
  await note(db);
  await handIn(db, WALK);
  server.locks = () => navigator.locks;
  const left = { key: "lease", value: { holder: "reloaded", until: server.clock + LEASE - 1 } };
  await db.write(["meta"], (tx) => tx.objectStore("meta").put(left), "quiet");
  expect(await round(db, server, "a")).toBe("done");
});

test("a lease of a page that still lives is respected", async () => {
  const db = await aPhone();
  await note(db);
  await handIn(db, WALK);
  server.locks = () => navigator.locks;
  const left = { key: "lease", value: { holder: "alive", until: server.clock + LEASE - 1 } };
  await db.write(["meta"], (tx) => tx.objectStore("meta").put(left), "quiet");
  let leave = (): void => undefined;
  stayKnown(
    navigator.locks,
    "alive",
    new Promise((resolve) => {
      leave = resolve;
    }),
  );
  expect(await round(db, server, "a")).toBe("not_mine");
  leave();
});
