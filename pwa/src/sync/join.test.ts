import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import { openDatabase } from "../storage/database";
import { identity, meta } from "../storage/identity";
import { note } from "./evening";
import { enrol, join, look, Refused, Unreachable } from "./join";
import { type Asked, type Fate, json, ModelServer, ours, problem } from "./model";

let server: ModelServer;
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  server = new ModelServer();
});
const joined =
  (asked: Asked, municipality = "lidkoping") =>
  async () => {
    const { device } = (await json(asked)) as { device: string };
    return ours({ token: "t", device, walk: "w", municipality });
  };
/** The model knows no invitations: the answer is the test's. */
function answering(municipality = "lidkoping"): void {
  const meet = server.fetch;
  server.fetch = async (input, init) => {
    const response = await meet(input, init);
    if (response.status !== 404) return response;
    const asked = server.asked.at(-1) as Asked;
    if (input === "/api/join/look")
      return ours({ municipality: { id: municipality, name: municipality }, name: "Åkern" });
    if (input === "/api/join") return joined(asked, municipality)();
    const { device } = (await json(asked)) as { device: string };
    return ours({ token: "t", device, municipality, organisation: "lidkoping-faltarna" });
  };
}

test("a code is read as it was meant", async () => {
  answering();
  await look({ code: " abcd-efgo " }, server);
  expect(await json(server.asked[0] as Asked)).toEqual({ code: "ABCD-EFG0" });
  await look({ code: "ilil ilil" }, server);
  expect(await json(server.asked[1] as Asked)).toEqual({ code: "1111-1111" });
});

test("a lost answer is joined again as the same phone", async () => {
  answering();
  const db = openDatabase("field");
  server.fates = ["lost_response"];
  await expect(join(db, { secret: "s" }, "Kim", server)).rejects.toBeInstanceOf(Unreachable);
  const who = await join(db, { secret: "s" }, "Kim", server);
  const devices = await Promise.all(
    server.asked.map(async (asked) => ((await json(asked)) as { device: string }).device),
  );
  expect(devices).toEqual([who.device, who.device]);
  expect(await identity(db)).toMatchObject({ alias: "Kim", token: "t", walk: "w", surface: "field" });
});

test("the server's no comes with its words", async () => {
  server.fates = [() => problem(410, "invite_ended")];
  const refused = await look({ secret: "s" }, server).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refused);
  expect((refused as Refused).problem.code).toBe("invite_ended");
});

const cut = () =>
  new Response('{"municipality": {"id": "lid', {
    headers: { "Content-Type": "application/json", "Trygg-Protocol": "1" },
  });
test.each<[string, Fate]>([
  ["a login page", "html"],
  ["half an answer", cut],
  ["no network", "lost_request"],
  ["an answer to something else", () => ours({})],
])("%s is no answer to joining", async (_, fate) => {
  answering();
  server.fates = [fate];
  await expect(look({ secret: "s" }, server)).rejects.toBeInstanceOf(Unreachable);
});

test("what is unsent is never carried over to another municipality", async () => {
  answering();
  const db = openDatabase("field");
  const first = await join(db, { secret: "s" }, "Kim", server);
  await note(db);
  const elsewhere = new ModelServer();
  server = elsewhere;
  answering("skara");
  const refused = await join(db, { secret: "s2" }, "Kim", elsewhere).catch((error: unknown) => error);
  expect((refused as Refused).problem).toMatchObject({ code: "unsent_for_another_municipality", facts: { unsent: 1 } });
  expect((await identity(db))?.device).toBe(first.device);

  await db.write(["drafts"], (tx) => tx.objectStore("drafts").clear());
  const second = await join(db, { secret: "s2" }, "Kim", elsewhere);
  expect(second.municipality).toBe("skara");
  expect(second.device).not.toBe(first.device);
  expect(await meta(db, "next_seq")).toBeNull();
});

test("the same municipality's next walk finds the same phone", async () => {
  answering();
  const db = openDatabase("field");
  const first = await join(db, { secret: "s" }, "Kim", server);
  await note(db);
  expect((await join(db, { secret: "s2" }, "Kim", server)).device).toBe(first.device);
});

test("a field secretary's phone is enrolled with its organisation", async () => {
  answering();
  const db = openDatabase("falt");
  const who = await enrol(db, "", server);
  expect(who).toMatchObject({ organisation: "lidkoping-faltarna", surface: "falt", token: "t" });
});
