import { webcrypto } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import type { World } from "./ask";
import { goOn, notices, stop, want } from "./notices";
import type { Ear } from "./wake";

interface Asked {
  method: string;
  path: string;
  body: unknown;
}
let asked: Asked[];
let answer: (asked: Asked) => { status: number; body: object };
let subscribed: boolean;
let made: number;

const subscription = {
  endpoint: "https://push.test/1",
  toJSON: () => ({ keys: { p256dh: "KEY OF BROWSER", auth: "SECRET" } }),
  unsubscribe: async () => {
    subscribed = false;
    return true;
  },
};
const worker = {
  pushManager: {
    getSubscription: async () => (subscribed ? subscription : null),
    subscribe: async () => {
      subscribed = true;
      return subscription;
    },
  },
} as unknown as ServiceWorkerRegistration;
const desk: Ear = {
  worker: async () => (made > 0 ? worker : null),
  begin: async () => {
    made += 1;
    return worker;
  },
  who: async () => ({ cookies: true }),
};
const world = {
  now: () => 0,
  fetch: async (path: string, init: RequestInit) => {
    const it = { method: String(init.method), path, body: init.body ? JSON.parse(String(init.body)) : null };
    asked.push(it);
    const { status, body } = answer(it);
    const headers = { "Content-Type": "application/json", "Trygg-Protocol": "1" };
    return new Response(JSON.stringify(body), { status, headers });
  },
} as unknown as World;
const serverSays = (is_on: boolean) => () => ({ status: 200, body: { key: "KEY", is_on, duty: is_on } });

beforeEach(() => {
  asked = [];
  answer = serverSays(true);
  [subscribed, made] = [false, 0];
  vi.stubGlobal("crypto", webcrypto);
  vi.stubGlobal("PushManager", class {});
  vi.stubGlobal("Notification", { permission: "default" });
  vi.stubGlobal("navigator", { serviceWorker: {} });
});

test("nothing is installed and nobody is asked before the press; then the browser's keys go along", async () => {
  await goOn(desk, world);
  expect([await notices(desk, world), made, asked]).toEqual([{ kind: "off" }, 0, []]);

  expect(await want(desk, true, world)).toBe(true);

  const body = { endpoint: "https://push.test/1", p256dh: "KEY OF BROWSER", auth: "SECRET", duty: true };
  expect(asked.at(-1)).toEqual({ method: "PUT", path: "/api/push", body });
  expect(await notices(desk, world)).toMatchObject({ kind: "on", duty: true });
  expect(asked.at(-1)?.path).toMatch(/^\/api\/push\?of=[0-9a-f]{64}$/);
});

test("a server that does not take it leaves nothing half, and one that is away is not taken for off", async () => {
  answer = ({ method }) => (method === "PUT" ? { status: 503, body: {} } : serverSays(true)());
  expect([await want(desk, false, world), subscribed]).toEqual([false, false]);

  subscribed = true;
  answer = () => ({ status: 503, body: {} });
  expect(await notices(desk, world)).toEqual({ kind: "lost" });
  await goOn(desk, world);
  expect(subscribed).toBe(true);
});

test("what goes on is told in each session, and what another person left ends in the browser and at the server", async () => {
  await want(desk, true, world);
  await goOn(desk, world);
  expect(asked.at(-1)).toMatchObject({ method: "PUT", body: { duty: true } });

  answer = serverSays(false);
  await goOn(desk, world);
  expect([subscribed, asked.at(-1)?.method, asked.at(-1)?.path.length]).toEqual([false, "DELETE", 77]);
});

test("a push service that never answers is not waited for, and what comes too late is put away", async () => {
  vi.useFakeTimers();
  const asks = vi.spyOn(worker.pushManager, "subscribe");
  let comes: (made: PushSubscription) => void = () => undefined;
  asks.mockReturnValueOnce(new Promise<PushSubscription>((resolve) => (comes = resolve)));
  const pressed = want(desk, false, world).catch(() => false);
  await vi.advanceTimersByTimeAsync(30_000);
  expect([await pressed, asked.map(({ method }) => method)]).toEqual([false, ["GET"]]);

  subscribed = true;
  comes(subscription as unknown as PushSubscription);
  await vi.advanceTimersByTimeAsync(0);
  expect(subscribed).toBe(false);
  vi.useRealTimers();
});

test("who may not have it at all ends what another left in the browser", async () => {
  await want(desk, false, world);
  answer = () => ({ status: 404, body: { code: "not_found", status: 404 } });
  await goOn(desk, world);
  expect(subscribed).toBe(false);
});

test("at signing out the browser forgets even when the server is not reached, and is not asked when nothing is on", async () => {
  await stop(desk, world);
  expect(asked).toEqual([]);
  await want(desk, false, world);
  await stop(desk, { ...world, fetch: () => Promise.reject(new TypeError("no network")) });
  expect(subscribed).toBe(false);
});

test("a browser that cannot, or may not, is told apart", async () => {
  vi.stubGlobal("Notification", { permission: "denied" });
  expect(await notices(desk, world)).toEqual({ kind: "denied" });
  vi.stubGlobal("navigator", {});
  expect(await notices(desk, world)).toEqual({ kind: "none" });
});
