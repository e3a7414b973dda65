import type { ActivitiesView, ActivityRow, ActivitySaid, VisitTable } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { Wide } from "../parts/Wide";
import { href } from "../router";
import { dateIn, fullDate } from "../time/stockholm";
import { ActivityForm } from "./ActivityForm";
import { Withdraw } from "./Withdraw";
import { monthName, whenOf } from "./when";

/** Aktiviteter: what parties have done for their promises, with partners and numbers, and visits month by month. */
export function Activities() {
  const found = useLoad<ActivitiesView>("/api/activities");
  return (
    <Page title={t("activity.title")}>
      <h1 tabIndex={-1}>{t("activity.title")}</h1>
      <Ready of={found}>
        {(view) =>
          view.promises.length === 0 ? (
            <EmptyCard title={t("activity.no_promises.title")} text={t("activity.no_promises.text")} />
          ) : (
            <>
              <p class="lead">{t("activity.lead")}</p>
              <details>
                <summary class="btn plain">{t("activity.add")}</summary>
                <ActivityForm key={view.activities.length} view={view} />
              </details>
              {view.tables
                .filter((it) => it.months.length > 0)
                .map((it) => (
                  <Visits key={it.kind} it={it} />
                ))}
              {view.activities.length === 0 && (
                <EmptyCard title={t("activity.none.title")} text={t("activity.none.text")} />
              )}
              <ul class="phonelist">
                {view.activities.map((it) => (
                  <Activity key={it.id} it={it} view={view} />
                ))}
              </ul>
            </>
          )
        }
      </Ready>
    </Page>
  );
}

function Visits({ it }: { it: VisitTable }) {
  const name = t("activity.table", { name: it.name, unit: it.unit });
  return (
    <section class="group">
      <h2>{name}</h2>
      <Wide label={name}>
        <table class="plain numbers">
          <thead>
            <tr>
              <th scope="col">{t("activity.table_place")}</th>
              {it.months.map((month) => (
                <th key={month} scope="col">
                  {monthName(month)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {it.rows.map((row) => (
              <tr key={row.place_type}>
                <th scope="row">{row.place_type}</th>
                {row.cells.map((n, i) => (
                  <td key={it.months[i]} class="num">
                    {n ?? "–"}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <p class="quiet">{t("activity.table_missing")}</p>
    </section>
  );
}

function Activity({ it, view }: { it: ActivityRow; view: ActivitiesView }) {
  const now = it.said[0];
  if (!now) return null;
  return (
    <li class="stack">
      <h2>
        {now.kind_name}, {whenOf(now)}
      </h2>
      <p>
        {now.is_withdrawn && <span class="tag t-need">{t("activity.withdrawn")}</span>}
        {!now.is_withdrawn && (
          <span class="tag t-calm">{t(now.may_publish ? "activity.shown" : "activity.inside")}</span>
        )}{" "}
        {now.place_type} <b>{now.words.join(", ")}</b>
      </p>
      <p>{t("activity.told", { party: now.party_name, day: fullDate(now.told_on), who: now.told_by })}</p>
      {now.partners.length > 0 && <p>{t("activity.with", { partners: now.partners.join(", ") })}</p>}
      <p class="quiet">
        {it.heading}. <a href={href(`/loften/${it.promise}`)}>{t("activity.public")}</a>
      </p>
      <History said={it.said} />
      {!now.is_withdrawn && (
        <>
          <details>
            <summary class="btn plain">{t("activity.correct")}</summary>
            <ActivityForm key={it.version} view={view} before={it} />
          </details>
          <Withdraw it={it} />
        </>
      )}
    </li>
  );
}

function History({ said }: { said: readonly ActivitySaid[] }) {
  return (
    <details>
      <summary>{t("activity.history")}</summary>
      <ul class="stack">
        {said.map((each) => (
          <li key={each.entered_at}>
            {t("activity.before", { kind: each.kind_name, when: whenOf(each), counts: each.words.join(", ") })}{" "}
            {each.is_withdrawn && t("activity.withdrawn")}{" "}
            {each.reason && t("activity.because", { reason: each.reason })}{" "}
            <span class="quiet">
              {t("activity.entered", { day: fullDate(dateIn(each.entered_at)), by: each.entered_by })}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
