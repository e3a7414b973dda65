import type { TradeShop } from "../../../domain/wire";
import { t } from "../../parts/words";
import { BAR, barsOf, TALL, weekNumber } from "./weeks";

const ROOM = 18;

/** One shop's weeks as bars, in the scale of all shops: `most` is as tall as there is room. The table below says the same to who does not see it. */
export function Chart(props: { shop: TradeShop; kind: string; name: string; weeks: readonly string[]; most: number }) {
  const { shop, kind, name, weeks, most } = props;
  const numbers = shop.weeks.map((week) => week.numbers[kind]);
  const bars = barsOf(numbers, most);
  return (
    <figure class="weekbars">
      <figcaption>
        <b>{shop.name}</b> <span class="quiet">{t("trade.chart", { kind: name })}</span>
      </figcaption>
      <svg viewBox={`0 0 ${weeks.length * BAR} ${TALL + 2 * ROOM}`} aria-hidden="true" focusable="false">
        {bars.map((bar, i) => (
          <g key={weeks[i]}>
            <rect x={bar.x + 2} y={ROOM + TALL - bar.height} width={BAR - 4} height={bar.height} />
            <text x={bar.x + BAR / 2} y={ROOM + TALL - bar.height - 4}>
              {bar.n ?? "–"}
            </text>
            <text class="week" x={bar.x + BAR / 2} y={TALL + 2 * ROOM - 4}>
              {weekNumber(weeks[i] ?? "")}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}
