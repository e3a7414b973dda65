import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { openDatabase } from "../storage/database";
import { saveIdentity } from "../storage/identity";
import type { World } from "./ask";
import { noWake, wakeState, wantWake } from "./wake";

const db = openDatabase("field");
const NOTE = { title: "Det finns svar", body: "Öppna och läs.", open: "/svar" };

let subscribed: { endpoint: string; unsubscribe: () => Promise<boolean> } | null;
let asked: { method: string; path: string; body: unknown }[];
let status: number;
let keptWords: Map<string, string>;

const json = (code: number, body: unknown) =>
  new Response(JSON.stringify(body), {
    status: code,
    headers: { "Content-Type": "application/json", "Trygg-Protocol": "1" },
  });
const world = {
  now: () => 0,
  fetch: async (path: string, init: RequestInit) => {
    asked.push({ method: String(init.method), path, body: init.body ? JSON.parse(String(init.body)) : null });
    return init.method === "GET" ? json(200, { key: "KEY", is_on: false }) : json(status, { is_on: true });
  },
} as unknown as World;

beforeEach(async () => {
  await saveIdentity(db, { device: "d", walk: "w", token: "secret", municipality: "lidkoping" } as never);
  subscribed = null;
  asked = [];
  status = 200;
  keptWords = new Map();
  const pushManager = {
    getSubscription: async () => subscribed,
    subscribe: async ({ applicationServerKey }: { applicationServerKey: string }) => {
      expect(applicationServerKey).toBe("KEY");
      subscribed = {
        endpoint: "https://push.test/1",
        unsubscribe: async () => {
          subscribed = null;
          return true;
        },
      };
      return subscribed;
    },
  };
  vi.stubGlobal("PushManager", class {});
  vi.stubGlobal("Notification", { permission: "default" });
  vi.stubGlobal("navigator", { serviceWorker: { getRegistration: async () => ({ pushManager }) } });
  vi.stubGlobal("caches", {
    open: async () => ({ put: async (at: string, words: Response) => keptWords.set(at, await words.text()) }),
    delete: async () => keptWords.clear(),
  });
});

test("a wish is the browser's, the server's and the words", async () => {
  expect(await wakeState()).toBe("off");
  expect(await wantWake(db, NOTE, world)).toBe(true);
  expect(await wakeState()).toBe("on");
  expect(asked.at(-1)).toEqual({ method: "PUT", path: "/api/push", body: { endpoint: "https://push.test/1" } });
  expect(JSON.parse(keptWords.get("/push-words") ?? "")).toEqual(NOTE);
});

test("a server that does not take it leaves nothing half", async () => {
  status = 503;
  expect(await wantWake(db, NOTE, world)).toBe(false);
  expect(await wakeState()).toBe("off");
});

test("taken back, the browser forgets even when the server is not reached", async () => {
  await wantWake(db, NOTE, world);
  await noWake(db, { ...world, fetch: () => Promise.reject(new TypeError("no network")) });
  expect(await wakeState()).toBe("off");
  expect(keptWords.size).toBe(0);
});

test("a browser that cannot is not asked", async () => {
  vi.stubGlobal("navigator", { serviceWorker: { getRegistration: async () => undefined } });
  expect(await wakeState()).toBe("none");
  vi.stubGlobal("Notification", { permission: "denied" });
  vi.stubGlobal("navigator", { serviceWorker: { getRegistration: async () => ({}) } });
  expect(await wakeState()).toBe("denied");
});
