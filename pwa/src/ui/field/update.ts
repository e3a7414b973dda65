import { signal } from "@preact/signals";
import { path } from "../parts/path";
import { db } from "./store";

/** Takes the new version, when one lies ready and nothing would be lost; null when there is none. */
export const update = signal<(() => void) | null>(null);

/** Nothing is open on the home screen: no camera, no half-written text. */
const isOpen = () => path.value !== "/";

export function listenForUpdate(): void {
  // Without a worker (plain http, private window) the app works on line; the preparation says that it is not stored.
  import("../../sync/update")
    .then(({ applyUpdate, watchForUpdate }) =>
      watchForUpdate(() => {
        update.value = () => void applyUpdate(db, isOpen);
      }),
    )
    .catch(() => undefined);
}
