import { useEffect, useRef } from "preact/hooks";
import { t } from "../../parts/words";

/** Every key there is on the list and the board. Each has a button too. */
export const KEYS = ["j", "k", "x", "Enter", "s", "a", "p", "v", "d", "b", "u", "z", "1", "2", "3", "/", "?"] as const;

interface HelpProps {
  sorts: boolean; // the coordinator's list
  onClose: () => void;
}

export function KeysHelp({ sorts, onClose }: HelpProps) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  return (
    <dialog ref={box} class="step" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">{t("keys.title")}</h2>
      <dl class="facts keys-list">
        {KEYS.map((key) => (
          <>
            <dt key={`${key}-key`}>
              <kbd>{key}</kbd>
            </dt>
            <dd key={`${key}-means`}>{key === "b" && sorts ? t("keys.means.b_sorts") : t(`keys.means.${key}`)}</dd>
          </>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" class="btn">
          {t("act.close")}
        </button>
      </form>
    </dialog>
  );
}
