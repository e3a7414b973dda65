import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Notices, notices, stop, want } from "../../sync/notices";
import type { Ear } from "../../sync/wake";

/** The wish of this browser, and what can be pressed. `state` null: not known yet. */
export function useNotices(ear: Ear) {
  const state = useSignal<Notices | null>(null);
  const busy = useSignal(false);
  const failed = useSignal(false);
  const look = async () => {
    state.value = await notices(ear).catch(() => ({ kind: "lost" as const }));
  };
  useEffect(() => void look(), []);
  const during = async (act: () => Promise<boolean>) => {
    busy.value = true;
    failed.value = !(await act().catch(() => false));
    await look();
    busy.value = false;
    return !failed.value;
  };
  return {
    state: state.value,
    busy: busy.value,
    failed: failed.value,
    look,
    want: (duty: boolean) => during(() => want(ear, duty)),
    stop: () => during(() => stop(ear).then(() => true)),
  };
}
