import { icons } from "virtual:icons?check,circle-minus";
import { useState } from "preact/hooks";
import type { EstDecision, EstView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, RadioField } from "../parts/Fields";
import { href } from "../router";
import { TaskStatus } from "../tasks/TaskStatus";
import { plainDate } from "../time/stockholm";
import { Decide } from "./Decide";
import { partyName, placeName } from "./names";

/** Last week's decisions first: how they went. Then this week's, and room for one more. */
export function Decisions({ view }: { view: EstView }) {
  const settled = view.last_decisions.filter(isDone).length;
  return (
    <section class="group" aria-labelledby="decisions">
      <h2 id="decisions">{t("week.decisions")}</h2>
      {view.last_decisions.length > 0 && (
        <>
          <h3>{t("week.last_decisions", { n: settled, of: view.last_decisions.length })}</h3>
          <ul class="week-list">
            {view.last_decisions.map((it) => (
              <One key={it.id} it={it} view={view} week={view.before} />
            ))}
          </ul>
          <h3>{t("week.new_decisions")}</h3>
        </>
      )}
      {view.decisions.length === 0 && <p>{t("week.no_decisions")}</p>}
      <ul class="week-list">
        {view.decisions.map((it) => (
          <One key={it.id} it={it} view={view} week={view.week} />
        ))}
      </ul>
      <Decide key={view.decisions.length} view={view} />
    </section>
  );
}

/** The owner's word that a task is mended, or the group's that a decision is carried out. */
function isDone(it: EstDecision): boolean {
  return it.task ? it.task.state === "done" || it.task.state === "verified" : it.is_done;
}

function One({ it, view, week }: { it: EstDecision; view: EstView; week: string }) {
  const place = placeName(view, it.place);
  return (
    <li>
      <p>
        <b>{it.text}</b>
      </p>
      <p class="quiet">
        {partyName(view, it.owner)}
        {place && `, ${place}`}. {t("week.due", { day: plainDate(it.due_on) })}
      </p>
      {it.task && (
        <p class="spread">
          <a href={href(`/atgarder/${it.task.id}`)}>{t("week.task", { number: it.task.number })}</a>
          <TaskStatus task={it.task} reason />
        </p>
      )}
      {!it.task && it.settled_on && (
        <p class="tag">
          <Icon drawing={icons[it.is_done ? "check" : "circle-minus"] ?? ""} />
          {t(it.is_done ? "week.is_done" : "week.is_not_done")} {it.said}
        </p>
      )}
      {!it.task && !it.settled_on && <Settle it={it} view={view} week={week} />}
    </li>
  );
}

function Settle({ it, view, week }: { it: EstDecision; view: EstView; week: string }) {
  const [done, setDone] = useState("yes");
  const [said, setSaid] = useState("");
  const sending = useSubmit();
  function send(event: Event) {
    event.preventDefault();
    const mine = week === view.week;
    const entity = mine ? view.id : view.before_id;
    const body = { week, decision: it.id, is_done: done === "yes", said: said.trim() };
    void sending.send(
      t("week.settled"),
      operation("est.settle", entity, body, mine ? view.version : view.before_version),
    );
  }
  return (
    <details class="week-edit">
      <summary class="btn plain">{t("week.how_went")}</summary>
      <form class="stack" onSubmit={send}>
        <RadioField
          label={t("week.was_done")}
          value={done}
          onValue={setDone}
          options={[
            { value: "yes", name: t("week.is_done") },
            { value: "no", name: t("week.is_not_done") },
          ]}
        />
        <GuardedText
          label={t(done === "yes" ? "week.said" : "week.why_not")}
          value={said}
          onValue={setSaid}
          max={300}
        />
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || (done === "no" && !said.trim())}>
            {t("week.settle")}
          </button>
        </p>
      </form>
    </details>
  );
}
