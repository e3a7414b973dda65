import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { sha256 } from "../domain/ids";
import type { PhotoState } from "../domain/wire";
import type { Database } from "../storage/database";
import { photo } from "../storage/drafts";
import { forgetProven, KEEP_PROVEN } from "../storage/forget";
import { aPhone, hasBytes, heal, note, outbox, photoRow, shoot, WALK } from "./evening";
import { handIn } from "./hand_in";
import { canBeHandedInAgain, items } from "./items";
import { type Fate, ModelServer, problem } from "./model";
import { round } from "./sender";
import { CHUNK } from "./tus";

let server: ModelServer;
let db: Database;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = new ModelServer();
  db = await aPhone();
});
const count = (method: string) =>
  server.asked.filter((asked) => asked.method === method && asked.path.startsWith("/uploads/")).length;
const show = (id: string, facts: Partial<PhotoState>) => {
  const stored = server.stored.photos.get(id);
  if (!stored) throw new Error(`no photo ${id}`);
  stored.state = { ...stored.state, version: stored.state.version + 1, ...facts };
  server.show({ kind: "photo", id, version: stored.state.version, state: stored.state });
};
/** Answers to push, create and so on, in the order they are asked: the fates begin with the first PATCH. */
const fromFirstPatch = (...fates: Fate[]) => ["pass", "pass", ...fates] as Fate[];

test("a cut upload goes on where the server has it, and sends no byte twice", async () => {
  const id = await shoot(db, 3 * CHUNK + 100);
  await handIn(db, WALK);
  server.fates = fromFirstPatch("pass", "pass", "lost_request");
  expect(await round(db, server, "a")).toBe("lost");
  expect(await photoRow(db, id)).toMatchObject({ passage: "waiting", sent: 2 * CHUNK, url: `/uploads/${id}` });
  const patches = count("PATCH");
  await heal(db, server);
  expect(count("HEAD")).toBe(1);
  expect(count("PATCH") - patches).toBe(2);
  expect((await photoRow(db, id)).passage).toBe("received");
});

test("stored bytes equal declared bytes for any pattern of cuts", async () => {
  const fate = fc.constantFrom<Fate>(
    "pass",
    "lost_request",
    "lost_response",
    "html",
    () => new Response("", { status: 502 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 * CHUNK }), fc.array(fate, { maxLength: 12 }), async (size, fates) => {
      globalThis.indexedDB = new IDBFactory();
      server = new ModelServer();
      db = await aPhone();
      const id = await shoot(db, size);
      const digest = await sha256((await photo(db, id))?.bytes as ArrayBuffer);
      await handIn(db, WALK);
      server.fates = fates;
      for (let n = 0; n < 3; n++) {
        await round(db, server, "a");
        server.clock += 400_000;
      }
      expect(await heal(db, server)).toBe("done");
      expect(await sha256(server.stored.photos.get(id)?.bytes.slice().buffer as ArrayBuffer)).toBe(digest);
      expect((await photoRow(db, id)).passage).toBe("received");
      db.close();
    }),
    { numRuns: 30 },
  );
}, 60_000);

test("the last answer is lost: the feed says received, and nothing is sent again", async () => {
  const id = await shoot(db, 900);
  await handIn(db, WALK);
  server.fates = fromFirstPatch("lost_response");
  await round(db, server, "a");
  expect((await photoRow(db, id)).passage).toBe("received");
  await heal(db, server);
  expect(count("PATCH")).toBe(1);
});

test("every byte sent is not received: without the server's word the item still waits", async () => {
  const id = await shoot(db, 900);
  await handIn(db, WALK);
  // A proxy that answers for the server, in perfect tus, but cannot say what only the server knows.
  const headers = { "Tus-Resumable": "1.0.0", "Upload-Offset": "900" };
  server.fates = fromFirstPatch(() => new Response(null, { status: 204, headers }), "lost_request");
  await round(db, server, "a");
  expect((await photoRow(db, id)).passage).toBe("waiting");
  expect((await items(db, WALK))[0]).toMatchObject({ passage: "waiting", photos_received: 0 });
  await heal(db, server);
  expect(server.stored.photos.get(id)?.state.state).toBe("received");
});

test("a login page never counts as an upload", async () => {
  const id = await shoot(db, 900);
  await handIn(db, WALK);
  server.fates = ["pass", "html"];
  expect(await round(db, server, "a")).toBe("lost");
  expect((await photoRow(db, id)).url).toBeNull();
  await heal(db, server);
  expect((await photoRow(db, id)).passage).toBe("received");
});

test("the token follows no Location away from our own uploads", async () => {
  const id = await shoot(db, 900);
  await handIn(db, WALK);
  const away = { Location: "http://elsewhere.example/uploads/x", "Trygg-Protocol": "1" };
  server.fates = ["pass", () => new Response(null, { status: 201, headers: away })];
  await round(db, server, "a");
  expect(count("PATCH")).toBe(0);
  expect((await photoRow(db, id)).url).toBeNull();
});

test("the smallest photo goes first, and a server's trouble with one lets the next go", async () => {
  const [large, small] = [await shoot(db, 2_000), await shoot(db, 500)];
  await handIn(db, WALK);
  server.fates = ["pass", () => problem(500, "broken")];
  await round(db, server, "a");
  expect((await photoRow(db, small)).passage).toBe("waiting");
  expect((await photoRow(db, large)).passage).toBe("received");
});

test("a photo whose bytes are gone says so; its observation is kept and arrives", async () => {
  const id = await shoot(db);
  await handIn(db, WALK);
  await db.write(["bytes"], (tx) => tx.objectStore("bytes").delete(id));
  expect(await round(db, server, "a")).toBe("done");
  expect((await items(db, WALK))[0]).toMatchObject({ passage: "needs_you", code: "photo_missing_here", photos: 1 });
  expect(server.has("observation.record").length).toBe(1);
});

test("bytes that changed on the phone are not sent as something else", async () => {
  const id = await shoot(db);
  await handIn(db, WALK);
  await db.write(["bytes"], (tx) => tx.objectStore("bytes").put({ id, bytes: new ArrayBuffer(600) }));
  await round(db, server, "a");
  expect(await photoRow(db, id)).toMatchObject({ passage: "needs_you", code: "photo_changed_here" });
  expect(count("POST")).toBe(0);
});

test("a server that has lost the declaration, and says so at the upload, is told again", async () => {
  const id = await shoot(db);
  await handIn(db, WALK);
  server.fates = ["pass", "lost_request"];
  await round(db, server, "a");
  const declared = (await outbox(db)).find((row) => row.operation.type === "photo.declare");
  server.stored.photos.delete(id);
  server.stored.operations.delete(declared?.id ?? "");
  server.stored.effects.delete(declared?.id ?? "");
  expect(await heal(db, server)).toBe("done");
  expect(server.stored.photos.get(id)?.state.state).toBe("received");
  expect((await photoRow(db, id)).passage).toBe("received");
});

test("a digest that does not match starts over, and is parked after the third time", async () => {
  const id = await shoot(db);
  await handIn(db, WALK);
  for (let n = 0; n < 3; n++) {
    const mismatch: Fate = (asked) => (asked.method === "PATCH" ? problem(460, "photo_differs") : null);
    server.fates = Array.from({ length: 6 }, () => mismatch);
    await round(db, server, "a");
    server.clock += 400_000;
    if (n < 2) expect(await photoRow(db, id)).toMatchObject({ passage: "waiting", sent: 0, url: null });
  }
  expect(await photoRow(db, id)).toMatchObject({ passage: "needs_you", code: "photo_damaged" });
  expect(await hasBytes(db, id)).toBe(true);
});

test.each([
  [413, "photo_too_large"],
  [409, "photo_differs"],
])("%i %s needs a person, and nobody else waits", async (status, code) => {
  const id = await shoot(db);
  await note(db);
  await handIn(db, WALK);
  server.fates = ["pass", () => problem(status, code)];
  expect(await round(db, server, "a")).toBe("done");
  expect(await photoRow(db, id)).toMatchObject({ passage: "needs_you", code });
  expect((await items(db, WALK)).map((item) => item.passage).sort()).toEqual(["needs_you", "received"]);
});

test("a photo the server looked at closer and cannot use comes back as needing a person", async () => {
  const id = await shoot(db);
  await handIn(db, WALK);
  await round(db, server, "a");
  show(id, { state: "refused", code: "not_a_picture" });
  await round(db, server, "a");
  expect((await items(db, WALK))[0]).toMatchObject({ passage: "needs_you", code: "not_a_picture" });
  expect(await hasBytes(db, id)).toBe(true);
});

test.each(["not_a_photo", "truncated", "too_many_pixels", "too_slow_to_decode"])(
  "a photo refused as %s is kept, and the same bytes are not offered for handing in again",
  async (code) => {
    const id = await shoot(db);
    await handIn(db, WALK);
    server.fates = ["pass", () => problem(422, code)];
    await round(db, server, "a");
    const [item] = await items(db, WALK);
    expect(item).toMatchObject({ passage: "needs_you", code });
    expect(item && canBeHandedInAgain(item)).toBe(false);
    expect(await hasBytes(db, id)).toBe(true);
  },
);

test("bytes go only after a later pull proved the digest, and 48 hours by the server's clock", async () => {
  const id = await shoot(db);
  await handIn(db, WALK);
  // Push and upload arrive; the pull is lost: received, and yet unproven.
  server.fates = ["pass", "pass", "pass", "lost_request"];
  await round(db, server, "a");
  expect(await photoRow(db, id)).toMatchObject({ passage: "received", proved_at: null });
  expect(await forgetProven(db, "storage_short")).toBe(0);

  server.clock += 10 * KEEP_PROVEN;
  await round(db, server, "a");
  expect(await hasBytes(db, id)).toBe(true);
  server.clock += KEEP_PROVEN - 1;
  await round(db, server, "a");
  expect(await hasBytes(db, id)).toBe(true);
  server.clock += 1;
  await round(db, server, "a");
  expect(await hasBytes(db, id)).toBe(false);
  expect((await items(db, WALK))[0]).toMatchObject({ passage: "received", photos: 1, photos_received: 1 });
});

test("when storage is short a proven photo goes at once, and no other", async () => {
  const proven = await shoot(db);
  await handIn(db, WALK);
  await round(db, server, "a");
  const waiting = await shoot(db);
  await handIn(db, WALK);
  const draft = await shoot(db);
  expect(await forgetProven(db, "storage_short")).toBe(1);
  expect(await hasBytes(db, proven)).toBe(false);
  expect(await hasBytes(db, waiting)).toBe(true);
  expect(await hasBytes(db, draft)).toBe(true);
});

test("another digest under the photo's name is no proof", async () => {
  const id = await shoot(db);
  await handIn(db, WALK);
  server.fates = ["pass", "lost_request"];
  await round(db, server, "a");
  show(id, { state: "received", sha256: "0".repeat(64) });
  server.clock += 400_000;
  await round(db, server, "a");
  expect(await photoRow(db, id)).toMatchObject({ passage: "needs_you", proved_at: null });
  expect((await outbox(db)).length).toBe(3);
});
