import { useState } from "preact/hooks";
import type { ShopWeekRow, TradeView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { SelectField } from "../parts/Fields";
import { Wide } from "../parts/Wide";
import { dateIn, fullDate } from "../time/stockholm";
import { Chart } from "./Chart";
import { TellWeek } from "./TellWeek";
import { mostOf, weekNumber } from "./weeks";

/** Reported crimes of one type, by shop and week: drawn, and the same numbers as a table. */
export function Numbers({ view }: { view: TradeView }) {
  const [kind, setKind] = useState(view.kinds[0]?.id ?? "");
  const name = view.kinds.find((it) => it.id === kind)?.name ?? "";
  if (view.shops.length === 0) return <p class="quiet">{t("trade.no_shops")}</p>;
  return (
    <section class="group unprinted" aria-labelledby="numbers">
      <h2 id="numbers">{t("trade.numbers")}</h2>
      <p class="quiet">{t("trade.numbers_lead")}</p>
      <SelectField
        label={t("trade.kind")}
        value={kind}
        onValue={setKind}
        options={view.kinds.map((it) => ({ value: it.id, name: it.name }))}
      />
      {view.shops.map((shop) => (
        <Chart key={shop.id} shop={shop} kind={kind} name={name} weeks={view.weeks} most={mostOf(view.shops, kind)} />
      ))}
      <Wide label={t("trade.numbers")}>
        <table class="plain numbers">
          <caption class="sr">{name}</caption>
          <thead>
            <tr>
              <th scope="col">{t("trade.shop")}</th>
              {view.weeks.map((week) => (
                <th key={week} scope="col">
                  {t("trade.week_n", { n: weekNumber(week) })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.shops.map((shop) => (
              <tr key={shop.id}>
                <th scope="row">{shop.name}</th>
                {shop.weeks.map((week) => (
                  <td key={week.id} class="num">
                    {week.numbers[kind] ?? "–"}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <p class="quiet">{t("trade.missing")}</p>
      {(view.is_coordinator || view.shops.some((shop) => shop.id === view.own)) && <TellWeek view={view} />}
    </section>
  );
}

/** Every word of one shop's week, the latest first. */
export function Told({ it, week, view }: { it: ShopWeekRow; week: string; view: TradeView }) {
  if (it.told.length === 0) return null;
  return (
    <details>
      <summary>{t("trade.history", { n: weekNumber(week) })}</summary>
      <ul class="stack">
        {it.told.map((said) => (
          <li key={said.told_at}>
            {t("trade.said", {
              numbers: view.kinds
                .map((kind) => t("trade.number", { kind: kind.name, n: said.numbers[kind.id] ?? "–" }))
                .join(", "),
              day: fullDate(dateIn(said.told_at)),
              who: said.told_by,
            })}
          </li>
        ))}
      </ul>
    </details>
  );
}
