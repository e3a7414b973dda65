import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { EstView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, Problem, SelectField, TextField } from "../parts/Fields";
import { addDays, dateIn } from "../time/stockholm";
import { categoryName, placeName } from "./names";

const USUAL_DAYS = 7;

/** One more decision: what, who, when. With findings ticked it becomes the owner's task at once. */
export function Decide({ view }: { view: EstView }) {
  const [text, setText] = useState("");
  const [owner, setOwner] = useState("");
  const [due, setDue] = useState(addDays(dateIn(new Date()), USUAL_DAYS));
  const [place, setPlace] = useState("");
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  const owns = view.parties.find((each) => each.id === owner)?.owns_tasks ?? false;
  const there = placeName(view, place || null);
  const ready = owns ? view.ready.filter((each) => !there || each.place === there) : [];
  const taken = ready.filter((each) => ticked.includes(each.id)).map((each) => each.id);
  function send(event: Event) {
    event.preventDefault();
    const objection = guard([text]);
    setStopped(objection ?? "");
    if (objection) return;
    const body = {
      week: view.week,
      decision: uuid7(),
      text: text.trim(),
      owner,
      due_on: due,
      place: place || null,
      task: taken.length > 0 ? uuid7() : null,
      observations: taken,
    };
    void sending.send(
      t(taken.length > 0 ? "week.decided_task" : "week.decided"),
      operation("est.decide", view.id, body),
    );
  }
  return (
    <details class="week-edit" open={view.decisions.length > 0}>
      <summary class="btn plain">{t("week.decide")}</summary>
      <form class="stack" onSubmit={send}>
        <TextField label={t("week.decision")} hint={t("week.decision_hint")} value={text} onValue={setText} max={120} />
        <div class="cols2">
          <SelectField
            label={t("week.owner")}
            value={owner}
            onValue={setOwner}
            options={[
              { value: "", name: t("week.choose") },
              ...view.parties.map((each) => ({ value: each.id, name: each.name })),
            ]}
          />
          <TextField label={t("week.due_on")} type="date" value={due} onValue={setDue} />
          <SelectField
            label={t("week.place")}
            value={place}
            onValue={setPlace}
            options={[
              { value: "", name: t("week.not_said") },
              ...view.places.map((each) => ({ value: each.id, name: each.name })),
            ]}
          />
        </div>
        {ready.length > 0 && (
          <fieldset class="field-row">
            <legend class="field-label">{t("week.takes_up")}</legend>
            <p class="quiet hint">{t("week.takes_up_hint")}</p>
            {ready.map((each) => (
              <CheckField
                key={each.id}
                label={`${each.number} ${categoryName(view, each.category)}, ${each.place || t("week.nowhere")}`}
                checked={ticked.includes(each.id)}
                onValue={(on) => setTicked(on ? [...ticked, each.id] : ticked.filter((id) => id !== each.id))}
              />
            ))}
          </fieldset>
        )}
        <Problem text={stopped || sending.problem} />
        <p>
          <button type="submit" class="btn go" disabled={sending.busy || !text.trim() || !owner || !due}>
            {t(taken.length > 0 ? "week.keep_task" : "week.keep_decision")}
          </button>
        </p>
      </form>
    </details>
  );
}
