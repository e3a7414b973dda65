import { useEffect, useRef } from "preact/hooks";
import { t } from "../../parts/words";

const KEYS: readonly [keys: string, word: string][] = [
  ["j ↓", "next"],
  ["k ↑", "previous"],
  ["a", "accept"],
  ["s", "same"],
  ["i", "other"],
  ["u", "dismiss"],
  ["d", "withhold"],
  ["r", "review"],
  ["t", "moderate"],
  ["1–9", "numbers"],
  ["x", "mark"],
  ["b", "bulk"],
  ["/", "search"],
  ["z", "undo"],
  ["Esc", "close"],
  ["?", "help"],
];

/** Every key of the inbox. Each has a button that does the same. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="keyhelp" aria-labelledby="keyhelp-title" onClose={onClose}>
      <h2 id="keyhelp-title">{t("keyhelp.title")}</h2>
      <dl>
        {KEYS.map(([keys, word]) => (
          <div key={word}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(`keyhelp.${word}`)}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" class="btn go">
          {t("keyhelp.done")}
        </button>
      </form>
    </dialog>
  );
}
