import type { Ear } from "../../../sync/wake";

/** The desk's one worker: it opens the list in the van without a network, and hears what is for this browser. */
const WORKER = { script: "/desk/bilen.js", scope: "/desk/atgarder/bilen" };

export const desk: Ear = {
  worker: async () => (await navigator.serviceWorker?.getRegistration(WORKER.scope)) ?? null,
  begin: async () => active(await navigator.serviceWorker.register(WORKER.script, { scope: WORKER.scope })),
  who: async () => ({ cookies: true }),
};

/** A browser makes an address for a worker that runs, and for no other. Null when it could not be installed. */
function active(made: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration | null> {
  const worker = made.installing ?? made.waiting;
  if (made.active || !worker) return Promise.resolve(made.active && made);
  return new Promise((resolve) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve(made);
      if (worker.state === "redundant") resolve(null);
    });
  });
}
