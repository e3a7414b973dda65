import { icons } from "virtual:icons?chevron-left,camera-off,triangle-alert,moon,phone,phone-off";
import { useEffect } from "preact/hooks";
import type { FindingRow, MunicipalityState, ObservationState } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useList, useLoad } from "../data/load";
import { useKeys } from "../parts/keys";
import { More } from "../parts/More";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { query, setQuery } from "../router";
import { shortMoment } from "../time/stockholm";
import { nextAfter } from "./decisions";
import { FindingPanel } from "./FindingPanel";

interface Found {
  observations: FindingRow[];
  next: string | null;
  counts: Partial<Record<ObservationState["state"], number>>;
}

const STATES: readonly ObservationState["state"][] = [
  "received",
  "reviewed",
  "linked",
  "no_action",
  "merged",
  "withheld",
];
const POLL_MS = 5000;
const PAGE = 50;

/** Findings as they come in. The chosen one stands in the URL, so a colleague can be sent straight to it. */
export function Inbox() {
  const state = query.value.get("state") ?? "received";
  const walk = query.value.get("walk") ?? "";
  const open = query.value.get("fynd");
  const found = useList<Found>(
    `/api/observations?${new URLSearchParams({ ...(walk ? { walk } : { state }), limit: `${PAGE}` })}`,
    (page) => page.observations,
    (page, observations) => ({ ...page, observations }),
    POLL_MS,
  );
  const municipality = useLoad<MunicipalityState>("/api/municipality");
  const one = useLoad<FindingRow>(open ? `/api/observations/${open}` : null, POLL_MS);
  const rows = found.data?.observations ?? [];
  const ids = rows.map((row) => row.id);
  const wide = matchMedia("(min-width: 900px)").matches;

  // On a wide screen there is always something to look at.
  useEffect(() => {
    if (!open && wide && ids[0]) setQuery({ fynd: ids[0] });
  }, [open, wide, ids[0]]);

  const step = (by: 1 | -1) => {
    const at = open ? ids.indexOf(open) : -1;
    const to = ids[Math.min(ids.length - 1, Math.max(0, at + by))];
    if (to) choose(to);
  };
  const choose = (id: string) => {
    setQuery({ fynd: id });
    requestAnimationFrame(() => document.getElementById(`fynd-${id}`)?.scrollIntoView({ block: "nearest" }));
  };
  useKeys({ j: () => step(1), k: () => step(-1), Enter: () => document.getElementById("finding-title")?.focus() });

  return (
    <Page title={t("room.inkommet")} wide>
      <div class={`split inbox${open ? " has-open" : ""}`}>
        <section class="inbox-list">
          <h1 tabIndex={-1}>{t("room.inkommet")}</h1>
          <Filter state={state} walk={walk} counts={found.data?.counts ?? null} walkName={rows[0]?.walk_name ?? ""} />
          <Ready of={found}>
            {(data) =>
              data.observations.length === 0 ? (
                <EmptyCard
                  title={t(`inbox.empty.${state === "received" ? "received" : "other"}`)}
                  text={t("inbox.empty.text")}
                />
              ) : (
                <>
                  <ul class="findings">
                    {rows.map((row) => (
                      <Row
                        key={row.id}
                        row={row}
                        chosen={row.id === open}
                        municipality={municipality.data}
                        onChoose={() => choose(row.id)}
                      />
                    ))}
                  </ul>
                  <More
                    shown={rows.length}
                    all={walk ? allOf(data.counts) : (data.counts[state as keyof Found["counts"]] ?? rows.length)}
                    more={found.more}
                  />
                </>
              )
            }
          </Ready>
          <p class="keys">
            <kbd>j</kbd> <kbd>k</kbd> {t("keys.go")} <kbd>1</kbd>–<kbd>9</kbd> {t("keys.choose")}
          </p>
        </section>
        <section class="inbox-open" aria-label={t("inbox.open")}>
          {open && (
            <>
              <button type="button" class="btn plain only-narrow" onClick={() => setQuery({ fynd: "" })}>
                <Icon drawing={icons["chevron-left"] ?? ""} />
                {t("inbox.all")}
              </button>
              <Ready of={one}>
                {(finding) =>
                  municipality.data && (
                    <FindingPanel
                      key={finding.id}
                      finding={finding}
                      municipality={municipality.data}
                      others={rows.filter((row) => row.id !== finding.id && row.state !== "merged")}
                      onDecided={() => setQuery({ fynd: nextAfter(ids, finding.id) ?? "" })}
                    />
                  )
                }
              </Ready>
            </>
          )}
        </section>
      </div>
    </Page>
  );
}

function allOf(counts: Found["counts"]): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

interface FilterProps {
  state: string;
  walk: string;
  walkName: string;
  counts: Found["counts"] | null; // null: not known, which is not the same as none
}

function Filter({ state, walk, walkName, counts }: FilterProps) {
  if (walk)
    return (
      <p class="acts">
        <button type="button" class="btn on" onClick={() => setQuery({ walk: "", fynd: "" })}>
          {t("inbox.only_walk", { name: walkName })}
        </button>
      </p>
    );
  return (
    <>
      {counts && <p class="lead">{t("inbox.lead", { n: counts.received ?? 0 })}</p>}
      <label class="inline-label">
        <span class="field-label">{t("inbox.show")}</span>
        <select
          class="input"
          value={state}
          onChange={(event) => setQuery({ state: event.currentTarget.value, fynd: "" })}
        >
          {STATES.map((word) => (
            <option key={word} value={word} selected={word === state}>
              {t(`finding.state.${word}`)}
              {counts && ` (${counts[word] ?? 0})`}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

interface RowProps {
  row: FindingRow;
  chosen: boolean;
  municipality: MunicipalityState | null;
  onChoose: () => void;
}

function Row({ row, chosen, municipality, onChoose }: RowProps) {
  const category = municipality?.categories.find((found) => found.code === row.category)?.name ?? row.category;
  const photo = row.photos.find((found) => found.state === "accepted");
  return (
    <li>
      <button
        type="button"
        id={`fynd-${row.id}`}
        class={`finding${chosen ? " on" : ""}`}
        aria-current={chosen ? "true" : undefined}
        onClick={onChoose}
      >
        {photo ? (
          <img class="thumb" src={`/photos/${photo.id}?size=320`} alt="" loading="lazy" />
        ) : (
          <span class="thumb none">
            <Icon drawing={icons["camera-off"] ?? ""} />
          </span>
        )}
        <span class="what">
          <b>{category}</b>
          <span class="quiet">{placeOf(row)}</span>
          <span class="quiet num">
            {row.number}, {shortMoment(row.seen_at)}
          </span>
        </span>
        <span class="flags">
          {row.danger && (
            <>
              <span class="tag t-need">
                <Icon drawing={icons["triangle-alert"] ?? ""} />
                {t("finding.danger")}
              </span>
              <span class={`tag ${row.called?.choice === "called" ? "t-quiet" : "t-need"}`}>
                <Icon drawing={(row.called?.choice === "called" ? icons.phone : icons["phone-off"]) ?? ""} />
                {t(row.called ? `finding.${row.called.choice}_short` : "finding.call_unknown_short")}
              </span>
            </>
          )}
          {row.dark && (
            <span class="tag t-quiet">
              <Icon drawing={icons.moon ?? ""} />
              {t("finding.dark")}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}

/** "Stopp 3, Gångtunneln", or the walker's own words for somewhere between. */
export function placeOf(row: Pick<FindingRow, "stop_number" | "stop_name" | "place_words">): string {
  const stop =
    row.stop_number === null ? t("finding.between") : t("finding.stop", { n: row.stop_number, name: row.stop_name });
  return row.place_words ? `${stop}. ${row.place_words}` : stop;
}
