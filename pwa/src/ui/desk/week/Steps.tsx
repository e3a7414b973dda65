import { icons } from "virtual:icons?check,download,eye";
import { useState } from "preact/hooks";
import type { EstView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem } from "../parts/Fields";
import { useAsking } from "../promises/useAsking";
import { shortMoment } from "../time/stockholm";

const STEPS = ["reporting", "review", "compiled"] as const;

/** How far the week has come, and the step that comes next. */
export function Steps({ view, again }: { view: EstView; again: () => void }) {
  return (
    <section class="group" aria-labelledby="steps">
      <h2 id="steps">{t("week.steps")}</h2>
      <ol class="steps">
        {STEPS.map((step, i) => (
          <li key={step} {...(step === view.step ? { "aria-current": "step" as const } : {})}>
            {STEPS.indexOf(view.step) > i && <Icon drawing={icons.check ?? ""} />}
            {i + 1} {t(`week.step.${step}`)}
          </li>
        ))}
      </ol>
      <p>{t(`week.step.${view.step}.means`)}</p>
      {view.picture.unsorted > 0 && (
        <p class="tag t-need">
          <Icon drawing={icons.eye ?? ""} />
          {t("week.unsorted", { n: view.picture.unsorted })} <a href="/desk/inkommet">{t("week.sort_them")}</a>
        </p>
      )}
      {view.compiled && (
        <p class={view.is_as_compiled ? "quiet" : "tag t-need"}>
          {t("week.signed", { by: view.compiled.by, when: shortMoment(view.compiled.at), n: view.compiled.events })}{" "}
          {!view.is_as_compiled && t("week.changed_since")}
        </p>
      )}
      <Next view={view} again={again} />
      {view.history.length > 0 && (
        <details>
          <summary class="btn plain">{t("week.history")}</summary>
          <ul class="week-list">
            {view.history.map((it) => (
              <li key={it.at}>
                <p>
                  {t(`week.step.${it.end as EstView["step"]}`)}. {it.text}
                </p>
                <p class="quiet">
                  {it.by}, {shortMoment(it.at)}
                </p>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Next({ view, again }: { view: EstView; again: () => void }) {
  const sending = useSubmit();
  const asking = useAsking(again);
  return (
    <div class="stack week-edit">
      <p class="acts">
        {view.step === "reporting" && (
          <button
            type="button"
            class="btn go"
            disabled={sending.busy}
            onClick={() =>
              void sending.send(t("week.review_begun"), operation("est.review", view.id, { week: view.week }))
            }
          >
            {t("week.begin_review")}
          </button>
        )}
        {view.step === "review" && (
          <button
            type="button"
            class="btn go"
            disabled={asking.busy || view.picture.unsorted > 0 || !view.is_over}
            onClick={() =>
              void asking.ask("/api/est/compile", { week: view.week, digest: view.digest }, t("week.compiled_now"))
            }
          >
            {t("week.compile")}
          </button>
        )}
        <a class="btn" href={`/api/est/export/csv?week=${view.week}`} target="_self" download>
          <Icon drawing={icons.download ?? ""} />
          {t("week.export_csv")}
        </a>
        <a class="btn" href={`/api/est/export/json?week=${view.week}`} target="_self" download>
          <Icon drawing={icons.download ?? ""} />
          {t("week.export_json")}
        </a>
      </p>
      <Problem text={sending.problem || asking.problem} />
      {view.step !== "reporting" && <Reopen key={view.version} view={view} />}
    </div>
  );
}

function Reopen({ view }: { view: EstView }) {
  const [reason, setReason] = useState("");
  const sending = useSubmit();
  function send(event: Event) {
    event.preventDefault();
    const body = { week: view.week, reason: reason.trim() };
    void sending.send(t("week.reopened"), operation("est.reopen", view.id, body));
  }
  return (
    <details>
      <summary class="btn plain">{t("week.reopen")}</summary>
      <form class="stack" onSubmit={send}>
        <GuardedText label={t("week.reopen_why")} value={reason} onValue={setReason} max={300} />
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !reason.trim()}>
            {t("week.reopen_now")}
          </button>
        </p>
      </form>
    </details>
  );
}
