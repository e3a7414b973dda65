import { useState } from "preact/hooks";
import type { ShopWeekRow, TradeShop, TradeView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, SelectField, TextField } from "../parts/Fields";
import { Told } from "./Numbers";
import { asNumber, weekNumber } from "./weeks";

/** A week's numbers: a shop tells its own, the coordinator writes down what one has told. */
export function TellWeek({ view }: { view: TradeView }) {
  const shops = view.is_coordinator ? view.shops : view.shops.filter((it) => it.id === view.own);
  const [chosen, setShop] = useState(shops[0]?.id ?? "");
  const [week, setWeek] = useState(view.weeks.at(-1) ?? "");
  const shop = shops.find((it) => it.id === chosen);
  const row = shop?.weeks[view.weeks.indexOf(week)];
  return (
    <details>
      <summary class="btn plain">{t("trade.tell")}</summary>
      <div class="cols2">
        {view.is_coordinator && (
          <SelectField
            label={t("trade.shop")}
            value={chosen}
            onValue={setShop}
            options={shops.map((it) => ({ value: it.id, name: it.name }))}
          />
        )}
        <SelectField
          label={t("trade.week")}
          value={week}
          onValue={setWeek}
          options={view.weeks.toReversed().map((it) => ({ value: it, name: t("trade.week_n", { n: weekNumber(it) }) }))}
        />
      </div>
      {shop && row && (
        <>
          <WeekForm key={`${row.id} ${row.version}`} shop={shop} week={week} row={row} view={view} />
          <Told it={row} week={week} view={view} />
        </>
      )}
    </details>
  );
}

interface FormProps {
  shop: TradeShop;
  week: string;
  row: ShopWeekRow;
  view: TradeView;
}

function WeekForm({ shop, week, row, view }: FormProps) {
  const [typed, setTyped] = useState<Record<string, string>>(
    Object.fromEntries(view.kinds.map((kind) => [kind.id, String(row.numbers[kind.id] ?? "")])),
  );
  const [toldBy, setToldBy] = useState("");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  function keep(event: Event) {
    event.preventDefault();
    const isOdd = Object.values(typed).some((it) => it.trim() && asNumber(it) === null);
    const objection = isOdd ? t("trade.not_a_number") : guard([toldBy]);
    setStopped(objection ?? "");
    if (objection) return;
    const numbers = Object.fromEntries(view.kinds.map((kind) => [kind.id, asNumber(typed[kind.id] ?? "")]));
    const body = { shop: shop.id, week, numbers, told_by: toldBy.trim() };
    void sending.send(t("trade.kept"), operation("trade.count", row.id, body, row.version));
  }
  const isShort = !Object.values(typed).some((it) => it.trim()) || (view.is_coordinator && !toldBy.trim());
  return (
    <form class="stack" onSubmit={keep}>
      <p class="quiet">{t("trade.leave")}</p>
      <div class="cols2">
        {view.kinds.map((kind) => (
          <TextField
            key={kind.id}
            label={kind.name}
            type="number"
            value={typed[kind.id] ?? ""}
            onValue={(value) => setTyped({ ...typed, [kind.id]: value })}
          />
        ))}
      </div>
      {view.is_coordinator && (
        <TextField
          label={t("trade.told_by")}
          hint={t("trade.told_by_hint")}
          value={toldBy}
          onValue={setToldBy}
          max={80}
        />
      )}
      <Problem text={stopped || sending.problem} />
      <p>
        <button type="submit" class="btn" disabled={sending.busy || isShort}>
          {t("trade.keep")}
        </button>
      </p>
    </form>
  );
}
