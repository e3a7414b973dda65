import { icons } from "virtual:icons?clock-alert,calendar-clock";
import { useState } from "preact/hooks";
import type { OnTime, PlanRow, PlansAgreement, PlansOther, PlansView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { CheckField } from "../parts/Fields";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { href } from "../router";
import { fullDate, plainDate } from "../time/stockholm";
import { Commitment } from "./Commitment";
import { NewCommitment } from "./NewCommitment";
import { NewPlan } from "./NewPlan";

/** Åtgärdsplaner: who does what until when, whether reports come in time, and what is late. */
export function Plans() {
  const found = useLoad<PlansView>("/api/plans");
  const [onlyLate, setOnlyLate] = useState(false);
  return (
    <Page title={t("plans.title")}>
      <h1 tabIndex={-1}>{t("plans.title")}</h1>
      <Ready of={found}>
        {(view) =>
          view.agreements.length === 0 ? (
            <Nothing view={view} />
          ) : (
            <>
              <p class="lead">{t(view.is_coordinator ? "plans.lead" : "plans.lead_own")}</p>
              <Rates rates={view.rates} />
              <CheckField label={t("plans.only_late")} checked={onlyLate} onValue={setOnlyLate} />
              {onlyLate && !view.agreements.some(hasLate) && <p class="tag t-calm">{t("plans.nothing_late")}</p>}
              {view.agreements
                .filter((it) => !onlyLate || hasLate(it))
                .map((it) => (
                  <Agreement key={it.id} it={it} view={view} onlyLate={onlyLate} />
                ))}
            </>
          )
        }
      </Ready>
    </Page>
  );
}

const hasLate = (it: PlansAgreement) => it.plans.some(isLate);
const isLate = (it: PlanRow) => it.commitments.some((each) => each.is_late);

function Nothing({ view }: { view: PlansView }) {
  return view.is_coordinator ? (
    <EmptyCard title={t("plans.none.title")} text={t("plans.none.text")} />
  ) : (
    <EmptyCard title={t("plans.none_own.title")} text={t("plans.none_own.text")} />
  );
}

function Rates({ rates }: { rates: readonly OnTime[] }) {
  if (rates.length === 0) return null;
  return (
    <section class="group" aria-labelledby="rates">
      <h2 id="rates">{t("plans.rates")}</h2>
      <p class="quiet">{t("plans.rates_lead")}</p>
      <ul class="walkrows">
        {rates.map((it) => (
          <li key={it.executor}>
            <b>{it.name}</b>
            <RateWords it={it} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Agreement({ it, view, onlyLate }: { it: PlansAgreement; view: PlansView; onlyLate: boolean }) {
  const shown = onlyLate ? it.plans.filter(isLate) : it.plans;
  return (
    <section class="group">
      <h2>{it.title}</h2>
      {it.review_on && (
        <p class={it.review_on <= view.today ? "tag t-need" : "quiet"}>
          {it.review_on <= view.today && <Icon drawing={icons["calendar-clock"] ?? ""} />}
          {t("plans.review", { day: fullDate(it.review_on) })}
        </p>
      )}
      {it.plans.length === 0 && <p class="quiet">{t("plans.no_plans")}</p>}
      {shown.map((plan) => (
        <Plan key={plan.id} it={plan} view={view} onlyLate={onlyLate} />
      ))}
      <Others rows={it.others} />
      {view.is_coordinator && <NewPlan key={it.plans.length} agreement={it.id} />}
    </section>
  );
}

/** What the other parties of the agreement are late with, and how often they answer in time. */
function Others({ rows }: { rows: readonly PlansOther[] }) {
  if (rows.length === 0) return null;
  return (
    <section class="stack">
      <h3>{t("plans.others")}</h3>
      <p class="quiet">{t("plans.others_lead")}</p>
      <ul class="stack">
        {rows.map((it) => (
          <li key={it.executor}>
            <b>{it.name}</b>. {t("plans.rates")}: <RateWords it={it} />.
            {it.late.length === 0 ? (
              ` ${t("plans.others_in_time")}`
            ) : (
              <ul>
                {it.late.map((each) => (
                  <li key={`${each.text} ${each.since}`}>
                    {each.text}{" "}
                    <span class="tag t-need">
                      <Icon drawing={icons["clock-alert"] ?? ""} />
                      {t("plans.others_since", { day: fullDate(each.since) })}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function RateWords({ it }: { it: OnTime }) {
  return (
    <span class="num">{it.of === 0 ? t("plans.rate_none") : t("plans.rate", { on_time: it.on_time, of: it.of })}</span>
  );
}

function Plan({ it, view, onlyLate }: { it: PlanRow; view: PlansView; onlyLate: boolean }) {
  const shown = onlyLate ? it.commitments.filter((each) => each.is_late) : it.commitments;
  return (
    <section class="stack">
      <h3>
        <span class="quiet">{it.focus}</span> {it.title}
        {isLate(it) && (
          <span class="tag t-need">
            <Icon drawing={icons["clock-alert"] ?? ""} />
            {t("plans.late")}
          </span>
        )}
      </h3>
      {it.rests_on.map((one) => (
        <p key={one.first} class="quiet">
          <RestsOn one={one} linked={view.is_coordinator} />
        </p>
      ))}
      <ul class="phonelist">
        {shown.map((each) => (
          <Commitment key={each.id} it={each} view={view} />
        ))}
      </ul>
      {view.is_coordinator && <NewCommitment key={it.commitments.length} plan={it.id} view={view} />}
    </section>
  );
}

/** The lägesbild that a focus area rests on; only the coordinator has the page of it. */
function RestsOn({ one, linked }: { one: PlanRow["rests_on"][number]; linked: boolean }) {
  const span = t("lage.span", { from: plainDate(one.first), to: fullDate(one.last) });
  const words = t("plans.rests", { span });
  return linked ? (
    <a class="btn plain" href={href(`/lagesbild?fran=${one.first}&till=${one.last}`)}>
      {words}
    </a>
  ) : (
    <span>{words}</span>
  );
}
