import { t } from "../../parts/words";

/** Below a list that goes on: how much of the whole is shown, and more of it under what is there. */
export function More({ shown, all, more }: { shown: number; all: number; more: (() => void) | null }) {
  if (!more) return null;
  return (
    <p class="acts">
      <button type="button" class="btn" onClick={more}>
        {t("list.more")}
      </button>
      <span class="quiet num">{t("list.shown", { n: shown, all: Math.max(shown, all) })}</span>
    </p>
  );
}
