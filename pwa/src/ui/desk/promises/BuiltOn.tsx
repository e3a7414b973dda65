import { useState } from "preact/hooks";
import type { PromiseView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, Problem } from "../parts/Fields";

/** Which dialogues and surveys the promise is built on. Everybody reads it when the promise is shown again. */
export function BuiltOn({ view }: { view: PromiseView }) {
  const [chosen, setChosen] = useState<readonly string[]>(view.built_on);
  const sending = useSubmit();
  if (view.surveys.length === 0) return null;
  function save(event: Event) {
    event.preventDefault();
    void sending.send(
      t("promise.build_done"),
      operation("promise.build_on", view.promise.id, { surveys: [...chosen] }),
    );
  }
  return (
    <details>
      <summary class="btn plain">{t("promise.build_on")}</summary>
      <form class="stack" onSubmit={save}>
        {view.surveys.map((it) => (
          <CheckField
            key={it.id}
            label={it.words}
            checked={chosen.includes(it.id)}
            onValue={(on) => setChosen(on ? [...chosen, it.id] : chosen.filter((other) => other !== it.id))}
          />
        ))}
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy}>
            {t("promise.build_save")}
          </button>
        </p>
      </form>
    </details>
  );
}
