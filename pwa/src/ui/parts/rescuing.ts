import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Database } from "../../storage/database";
import { isProtected } from "../../sync/prepare";
import { forgetPhone, makeRescue, NoKey, type Unsent, unsent } from "../../sync/rescue";
import { watch } from "../../sync/watch";

export type FileState = "none" | "making" | "ready" | "shared" | "saved" | "no_key" | "failed";
export interface Rescuing {
  left: Unsent | null;
  /** Null until the browser has answered. */
  kept: boolean | null;
  file: FileState;
  canShare: boolean;
  make(): Promise<void>;
  share(): Promise<void>;
  save(): void;
  /** False: something is unsent, so nothing was forgotten. */
  forget(): Promise<boolean>;
}

/** What lies only here, and the file it can be carried away in. Sharing needs a tap of its own, so the file is made first. */
export function useRescue(db: Database): Rescuing {
  const left = useSignal<Unsent | null>(null);
  const kept = useSignal<boolean | null>(null);
  const state = useSignal<FileState>("none");
  const file = useSignal<File | null>(null);
  useEffect(() => {
    const count = () =>
      void unsent(db).then((now) => {
        left.value = now;
      });
    count();
    void isProtected().then((is) => {
      kept.value = is;
    });
    return watch(db, count);
  }, [db]);
  const share = async () => {
    if (!file.value) return;
    try {
      await navigator.share({ files: [file.value] });
      state.value = "shared";
    } catch (error) {
      // Closed without choosing anybody: the file is still here to be handed over.
      if (!(error instanceof Error && error.name === "AbortError")) save();
    }
  };
  const save = () => {
    if (!file.value) return;
    download(file.value);
    state.value = "saved";
  };
  return {
    left: left.value,
    kept: kept.value,
    file: state.value,
    canShare: file.value !== null && canShare(file.value),
    async make() {
      state.value = "making";
      try {
        file.value = await makeRescue(db);
        state.value = "ready";
      } catch (error) {
        state.value = error instanceof NoKey ? "no_key" : "failed";
      }
    },
    share,
    save,
    forget: () => forgetPhone(db),
  };
}

function canShare(file: File): boolean {
  return navigator.canShare?.({ files: [file] }) === true;
}

function download(file: File): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: url, download: file.name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A Safari tab loses what it stores after a week without a visit; an app on the home screen does not. */
export function isBareSafari(): boolean {
  const apple = /iPhone|iPad|Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
  return apple && !matchMedia("(display-mode: standalone)").matches;
}
