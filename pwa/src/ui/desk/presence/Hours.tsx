import { icons } from "virtual:icons?chevron-left,chevron-right";
import type { AdultHours, AdultMonth } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Ready } from "../parts/StateCard";
import { Wide } from "../parts/Wide";
import { query, setQuery } from "../router";
import { dateIn, shortMonth } from "../time/stockholm";

/** Evenings and whole hundreds of hours that adults were out, area by month. Nothing until a rule is released. */
export function Hours() {
  const year = query.value.get("ar");
  const found = useLoad<AdultHours>(
    year ? `/api/presence/hours?year=${encodeURIComponent(year)}` : "/api/presence/hours",
  );
  return <Ready of={found}>{(view) => (view.released ? <Year view={view} /> : null)}</Ready>;
}

function Year({ view }: { view: AdultHours }) {
  const areas = [...new Set(view.rows.map((row) => row.area))];
  const go = (to: number) => setQuery({ ar: `${to}` });
  return (
    <section class="group" aria-labelledby="hours">
      <h2 id="hours">{t("hours.title", { year: `${view.year}` })}</h2>
      <p>{t("hours.lead")}</p>
      <p class="acts">
        <button type="button" class="btn" onClick={() => go(view.year - 1)}>
          <Icon drawing={icons["chevron-left"] ?? ""} />
          {t("hours.before", { year: `${view.year - 1}` })}
        </button>
        {view.year < yearNow() && (
          <button type="button" class="btn" onClick={() => go(view.year + 1)}>
            {t("hours.before", { year: `${view.year + 1}` })}
            <Icon drawing={icons["chevron-right"] ?? ""} />
          </button>
        )}
      </p>
      {view.months.length > 0 && (
        <Wide label={t("hours.table")}>
          <table class="plain sums">
            <thead>
              <tr>
                <th scope="col">{t("sums.area")}</th>
                {view.months.map((month) => (
                  <th key={month} scope="col">
                    {shortMonth(month)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {areas.map((area) => (
                <tr key={area}>
                  <th scope="row">{area}</th>
                  {view.rows
                    .filter((row) => row.area === area)
                    .map((row) => (
                      <td key={row.month}>
                        <Month of={row} />
                      </td>
                    ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}

/** Nothing has been walked in a year to come. */
function yearNow(): number {
  return Number(dateIn(new Date()).slice(0, 4));
}

function Month({ of }: { of: AdultMonth }) {
  if (of.evenings === 0)
    return (
      <>
        <span aria-hidden="true">–</span>
        <span class="sr">{t("sums.nobody_out")}</span>
      </>
    );
  return (
    <>
      <span class="nowrap">{t("hours.evenings", { n: of.evenings })}</span>
      {of.hours !== null && <b class="nowrap block">{t("hours.at_least", { n: of.hours })}</b>}
      {of.is_hidden && <span class="quiet block">{t("hours.hidden")}</span>}
    </>
  );
}
