import type { TradeView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { weekNumber } from "./weeks";

/** Where one shop had fewer and another more, the same week. Never why. */
export function Shifts({ view }: { view: TradeView }) {
  if (view.shops.length < 2) return null;
  const names = new Map(view.kinds.map((it) => [it.id, it.name]));
  return (
    <section class="group unprinted" aria-labelledby="shifts">
      <h2 id="shifts">{t("trade.shifts")}</h2>
      <p class="quiet">{t("trade.shifts_lead")}</p>
      {view.shifts.length === 0 && <p>{t("trade.shifts_none")}</p>}
      <ul class="stack">
        {view.shifts.map((it) => (
          <li key={`${it.kind} ${it.week} ${it.fewer} ${it.more}`}>
            {t("trade.shift", {
              n: weekNumber(it.week),
              kind: names.get(it.kind) ?? it.kind,
              fewer: it.fewer,
              was: it.fell[0],
              now: it.fell[1],
              more: it.more,
              before: it.rose[0],
              after: it.rose[1],
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}
