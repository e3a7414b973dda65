import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";

/** One more plan of an agreement, in one focus area. */
export function NewPlan({ agreement }: { agreement: Uuid }) {
  const [focus, setFocus] = useState("");
  const [title, setTitle] = useState("");
  const sending = useSubmit();
  function enter(event: Event) {
    event.preventDefault();
    const body = { agreement, focus: focus.trim(), title: title.trim() };
    void sending.send(t("plans.entered"), operation("plan.enter", uuid7(), body));
  }
  return (
    <details>
      <summary class="btn plain">{t("plans.add")}</summary>
      <form class="stack" onSubmit={enter}>
        <TextField label={t("plans.focus")} hint={t("plans.focus_hint")} value={focus} onValue={setFocus} max={120} />
        <TextField label={t("plans.name")} value={title} onValue={setTitle} max={120} />
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !focus.trim() || !title.trim()}>
            {t("plans.save")}
          </button>
        </p>
      </form>
    </details>
  );
}
