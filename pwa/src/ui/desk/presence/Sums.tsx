import { icons } from "virtual:icons?chevron-left,chevron-right";
import { eveningOf } from "../../../domain/times";
import type { PresenceBody, PresenceSum } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { Wide } from "../parts/Wide";
import { query, setQuery } from "../router";
import { addDays, plainDate, shortDate } from "../time/stockholm";
import { Hours } from "./Hours";
import { tableOf, weekOf } from "./sumTable";

interface Found {
  released: { by: string; on: string } | null;
  rows: PresenceSum[];
}

const MOODS: readonly PresenceBody["mood"][] = ["calm", "lively", "uneasy", "threatening"];

/** What the coordinator may see of the field secretaries' log: sums by area and evening, never an entry. */
export function Sums() {
  const evenings = weekOf(query.value.get("vecka") ?? eveningOf(new Date()));
  const [first, last] = [evenings[0] ?? "", evenings[6] ?? ""];
  const sums = useLoad<Found>(`/api/presence/sums?from=${first}&to=${last}`);
  return (
    <Page title={t("room.narvaro")}>
      <h1 tabIndex={-1}>{t("room.narvaro")}</h1>
      <p class="lead">{t("sums.lead", { from: plainDate(first), to: plainDate(last) })}</p>
      <p class="acts">
        <button type="button" class="btn" onClick={() => setQuery({ vecka: addDays(first, -7) })}>
          <Icon drawing={icons["chevron-left"] ?? ""} />
          {t("sums.before")}
        </button>
        <button type="button" class="btn" onClick={() => setQuery({ vecka: addDays(first, 7) })}>
          {t("sums.after")}
          <Icon drawing={icons["chevron-right"] ?? ""} />
        </button>
      </p>
      <Ready of={sums}>
        {(found) => {
          const table = tableOf(found.rows, evenings);
          if (found.rows.length === 0)
            return (
              <EmptyCard
                title={t("sums.empty.title")}
                text={found.released ? t("sums.empty.text") : t("sums.not_released")}
              />
            );
          return (
            <>
              <Wide label={t("sums.table")}>
                <table class="plain sums">
                  <thead>
                    <tr>
                      <th scope="col">{t("sums.area")}</th>
                      {evenings.map((evening) => (
                        <th key={evening} scope="col">
                          {shortDate(evening)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {table.map((row) => (
                      <tr key={row.area}>
                        <th scope="row">
                          {row.area}
                          <span class="quiet block">{t("sums.observed", { n: row.observed })}</span>
                        </th>
                        {row.cells.map((cell, i) => (
                          <td key={evenings[i]}>
                            <Cell cell={cell} />
                          </td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Wide>
              <p>{t("sums.means")}</p>
              <p class="quiet">
                {found.released
                  ? t("sums.released", { by: found.released.by, on: plainDate(found.released.on.slice(0, 10)) })
                  : t("sums.not_released")}
              </p>
            </>
          );
        }}
      </Ready>
      <Hours />
    </Page>
  );
}

function Cell({ cell }: { cell: PresenceSum | null }) {
  if (!cell)
    return (
      <>
        <span aria-hidden="true">–</span>
        <span class="sr">{t("sums.nobody_out")}</span>
      </>
    );
  const moods = MOODS.filter((mood) => (cell.moods?.[mood] ?? 0) > 0);
  return (
    <>
      <b class="nowrap">{cell.people}</b>
      {moods.map((mood) => (
        <span key={mood} class="quiet block">
          {t(`mood.${mood}`)} {cell.moods?.[mood]}
        </span>
      ))}
    </>
  );
}
