import type { LagesbildCount, LagesbildPicture, LagesbildView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { Wide } from "../parts/Wide";
import { fullDate } from "../time/stockholm";
import { blockName, heat, spotName } from "../week/names";
import { Bars } from "./Bars";
import { barsOf, type Counted, countOf, perEvening } from "./numbers";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** All the numbers of one heading: a chart, and every table with how many evenings somebody was out. */
export function Numbers({ view, heading }: { view: LagesbildView; heading: Counted }) {
  const { picture } = view;
  const bars = barsOf(picture, heading);
  const told = bars.map((bar) => `${bar.label}: ${bar.said}`).join(", ");
  return (
    <>
      <p>
        <b class="num">{t("lage.counted", { n: heading === "otrygghet" ? picture.unsafe : picture.order })}</b>
        {heading === "otrygghet" && ` ${t("lage.good", { n: picture.good })}`}
      </p>
      {heading === "otrygghet" && <Felt felt={picture.felt} />}
      <Bars bars={bars} label={`${t(`lage.heading.${heading}`)}. ${told}. ${t("lage.chart")}`} />
      <ByPlace picture={picture} heading={heading} />
      <ByHour picture={picture} heading={heading} />
      <Kinds picture={picture} heading={heading} />
      {heading === "ordningsstorning" && <Needs picture={picture} />}
      <Alike view={view} heading={heading} />
    </>
  );
}

function Felt({ felt }: { felt: LagesbildPicture["felt"] }) {
  const nobody = [felt.safe, felt.neither, felt.unsafe].every((band) => band === "0");
  return <p>{nobody ? t("lage.felt_none") : t("lage.felt", felt)}</p>;
}

function ByPlace({ picture, heading }: { picture: LagesbildPicture; heading: Counted }) {
  if (picture.by_place.length === 0) return <p class="quiet">{t("lage.no_place")}</p>;
  return (
    <>
      <h3>{t("lage.by_place")}</h3>
      <Wide label={`${t(`lage.heading.${heading}`)}: ${t("lage.by_place")}`}>
        <table class="sums">
          <thead>
            <tr>
              <th scope="col">{t("lage.place")}</th>
              <th scope="col">{t("lage.n")}</th>
              <th scope="col">{t("lage.evenings")}</th>
              <th scope="col">{t("lage.per_evening")}</th>
            </tr>
          </thead>
          <tbody>
            {picture.by_place.map((row) => {
              const count = countOf(row, heading);
              return (
                <tr key={`${row.area}/${row.place}`} class={row.place ? "" : "area"}>
                  <th scope="row">{spotName(row)}</th>
                  <td>{count.n ?? "–"}</td>
                  <td>{count.evenings || "–"}</td>
                  <td>{perEvening(count.seen, count.walked)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Wide>
    </>
  );
}

function ByHour({ picture, heading }: { picture: LagesbildPicture; heading: Counted }) {
  const table = picture.by_hour.find((each) => each.heading === heading);
  if (!table || picture.blocks.length === 0) return null;
  const most = Math.max(0, ...table.rows.flat().map((cell) => cell.n ?? 0));
  return (
    <>
      <h3>{t("lage.by_hour")}</h3>
      <Wide label={`${t(`lage.heading.${heading}`)}: ${t("lage.by_hour")}`}>
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">{t("lage.day")}</th>
              {picture.blocks.map((block) => (
                <th key={block} scope="col">
                  {blockName(block)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, day) => (
              <tr key={DAYS[day]}>
                <th scope="row">{t(`week.day.${DAYS[day] ?? "mon"}`)}</th>
                {row.map((cell, at) => (
                  <Cell key={picture.blocks[at]} cell={cell} most={most} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {table.no_hour > 0 && <p class="quiet">{t("lage.no_hour", { n: table.no_hour })}</p>}
      <p class="quiet">{t("lage.means")}</p>
    </>
  );
}

function Cell({ cell, most }: { cell: LagesbildCount; most: number }) {
  if (cell.n === null)
    return (
      <td class="nobody">
        <span aria-hidden="true">–</span>
        <span class="sr">{t("week.nobody_known")}</span>
      </td>
    );
  return (
    <td class={`h${heat(cell.n, most)}${cell.evenings === 0 ? " told" : ""}`}>
      {cell.n}
      <span class="block lage-n">{t("lage.nights", { n: cell.evenings })}</span>
    </td>
  );
}

function Kinds({ picture, heading }: { picture: LagesbildPicture; heading: Counted }) {
  const rows = picture.by_category.filter((row) => row.heading === heading);
  if (rows.length === 0) return null;
  return (
    <>
      <h3>{t("lage.by_kind")}</h3>
      <ul class="week-list">
        {rows.map((row) => (
          <li key={row.category}>
            <p>
              {row.name || t("week.unsorted_kind")}: <b class="num">{row.n}</b>
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Needs({ picture }: { picture: LagesbildPicture }) {
  if (picture.needs.length === 0) return null;
  return (
    <>
      <h3>{t("lage.needs")}</h3>
      <Wide label={t("lage.needs")}>
        <table class="sums">
          <thead>
            <tr>
              <th scope="col">{t("lage.place")}</th>
              <th scope="col">{t("lage.kind")}</th>
              <th scope="col">{t("lage.when")}</th>
              <th scope="col">{t("lage.n")}</th>
              <th scope="col">{t("lage.evenings")}</th>
            </tr>
          </thead>
          <tbody>
            {picture.needs.map((row) => (
              <tr key={`${row.area}/${row.place}/${row.category}/${row.weekday}/${row.block}`}>
                <th scope="row">{spotName(row)}</th>
                <td>{row.name || t("week.unsorted_kind")}</td>
                <td>
                  {t(`week.day.${DAYS[row.weekday] ?? "mon"}`)} {blockName(row.block)}
                </td>
                <td>{row.n}</td>
                <td>{row.evenings || "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}

function Alike({ view, heading }: { view: LagesbildView; heading: Counted }) {
  const rows = view.picture.alike.filter((row) => row.heading === heading);
  const { first, last } = view.year_before;
  return (
    <>
      <h3>{t("lage.alike")}</h3>
      <p class="quiet">
        {t("lage.span", { from: fullDate(first), to: fullDate(last) })}. {t("lage.alike_means")}
      </p>
      {rows.length === 0 ? (
        <p class="quiet">{t("lage.alike_none")}</p>
      ) : (
        <Wide label={`${t(`lage.heading.${heading}`)}: ${t("lage.alike")}`}>
          <table class="sums">
            <thead>
              <tr>
                <th scope="col">{t("lage.light")}</th>
                <th scope="col">{t("lage.now")}</th>
                <th scope="col">{t("lage.before")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.is_dark}/${row.block}`}>
                  <th scope="row">
                    {t(row.is_dark ? "lage.dark_at" : "lage.light_at", { at: blockName(row.block) })}
                    {!row.is_comparable && <span class="quiet block">{t("lage.not_alike")}</span>}
                  </th>
                  <td>
                    <Rate seen={row.seen} evenings={row.evenings} />
                  </td>
                  <td>
                    <Rate seen={row.seen_before} evenings={row.evenings_before} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </>
  );
}

function Rate({ seen, evenings }: { seen: number; evenings: number }) {
  return (
    <>
      {perEvening(seen, evenings)}
      {evenings > 0 && <span class="quiet block">{t("lage.on", { seen, n: evenings })}</span>}
    </>
  );
}
