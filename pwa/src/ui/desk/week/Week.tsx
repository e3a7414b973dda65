import { icons } from "virtual:icons?chevron-left,chevron-right,printer";
import type { EstView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { query, setQuery } from "../router";
import { fullDate, plainDate } from "../time/stockholm";
import { Counts } from "./Counts";
import { Decisions } from "./Decisions";
import { HeatByHour, HeatByPlace } from "./Heat";
import { Meeting } from "./Meeting";
import { News } from "./News";
import { NextPlaces } from "./NextPlaces";
import { Steps } from "./Steps";
import { Vehicles } from "./Vehicles";

/** The EST week: the picture, and everything the weekly meeting does with it, in the order the meeting goes. */
export function Week() {
  const week = query.value.get("v");
  const found = useLoad<EstView>(week ? `/api/est?week=${encodeURIComponent(week)}` : "/api/est");
  return (
    <Page title={t("room.veckan")}>
      <Ready of={found}>{(view) => <Whole view={view} again={found.again} />}</Ready>
    </Page>
  );
}

function Whole({ view, again }: { view: EstView; again: () => void }) {
  const [first, last] = [view.picture.evenings[0] ?? "", view.picture.evenings[6] ?? ""];
  return (
    <>
      <div class="spread head">
        <h1 tabIndex={-1}>{t("week.title", { n: view.number })}</h1>
        <p class="acts">
          <button type="button" class="btn" onClick={() => setQuery({ v: view.before }, { replace: false })}>
            <Icon drawing={icons["chevron-left"] ?? ""} />
            {t("sums.before")}
          </button>
          <button type="button" class="btn" onClick={() => setQuery({ v: view.after }, { replace: false })}>
            {t("sums.after")}
            <Icon drawing={icons["chevron-right"] ?? ""} />
          </button>
          <button type="button" class="btn" onClick={() => print()}>
            <Icon drawing={icons.printer ?? ""} />
            {t("week.print")}
          </button>
        </p>
      </div>
      <p class="lead">{t("week.lead", { from: plainDate(first), to: fullDate(last) })}</p>
      {!view.is_over && <p class="quiet">{t("week.going_on")}</p>}
      {!view.is_whole && <p class="tag t-need">{t("week.not_whole")}</p>}
      <Steps view={view} again={again} />
      {view.picture.by_place.length === 0 ? (
        <EmptyCard title={t("week.empty.title")} text={t("week.empty.text")} />
      ) : (
        <>
          <Facts view={view} />
          <HeatByPlace view={view} />
          <Vehicles view={view} />
          <div class="week-two">
            <HeatByHour view={view} />
            <News view={view} />
          </div>
        </>
      )}
      <div class="week-two">
        <Counts view={view} />
        <Decisions view={view} />
        <NextPlaces view={view} />
        <Meeting view={view} />
      </div>
      <p class="quiet">
        {view.released
          ? t("sums.released", { by: view.released.by, on: plainDate(view.released.on) })
          : t("sums.not_released")}
      </p>
    </>
  );
}

function Facts({ view }: { view: EstView }) {
  const { total, walks, stops, felt } = view.picture;
  return (
    <section class="group" aria-labelledby="facts">
      <h2 id="facts">{t("week.facts")}</h2>
      <p class="week-facts">
        <span>
          <b>{total}</b> {t("week.events", { n: total })}
        </span>
        <span>
          <b>{walks}</b> {t("week.walks", { n: walks })}
        </span>
        <span>
          <b>{stops}</b> {t("week.stops")}
        </span>
      </p>
      {felt.answers !== "0" && (
        <p>{t("week.felt", { answers: felt.answers, safe: felt.safe, neither: felt.neither, unsafe: felt.unsafe })}</p>
      )}
    </section>
  );
}
