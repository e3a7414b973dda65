import type { EstTrend, EstView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { Wide } from "../parts/Wide";
import { categoryName, spotName } from "./names";

const SHOWN = 12;

/** What is new and what has moved since the week before, each with the evenings somebody looked. No cause is told. */
export function News({ view }: { view: EstView }) {
  const rows = view.picture.changes;
  if (rows.length === 0) return null;
  return (
    <section class="group" aria-labelledby="news">
      <h2 id="news">{t("week.news")}</h2>
      <Rows view={view} rows={rows.slice(0, SHOWN)} />
      {rows.length > SHOWN && (
        <details>
          <summary class="btn plain">{t("week.more_news", { n: rows.length - SHOWN })}</summary>
          <Rows view={view} rows={rows.slice(SHOWN)} />
        </details>
      )}
      <p class="quiet">{t("week.no_cause")}</p>
    </section>
  );
}

function Rows({ view, rows }: { view: EstView; rows: EstView["picture"]["changes"] }) {
  return (
    <Wide label={t("week.news")}>
      <table class="plain numbers">
        <thead>
          <tr>
            <th scope="col">{t("week.what")}</th>
            <th scope="col">{t("week.last_week")}</th>
            <th scope="col">{t("week.this_week")}</th>
            <th scope="col">{t("week.trend")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.category}/${row.area}/${row.place}`}>
              <th scope="row">
                {categoryName(view, row.category)}
                <span class="quiet block">{spotName(row)}</span>
              </th>
              <td>{count(row.before, row.evenings_before)}</td>
              <td>{count(row.n, row.evenings)}</td>
              <td>{t(`week.trend.${row.trend satisfies EstTrend}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function count(n: number, evenings: number) {
  if (n === 0 && evenings === 0)
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
