import { useState } from "preact/hooks";
import type { EstView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Field, Problem, TextField } from "../parts/Fields";
import { dateIn, plainDate } from "../time/stockholm";

/** When the group met and which functions were there; names belong nowhere here. */
export function Meeting({ view }: { view: EstView }) {
  return (
    <section class="group" aria-labelledby="meeting">
      <h2 id="meeting">{t("week.meeting")}</h2>
      <p>
        {view.met_on ? t("week.met", { day: plainDate(view.met_on), who: view.present.join(", ") }) : t("week.not_met")}
      </p>
      <Form key={`${view.met_on} ${view.present.length}`} view={view} />
    </section>
  );
}

function Form({ view }: { view: EstView }) {
  const [on, setOn] = useState(view.met_on ?? dateIn(new Date()));
  const [who, setWho] = useState(view.present.join("\n"));
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  function send(event: Event) {
    event.preventDefault();
    const present = who.split("\n").filter((each) => each.trim());
    const objection = guard(present);
    setStopped(objection ?? "");
    if (objection) return;
    const body = { week: view.week, met_on: on, present };
    void sending.send(t("week.meeting_kept"), operation("est.meet", view.id, body, view.version));
  }
  return (
    <details class="week-edit">
      <summary class="btn plain">{t("week.write_meeting")}</summary>
      <form class="stack" onSubmit={send}>
        <TextField label={t("week.met_on")} type="date" value={on} onValue={setOn} />
        <Field label={t("week.present")} hint={t("week.present_hint")}>
          {(at) => (
            <textarea
              {...at}
              class="input area"
              rows={5}
              maxLength={2000}
              value={who}
              onInput={(event) => setWho(event.currentTarget.value)}
            />
          )}
        </Field>
        <Problem text={stopped || sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !who.trim() || !on}>
            {t("week.keep_meeting")}
          </button>
        </p>
      </form>
    </details>
  );
}
