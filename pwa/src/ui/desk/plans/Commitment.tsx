import { icons } from "virtual:icons?clock-alert,calendar-clock,check,circle-minus";
import type { CommitmentRow, PlansView, ReportBack } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { href } from "../router";
import { dateIn, fullDate } from "../time/stockholm";
import { CommitmentForm } from "./NewCommitment";
import { ReportLinks } from "./ReportLinks";
import { TellForm } from "./TellForm";

type Kept = CommitmentRow["days"][number]["kept"];
const TONE: Record<Kept, string> = { coming: "t-move", on_time: "t-calm", late: "t-need", missing: "t-need" };
const DRAWN: Record<Kept, keyof typeof icons> = {
  coming: "calendar-clock",
  on_time: "check",
  late: "clock-alert",
  missing: "circle-minus",
};

/** One commitment: how it stands, each report day and how it was met, every report, and the answer that is due. */
export function Commitment({ it, view }: { it: CommitmentRow; view: PlansView }) {
  const answerable = it.asked_for ?? lastTold(it, view);
  return (
    <li class="card stack commitment">
      <h4>{it.text}</h4>
      <p>
        <b>{it.executor_name}</b>. {t(`commitment.state.${it.state}`)}.{" "}
        {t("commitment.due_on", { day: fullDate(it.due_on), rhythm: t(`commitment.rhythm.${it.rhythm}`) })}
      </p>
      {it.terms.slice(1).map((terms) => (
        <p key={terms.set_at} class="quiet">
          {t("commitment.changed", { day: fullDate(terms.since), by: terms.set_by, due: fullDate(terms.due_on) })}
        </p>
      ))}
      <LeadsTo it={it} />
      <p class="field-label">{t("commitment.days")}</p>
      <ul class="chips">
        {it.days.map(({ day, kept }) => (
          <li key={day} class={`tag ${TONE[kept]}`}>
            <Icon drawing={icons[DRAWN[kept]] ?? ""} />
            {fullDate(day)}, {t(`commitment.kept.${kept}`)}
          </li>
        ))}
      </ul>
      <History reports={it.reports} />
      {answerable && (
        <details key={answerable} open={!view.is_coordinator && it.is_late}>
          <summary class="btn">
            {view.is_coordinator
              ? t("commitment.tell_for", { day: fullDate(answerable) })
              : t("commitment.tell", { day: fullDate(answerable) })}
          </summary>
          <TellForm key={it.version} it={it} day={answerable} writesFor={view.is_coordinator} />
        </details>
      )}
      {view.is_coordinator && (
        <>
          <ReportLinks key={it.links.length} it={it} />
          <details>
            <summary class="btn plain">{t("commitment.change")}</summary>
            <CommitmentForm key={it.version} plan={it.plan} view={view} before={it} />
          </details>
        </>
      )}
    </li>
  );
}

/** Nothing is asked for: the coordinator may still write down what is said of the last day, beside what was said. */
function lastTold(it: CommitmentRow, view: PlansView): string | null {
  return view.is_coordinator ? (it.reports[0]?.due_on ?? null) : null;
}

function LeadsTo({ it }: { it: CommitmentRow }) {
  if (it.promises.length === 0 && it.tasks.length === 0) return null;
  return (
    <ul>
      {it.promises.map((each) => (
        <li key={each.id}>{each.heading}</li>
      ))}
      {it.tasks.map((each) => (
        <li key={each.id}>
          <a href={href(`/atgarder/${each.id}`)}>
            {each.number} {each.title}
          </a>
        </li>
      ))}
    </ul>
  );
}

function History({ reports }: { reports: readonly ReportBack[] }) {
  if (reports.length === 0) return <p class="quiet">{t("commitment.untold")}</p>;
  return (
    <>
      <p class="field-label">{t("commitment.history")}</p>
      <ul class="stack">
        {reports.map((it) => (
          <li key={it.id} class="box">
            <p>
              <b>
                {t("commitment.told", {
                  how: t(`commitment.tells.${it.told}`),
                  on: fullDate(it.told_on),
                  day: fullDate(it.due_on),
                })}
              </b>
            </p>
            <p>{it.text || it.reason}</p>
            <p class="quiet">
              {it.told_by === it.entered_by
                ? t("commitment.told_by", { who: it.told_by })
                : t("commitment.told_by_written", {
                    who: it.told_by,
                    by: `${it.entered_by}, ${fullDate(dateIn(it.entered_at))}`,
                  })}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
