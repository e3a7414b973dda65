import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { removeObservation } from "../storage/drafts";
import { aPhone, heal, note, WALK } from "./evening";
import { handIn } from "./hand_in";
import { ModelServer } from "./model";
import { applyUpdate, watchForUpdate } from "./update";

/** The browser's side, as far as a page can see it. */
class Workers extends EventTarget {
  controller: object | null = {};
  registration = Object.assign(new EventTarget(), {
    waiting: null as { postMessage(said: unknown): void } | null,
    installing: null as EventTarget | null,
  });
  register = vi.fn(() => Promise.resolve(this.registration));
  said: unknown[] = [];

  install(): void {
    const worker = new EventTarget();
    this.registration.installing = worker;
    this.registration.dispatchEvent(new Event("updatefound"));
    this.registration.waiting = { postMessage: (said) => this.said.push(said) };
    worker.dispatchEvent(new Event("statechange"));
  }
}

let workers: Workers;
const reload = vi.fn();
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  workers = new Workers();
  reload.mockReset();
  vi.stubGlobal("navigator", { serviceWorker: workers });
  vi.stubGlobal("location", { reload });
});
afterEach(() => vi.unstubAllGlobals());

test("a new version is told of, and does nothing by itself", async () => {
  const onWaiting = vi.fn();
  await watchForUpdate(onWaiting);
  expect(workers.register).toHaveBeenCalledWith("/field.js", { scope: "/", updateViaCache: "none" });
  workers.install();
  expect(onWaiting).toHaveBeenCalledTimes(1);
  expect(workers.said).toEqual([]);
  expect(reload).not.toHaveBeenCalled();
});

test("the first installation is not an update", async () => {
  workers.controller = null;
  const onWaiting = vi.fn();
  await watchForUpdate(onWaiting);
  workers.install();
  expect(onWaiting).not.toHaveBeenCalled();
});

test("it is taken only when nothing is open, no draft is left and nothing is unsent", async () => {
  const db = await aPhone();
  await watchForUpdate(() => undefined);
  workers.install();
  expect(await applyUpdate(db, () => true)).toBe(false);

  const draft = await note(db);
  expect(await applyUpdate(db, () => false)).toBe(false);
  await removeObservation(db, draft);
  await note(db);
  await handIn(db, WALK);
  expect(await applyUpdate(db, () => false)).toBe(false);
  expect(workers.said).toEqual([]);

  await heal(db, new ModelServer());
  expect(await applyUpdate(db, () => false)).toBe(true);
  expect(workers.said).toEqual([{ type: "SKIP_WAITING" }]);
  expect(reload).not.toHaveBeenCalled();
  workers.dispatchEvent(new Event("controllerchange"));
  expect(reload).toHaveBeenCalledTimes(1);
});

test("without a worker the app goes on without one", async () => {
  vi.stubGlobal("navigator", {});
  await expect(watchForUpdate(() => undefined)).resolves.toBeUndefined();
});
