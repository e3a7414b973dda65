import { effect } from "@preact/signals";
import type { Uuid, WalkState } from "../../../domain/wire";
import { walk, who } from "../store";

const CACHE = "trygg-rewalk-photos";

function address(id: Uuid): string {
  return `/photos/${id}?size=320`;
}

/** The old photo, from this phone when it is here; null when it is neither here nor to be had. */
export async function oldPhoto(id: Uuid): Promise<Blob | null> {
  const kept = await open();
  const here = await kept?.match(address(id));
  if (here) return here.blob();
  const answer = await fetch(address(id), {
    headers: { Authorization: `Bearer ${who.value?.token ?? ""}` },
  }).catch(() => null);
  if (!answer?.ok || !answer.headers.get("content-type")?.startsWith("image/")) return null;
  await kept?.put(address(id), answer.clone()).catch(() => undefined);
  return answer.blob();
}

/** Those of this walk are fetched while there is a network; those of a walk that is forgotten are forgotten too. */
export async function keepOldPhotos(evening: WalkState | null): Promise<void> {
  const wanted = (evening?.revisits ?? []).flatMap(({ before }) => before ?? []);
  if (wanted.length === 0) {
    await globalThis.caches?.delete(CACHE).catch(() => undefined);
    return;
  }
  const kept = await open();
  const addresses = new Set(wanted.map(address));
  for (const request of (await kept?.keys()) ?? []) {
    const { pathname, search } = new URL(request.url);
    if (!addresses.has(pathname + search)) await kept?.delete(request);
  }
  for (const id of wanted) await oldPhoto(id);
}

/** A private window has no such place: then the photos need a network, and the questions do not. */
async function open(): Promise<Cache | null> {
  return globalThis.caches ? caches.open(CACHE).catch(() => null) : null;
}

effect(() => {
  if (who.value !== undefined) void keepOldPhotos(walk.value).catch(() => undefined);
});
