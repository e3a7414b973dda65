import { icons } from "virtual:icons?chevron-left,camera-off,undo-2,keyboard,triangle-alert,moon,phone,phone-off";
import { useEffect, useRef, useState } from "preact/hooks";
import type { FindingRow, MunicipalityState, ObservationState } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { ConflictsWaiting } from "../conflicts/Conflicts";
import { useList, useLoad } from "../data/load";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { useKeys } from "../parts/keys";
import { More } from "../parts/More";
import { useMarks } from "../parts/marks";
import { Page } from "../parts/Page";
import { Search } from "../parts/Search";
import { SeenHours } from "../parts/SeenHours";
import { EmptyCard, Ready } from "../parts/StateCard";
import { PhonesWaiting } from "../phones/PhonesWaiting";
import { href, query, setQuery } from "../router";
import { held } from "../tasks/parcel";
import { InParcel } from "../tasks/UndoBar";
import { shortMoment } from "../time/stockholm";
import { BulkBar } from "./BulkBar";
import { nextAfter } from "./decisions";
import { FindingPanel } from "./FindingPanel";
import { KeyHelp } from "./KeyHelp";
import { last } from "./last";

interface Found {
  observations: FindingRow[];
  next: string | null;
  counts: Partial<Record<ObservationState["state"], number>>;
}

const OPEN = "received,reviewed";
const STATES: readonly string[] = [OPEN, "linked", "no_action", "merged", "withheld"];
const OPENED: readonly string[] = ["fynd"];
const POLL_MS = 5000;
const PAGE = 50;
const COUNTED = 1000; // the server counts no further

/** Findings as they come in. The chosen one stands in the URL, so a colleague can be sent straight to it. */
export function Inbox() {
  const state = query.value.get("state") ?? OPEN;
  const walk = query.value.get("walk") ?? "";
  const words = query.value.get("q") ?? "";
  const when = query.value.get("nar") ?? "";
  const open = query.value.get("fynd");
  const found = useList<Found>(
    `/api/observations?${new URLSearchParams({ ...narrowed(state, walk, words, when), limit: `${PAGE}`, brief: "1" })}`,
    (page) => page.observations,
    (page, observations) => ({ ...page, observations }),
    POLL_MS,
  );
  const municipality = useLoad<MunicipalityState>("/api/municipality");
  const one = useLoad<FindingRow>(open ? `/api/observations/${open}` : null, POLL_MS);
  const rows = found.data?.observations ?? [];
  const ids = rows.map((row) => row.id);
  const wide = matchMedia("(min-width: 900px)").matches;
  const [help, setHelp] = useState(false);
  const goesOn = useRef(false);
  const settled = useRef(""); // decided here, and perhaps still in the list that was fetched before
  const search = useRef<HTMLInputElement>(null);
  const undoing = useSubmit();
  const marks = useMarks(rows, "findings");
  const [wanted, setWanted] = useState(0);

  // On a wide screen there is always something to look at.
  useEffect(() => {
    if (!open && wide && ids[0] && ids[0] !== settled.current) setQuery({ fynd: ids[0] });
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
  const decided = (id: string) => {
    goesOn.current = true;
    settled.current = id;
    marks.drop([id]);
    choose(nextAfter(ids, id) ?? "");
  };
  const undo = async () => {
    const it = last.value;
    if (!it || !(await undoing.send(t("undo.done"), ...it.undo()))) return;
    last.value = null;
    goesOn.current = true;
    setQuery({ state: "", nar: "", fynd: it.finding });
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    x: () => {
      const at = rows.find((row) => row.id === open);
      if (at) marks.toggle(at);
    },
    b: () => setWanted(wanted + 1),
    ...(held.value ? {} : { z: () => void undo() }),
    "?": () => setHelp(true),
    "/": () => search.current?.focus(),
    Enter: () => document.getElementById("finding-title")?.focus(),
  });

  return (
    <Page title={t("room.inkommet")} wide>
      <div class={`split inbox${open ? " has-open" : ""}`}>
        <section class="inbox-list">
          <h1 tabIndex={-1}>{t("room.inkommet")}</h1>
          <ConflictsWaiting />
          <PhonesWaiting />
          {last.value && (
            <p class="undo">
              <span>{last.value.text}</span>
              <button type="button" class="btn" disabled={undoing.busy} onClick={() => void undo()}>
                <Icon drawing={icons["undo-2"] ?? ""} />
                {t("undo.act")} {!held.value && <kbd>z</kbd>}
              </button>
            </p>
          )}
          <Problem text={undoing.problem} />
          <Search label={t("inbox.search")} field={search} clears={OPENED} />
          <Filter
            state={state}
            walk={walk}
            words={words}
            counts={found.data?.counts ?? null}
            walkName={rows[0]?.walk_name ?? ""}
          />
          {!words && (
            <SeenHours
              path={`/api/observations/hours?${new URLSearchParams(narrowed(state, walk, words, ""))}`}
              clears={OPENED}
            />
          )}
          <Ready of={found}>
            {(data) =>
              data.observations.length === 0 ? (
                <EmptyCard
                  title={t(`inbox.empty.${words ? "searched" : state === OPEN ? "received" : "other"}`)}
                  text={t(words ? "inbox.empty.searched_text" : "inbox.empty.text")}
                />
              ) : (
                <>
                  <label class="mark-all">
                    <span class="tick">
                      <input
                        type="checkbox"
                        checked={rows.every((row) => marks.chosen.has(row.id))}
                        onChange={() => marks.chooseAll(rows)}
                      />
                    </span>
                    {t("find_bulk.mark_all", { n: rows.length })}
                  </label>
                  <ul class="findings">
                    {rows.map((row) => (
                      <Row
                        key={row.id}
                        row={row}
                        chosen={row.id === open}
                        marked={marks.chosen.has(row.id)}
                        municipality={municipality.data}
                        onChoose={() => choose(row.id)}
                        onMark={(through) => marks.toggle(row, through)}
                      />
                    ))}
                  </ul>
                  <More
                    shown={rows.length}
                    all={walk || words ? allOf(data.counts) : countOf(state, data.counts)}
                    more={found.more}
                  />
                </>
              )
            }
          </Ready>
          <p class="keys">
            <kbd>j</kbd> <kbd>k</kbd> {t("keys.go")} <kbd>a</kbd> {t("keys.accept")} <kbd>x</kbd> {t("keys.choose")}
            <button type="button" class="btn plain" onClick={() => setHelp(true)}>
              <Icon drawing={icons.keyboard ?? ""} />
              {t("keyhelp.title")} <kbd>?</kbd>
            </button>
          </p>
          {help && <KeyHelp onClose={() => setHelp(false)} />}
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
                      takesFocus={taken(goesOn)}
                      onDecided={() => decided(finding.id)}
                    />
                  )
                }
              </Ready>
            </>
          )}
        </section>
      </div>
      {municipality.data && marks.chosen.size > 0 && (
        <div class="inbox-bulk">
          <BulkBar marks={marks} wanted={wanted} municipality={municipality.data} />
        </div>
      )}
    </Page>
  );
}

/** Whether it was asked for; and only once. */
function taken(asked: { current: boolean }): boolean {
  const was = asked.current;
  asked.current = false;
  return was;
}

/** Who searches by a receipt's number or by words wants it wherever it is. */
function narrowed(state: string, walk: string, words: string, when: string): Record<string, string> {
  if (words) return { q: words };
  return { ...(walk ? { walk } : { state }), ...(when ? { when } : {}) };
}

/** Of one state, or of several together. */
function countOf(state: string, counts: Found["counts"]): number {
  return state.split(",").reduce((sum, word) => sum + (counts[word as keyof Found["counts"]] ?? 0), 0);
}

function numberWord(n: number): string {
  return n > COUNTED ? t("inbox.many") : `${n}`;
}

function allOf(counts: Found["counts"]): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

interface FilterProps {
  state: string;
  walk: string;
  words: string;
  walkName: string;
  counts: Found["counts"] | null; // null: not known, which is not the same as none
}

function Filter({ state, walk, words, walkName, counts }: FilterProps) {
  if (words) return null;
  if (walk)
    return (
      <p class="acts">
        <button type="button" class="btn on" onClick={() => setQuery({ walk: "", fynd: "" })}>
          {t("inbox.only_walk", { name: walkName })}
        </button>
        <a class="btn" href={href(`/vandringar/${walk}/visa`)}>
          {t("release.open")}
        </a>
      </p>
    );
  return (
    <>
      {counts && !query.value.has("nar") && (
        <p class="lead">
          {countOf(OPEN, counts) > COUNTED ? t("inbox.lead_many") : t("inbox.lead", { n: countOf(OPEN, counts) })}
        </p>
      )}
      <label class="inline-label">
        <span class="field-label">{t("inbox.show")}</span>
        <select
          class="input"
          value={state}
          onChange={(event) => setQuery({ state: event.currentTarget.value, fynd: "" })}
        >
          {STATES.map((word) => (
            <option key={word} value={word} selected={word === state}>
              {t(`finding.state.${word === OPEN ? "open" : word}`)}
              {counts && ` (${numberWord(countOf(word, counts))})`}
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
  marked: boolean;
  municipality: MunicipalityState | null;
  onChoose: () => void;
  /** With `through` every row from the one marked last. */
  onMark: (through: boolean) => void;
}

function Row({ row, chosen, marked, municipality, onChoose, onMark }: RowProps) {
  const category = municipality?.categories.find((found) => found.code === row.category)?.name ?? row.category;
  const photo = row.photos.find((found) => found.state === "accepted");
  return (
    <li class={marked ? "sel" : ""}>
      <label class="tick">
        <input
          type="checkbox"
          checked={marked}
          aria-label={t("tasks.choose_one", { title: `${row.number}, ${category}` })}
          onClick={(event) => onMark(event.shiftKey)}
        />
      </label>
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
          <InParcel id={row.id} />
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
