import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import type { Push } from "../domain/wire";
import { identity, meta } from "../storage/identity";
import { aPhone, note, outbox, WALK } from "./evening";
import { handIn } from "./hand_in";
import { items } from "./items";
import { type Asked, json, ModelServer, ours, problem } from "./model";
import { round } from "./sender";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

async function pushed(server: ModelServer): Promise<Push[]> {
  const asked = server.asked.filter((one) => one.path === "/sync/push");
  return Promise.all(asked.map(async (one) => (await json(one)) as Push));
}

test("every push says how far this phone has counted", async () => {
  const [db, server] = [await aPhone(), new ModelServer()];
  await note(db);
  await handIn(db, WALK);
  await round(db, server, "a");

  const sent = (await pushed(server))[0] as Push;
  expect(sent.last_seq).toBe(Math.max(...sent.operations.map((operation) => operation.seq ?? 0)));
});

test("what waits for a person there is neither lost nor asked about every minute, and its answer is heard", async () => {
  const [db, server] = [await aPhone(), new ModelServer()];
  server.judge = () => ({ outcome: "deferred", code: "held" });
  const finding = await note(db);
  await handIn(db, WALK);
  await round(db, server, "a");

  expect((await items(db, WALK)).find((item) => item.id === finding)?.passage).toBe("held");
  const asked = (await pushed(server)).length;
  server.clock += 600_000;
  await round(db, server, "a");
  expect((await pushed(server)).length).toBe(asked);

  server.judge = () => null;
  server.stored.operations.clear(); // the model answers anew, as the server does when somebody has decided
  server.clock += 3_700_000;
  await round(db, server, "a");
  expect((await outbox(db)).map((row) => row.passage)).toEqual(["received", "received"]);
});

test("a phone that was shut goes on handing in, and then rests", async () => {
  const [db, server] = [await aPhone(), new ModelServer()];
  server.shut = "device_revoked";
  expect(await round(db, server, "a")).toBe("paused");
  await note(db);
  await handIn(db, WALK);

  expect(await round(db, server, "a")).toBe("paused");
  expect((await outbox(db)).every((row) => row.passage === "received")).toBe(true);
  const asked = server.asked.length;
  expect(await round(db, server, "a")).toBe("paused");
  expect(server.asked.length).toBe(asked);
});

/** A server that has had higher numbers from the old id, and `arrived` of what waits. Returns the new ids it was asked for. */
function restarted(server: ModelServer, arrived: string[]): string[] {
  const devices: string[] = [];
  const real = server.fetch;
  server.fetch = async (input, init) => {
    const asked: Asked = { method: "POST", path: input, headers: new Headers(init.headers), body: new Uint8Array() };
    const body = new Uint8Array(await new Response(init.body ?? null).arrayBuffer());
    const isOld = asked.headers.get("Authorization") === "Bearer t";
    if (input === "/sync/push" && isOld) return problem(409, "device_restarted", {}, { last_seq: 9 });
    if (input === "/sync/have" && isOld) {
      const { operations } = (await json({ ...asked, body })) as { operations: string[] };
      return ours({ missing: operations.filter((id) => !arrived.includes(id)) });
    }
    if (input !== "/api/session/renew") return real(input, init);
    const { device } = (await json({ ...asked, body })) as { device: string };
    devices.push(device);
    return devices.length === 1 ? problem(503, "server_busy") : ours({ token: "new", device });
  };
  return devices;
}

test("a phone whose storage was put back goes on under another id, with new numbers and the same operations", async () => {
  const [db, server] = [await aPhone(), new ModelServer()];
  await note(db);
  await note(db);
  await handIn(db, WALK);
  const before = await outbox(db);
  const first = before[0]?.id ?? "";
  const outcome = { id: first, outcome: "applied", version: 1 } as const;
  server.stored.operations.set(first, { text: JSON.stringify(before[0]?.operation), outcome });
  const asked = restarted(server, [first]);

  expect(await round(db, server, "a")).toBe("lost"); // no answer to the renewal
  server.clock += 3_700_000;
  expect(await round(db, server, "a")).toBe("done");

  const after = await outbox(db);
  expect(new Set(asked).size).toBe(1);
  expect((await identity(db))?.device).toBe(asked[0]);
  expect(after.map((row) => row.id)).toEqual(before.map((row) => row.id));
  expect(after.map((row) => row.seq)).toEqual([1, 4, 5]);
  expect(after.every((row) => row.operation.seq === row.seq && row.passage === "received")).toBe(true);
  expect(await meta(db, "next_device")).toBeNull();
});
