import { icons } from "virtual:icons?x";
import { useState } from "preact/hooks";
import type { SeenHours as Hours } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { query, setQuery } from "../router";
import { blockName, heat } from "../week/names";
import { Ready } from "./StateCard";
import { Wide } from "./Wide";
import "./seenHours.css";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const PART = "nar";

const dayName = (day: number) => t(`week.day.${DAYS[day] ?? "mon"}`);

/** "fredag 22–24", of the address's "4-22"; empty when nothing is chosen. */
function chosenName(chosen: string): string {
  const [day = "", hour = ""] = chosen.split("-");
  return hour ? `${dayName(Number(day))} ${blockName(Number(hour))}` : dayName(Number(day));
}

/**
 * When the list was seen, by weekday and two hours: every number is a way into the list. Fetched when it is opened,
 * as `path` says it without the hours themselves; `clears` are parts of the address that a new choice makes old.
 */
export function SeenHours({ path, clears = [] }: { path: string; clears?: readonly string[] }) {
  const chosen = query.value.get(PART) ?? "";
  const [open, setOpen] = useState(chosen !== "");
  const found = useLoad<Hours>(open ? path : null);
  const choose = (value: string) =>
    setQuery({ ...Object.fromEntries(clears.map((part) => [part, ""])), [PART]: value }, { replace: false });
  return (
    <details class="seen-hours" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="btn">{chosen ? t("seen.chosen", { when: chosenName(chosen) }) : t("seen.title")}</summary>
      {chosen && (
        <p>
          <button type="button" class="btn" onClick={() => choose("")}>
            <Icon drawing={icons.x ?? ""} />
            {t("seen.all")}
          </button>
        </p>
      )}
      {open && <Ready of={found}>{(hours) => <Table hours={hours} chosen={chosen} choose={choose} />}</Ready>}
    </details>
  );
}

interface TableProps {
  hours: Hours;
  chosen: string;
  choose: (value: string) => void;
}

/** Only days and hours when something was seen are drawn. */
function Table({ hours: { hours, days, sums }, chosen, choose }: TableProps) {
  const used = hours.map((_, i) => i).filter((i) => days.some((row) => row[i]));
  const most = Math.max(0, ...days.flat());
  if (used.length === 0) return <p>{t("seen.none")}</p>;
  const pick = (value: string, n: number, name: string) => (
    <button
      type="button"
      class="seen-pick"
      aria-pressed={chosen === value}
      aria-label={t("seen.pick", { when: name, n })}
      onClick={() => choose(chosen === value ? "" : value)}
    >
      {n}
    </button>
  );
  return (
    <>
      <Wide label={t("seen.title")}>
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">{t("seen.day")}</th>
              {used.map((i) => (
                <th key={i} scope="col">
                  {blockName(hours[i] ?? 0)}
                </th>
              ))}
              <th scope="col">{t("week.sum")}</th>
            </tr>
          </thead>
          <tbody>
            {days.map((row, day) => {
              const all = sums[day] ?? 0;
              if (all === 0) return null;
              return (
                <tr key={DAYS[day]}>
                  <th scope="row">{dayName(day)}</th>
                  {used.map((i) => {
                    const n = row[i] ?? 0;
                    const value = `${day}-${hours[i]}`;
                    return (
                      <td key={i} class={`h${heat(n, most)}`}>
                        {n > 0 ? pick(value, n, chosenName(value)) : n}
                      </td>
                    );
                  })}
                  <td class="sum">{pick(`${day}`, all, dayName(day))}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Wide>
      <p class="quiet">{t("seen.means")}</p>
    </>
  );
}
