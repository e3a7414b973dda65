import { icons } from "virtual:icons?chevron-left,chevron-right";
import { useState } from "preact/hooks";
import type { EstTrend, EstView, VehicleSpot, VehiclesView, VehicleWeek } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { MapDrawing } from "../parts/MapDrawing";
import { Ready } from "../parts/StateCard";
import { Wide } from "../parts/Wide";
import { fullDate, plainDate, shortDate } from "../time/stockholm";
import { blockName } from "./names";
import { everyPoint, middle, moved, numbered, pointsOf } from "./spots";

/** What was told of vehicles, week by week: a drawing, what is more and fewer than before, and the same as a table. */
export function Vehicles({ view }: { view: EstView }) {
  const found = useLoad<VehiclesView>(`/api/est/vehicles?week=${encodeURIComponent(view.week)}`);
  if (view.vehicle_categories.length === 0) return null;
  return (
    <section class="group" aria-labelledby="vehicles">
      <h2 id="vehicles">{t("vehicles.title")}</h2>
      <p class="quiet">{t("vehicles.lead")}</p>
      <Ready of={found}>{(weeks) => <Weeks key={view.week} view={weeks} />}</Ready>
    </section>
  );
}

function Weeks({ view }: { view: VehiclesView }) {
  const last = view.weeks.length - 1;
  const [at, setAt] = useState(last);
  const week = view.weeks[at];
  if (!week) return null;
  const everywhere = everyPoint(view);
  const { n, from, to } = { n: week.number, from: plainDate(week.first), to: fullDate(week.last) };
  return (
    <>
      <p class="acts">
        <button type="button" class="btn" disabled={at === 0} onClick={() => setAt(at - 1)}>
          <Icon drawing={icons["chevron-left"] ?? ""} />
          {t("vehicles.before")}
        </button>
        <button type="button" class="btn" disabled={at === last} onClick={() => setAt(at + 1)}>
          {t("vehicles.after")}
          <Icon drawing={icons["chevron-right"] ?? ""} />
        </button>
      </p>
      <p role="status">
        <b>{t("vehicles.week", { n, from, to })}</b> {told(week)}
      </p>
      {!view.is_whole && <p class="tag t-need">{t("week.not_whole")}</p>}
      {everywhere.length > 0 && <Drawn week={week} everywhere={everywhere} />}
      <Moved spots={week.spots} />
      {week.spots.length > 0 && <Table week={week} />}
      <p class="quiet">{t("week.no_cause")}</p>
    </>
  );
}

function told(week: VehicleWeek): string {
  if (week.total === 0 && week.evenings === 0) return t("vehicles.nobody");
  return t("vehicles.told", { n: week.total, evenings: week.evenings });
}

function Drawn({ week, everywhere }: { week: VehicleWeek; everywhere: { lat: number; lon: number }[] }) {
  const spots = numbered(week.spots).filter(({ spot }) => spot.line.length > 0 && spot.n !== null && spot.n > 0);
  const marks = spots.flatMap(({ number, spot }) => {
    const point = middle(spot);
    const grows = spot.trend === "more" || spot.trend === "new";
    return point ? [{ ...point, id: String(number), number: String(number), name: spotName(spot), on: grows }] : [];
  });
  const lines = spots.map(({ spot }) => pointsOf(spot)).filter((line) => line.length > 1);
  return (
    <MapDrawing
      label={t("vehicles.map", { n: week.number, places: marks.length })}
      marks={marks}
      lines={lines}
      reach={everywhere}
    />
  );
}

function Moved({ spots }: { spots: readonly VehicleSpot[] }) {
  const { more, fewer } = moved(spots);
  if (more.length + fewer.length === 0) return null;
  return (
    <div class="week-two">
      <Side title={t("vehicles.more")} spots={more} />
      <Side title={t("vehicles.fewer")} spots={fewer} />
    </div>
  );
}

function Side({ title, spots }: { title: string; spots: readonly VehicleSpot[] }) {
  return (
    <div>
      <h3>{title}</h3>
      {spots.length === 0 ? (
        <p>{t("vehicles.none")}</p>
      ) : (
        <ul class="week-list">
          {spots.map((it) => (
            <li key={spotName(it)}>
              <p>
                <b>{spotName(it)}</b>{" "}
                {t("vehicles.moved", {
                  before: it.before ?? 0,
                  n: it.n ?? 0,
                  evenings_before: it.evenings_before,
                  evenings: it.evenings,
                })}
              </p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Table({ week }: { week: VehicleWeek }) {
  return (
    <Wide label={t("vehicles.table", { n: week.number })}>
      <table class="plain numbers">
        <caption class="sr">{t("vehicles.table", { n: week.number })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("week.place")}</th>
            <th scope="col">{t("week.last_week")}</th>
            <th scope="col">{t("week.this_week")}</th>
            <th scope="col" class="said-in-words">
              {t("week.trend")}
            </th>
            <th scope="col" class="said-in-words">
              {t("vehicles.sort")}
            </th>
            <th scope="col" class="said-in-words">
              {t("vehicles.which")}
            </th>
            <th scope="col" class="said-in-words">
              {t("vehicles.when")}
            </th>
          </tr>
        </thead>
        <tbody>
          {numbered(week.spots).map(({ number, spot }) => (
            <tr key={number}>
              <th scope="row">
                {number}. {spotName(spot)}
                {spot.line.length === 0 && <span class="quiet block">{t("vehicles.off_map")}</span>}
              </th>
              <td>{count(spot.before, spot.evenings_before)}</td>
              <td>{count(spot.n, spot.evenings)}</td>
              <td class="said-in-words">{t(`week.trend.${spot.trend satisfies EstTrend}`)}</td>
              <Lines of={spot.sorts.map((it) => `${t(`vehicles.sort.${it.sort}`)} ${it.n}`)} />
              <Lines of={spot.vehicles.map((it) => vehicleWords(it))} />
              <Lines of={spot.when.map((it) => whenWords(it))} />
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Lines({ of }: { of: readonly string[] }) {
  return (
    <td class="said-in-words">
      {of.length === 0 && "–"}
      {of.map((line) => (
        <span key={line} class="block nowrap">
          {line}
        </span>
      ))}
    </td>
  );
}

function spotName({ where }: VehicleSpot): string {
  return where.stretch || where.place || where.area || t("week.nowhere");
}

function vehicleWords(it: VehicleSpot["vehicles"][number]): string {
  return `${t(`vehicles.of.${it.vehicle}`)} ${it.band.replace("-", "–")}`;
}

function whenWords(it: VehicleSpot["when"][number]): string {
  if (!it.evening) return t("vehicles.some_day");
  return it.block === null ? shortDate(it.evening) : `${shortDate(it.evening)} ${blockName(it.block)}`;
}

function count(n: number | null, evenings: number) {
  if (n === null)
    return (
      <>
        <span aria-hidden="true">–</span>
        <span class="sr">{t("week.nobody_out")}</span>
      </>
    );
  return (
    <>
      {n}
      <span class="quiet block">{t("week.evenings_out", { n: evenings })}</span>
    </>
  );
}
