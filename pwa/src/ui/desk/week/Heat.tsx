import type { EstCell, EstView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { Wide } from "../parts/Wide";
import { shortDate } from "../time/stockholm";
import { blockName, heat, spotName } from "./names";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Places by evening. The colour says what the number says; the number is in every cell. */
export function HeatByPlace({ view }: { view: EstView }) {
  const { by_place: rows, evenings } = view.picture;
  const most = Math.max(0, ...rows.filter((row) => row.place).flatMap((row) => row.cells.map((cell) => cell.n ?? 0)));
  return (
    <section class="group" aria-labelledby="by-place">
      <h2 id="by-place">{t("week.by_place")}</h2>
      <Wide label={t("week.by_place")}>
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">{t("week.place")}</th>
              {evenings.map((evening, i) => (
                <th key={evening} scope="col">
                  {t(`week.day.${DAYS[i] ?? "mon"}`)}
                  <span class="block">{shortDate(evening)}</span>
                </th>
              ))}
              <th scope="col">{t("week.sum")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.area}/${row.place}`} class={row.place ? "" : "area"}>
                <th scope="row" class="in">
                  {spotName(row)}
                  <span class="quiet block">{t("week.evenings_out", { n: row.evenings })}</span>
                </th>
                {row.cells.map((cell, i) => (
                  <Cell key={evenings[i]} cell={cell} most={row.place ? most : 0} whole={!row.place} />
                ))}
                <td class="sum">
                  <b>{row.total}</b>
                  {row.undated > 0 && <span class="quiet block">{t("week.undated", { n: row.undated })}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <p class="quiet">{t("week.means")}</p>
    </section>
  );
}

/** Evenings by two hours. */
export function HeatByHour({ view }: { view: EstView }) {
  const { by_hour: rows, blocks } = view.picture;
  const most = Math.max(0, ...rows.flatMap((row) => row.cells.map((cell) => cell.n ?? 0)));
  if (blocks.length === 0) return null;
  return (
    <section class="group" aria-labelledby="by-hour">
      <h2 id="by-hour">{t("week.by_hour")}</h2>
      <Wide label={t("week.by_hour")}>
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">{t("week.evening")}</th>
              {blocks.map((block) => (
                <th key={block} scope="col">
                  {blockName(block)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={row.evening}>
                <th scope="row">
                  {t(`week.day.${DAYS[i] ?? "mon"}`)} {shortDate(row.evening)}
                  {row.no_hour > 0 && <span class="quiet block">{t("week.no_hour", { n: row.no_hour })}</span>}
                </th>
                {row.cells.map((cell, n) => (
                  <Cell key={blocks[n]} cell={cell} most={most} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

/** `whole`: an area, where everybody who was out is known; at a place or an hour somebody may have been there. */
function Cell({ cell, most, whole }: { cell: EstCell; most: number; whole?: boolean }) {
  if (cell.n === null)
    return (
      <td class="nobody">
        <span aria-hidden="true">–</span>
        <span class="sr">{t(whole ? "week.nobody_out" : "week.nobody_known")}</span>
      </td>
    );
  return (
    <td class={`h${heat(cell.n, most)}${cell.evenings === 0 ? " told" : ""}`}>
      {cell.n}
      <span class="sr"> {t(cell.evenings === 0 ? "week.only_told" : "week.was_out")}</span>
      {cell.people && <span class="block">{t("week.people", { n: cell.people })}</span>}
    </td>
  );
}
