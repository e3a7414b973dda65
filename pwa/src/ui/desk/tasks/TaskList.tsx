import { icons } from "virtual:icons?search,list,map,clock-alert,x";
import { useEffect, useRef, useState } from "preact/hooks";
import { dayWords } from "../../../domain/times";
import type { MunicipalityState, TaskRow, TaskWord } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useList, useLoad } from "../data/load";
import { me } from "../data/session";
import { useKeys } from "../parts/keys";
import { MapDrawing } from "../parts/MapDrawing";
import { More } from "../parts/More";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { go, href, query, setQuery } from "../router";
import { shortDate } from "../time/stockholm";
import { BulkBar } from "./BulkBar";
import { byLateness, isClosed, nextDate } from "./lateness";
import { ownersOf } from "./owners";
import { TaskStatus } from "./TaskStatus";

interface Found {
  tasks: TaskRow[];
  next: string | null;
  counts: Partial<Record<TaskWord | "late" | "week", number>>;
}

const WORDS: readonly TaskWord[] = [
  "new",
  "assigned",
  "accepted",
  "planned",
  "in_progress",
  "waiting",
  "referred",
  "done",
  "verified",
  "wont_do",
];
const PAGE = 200;
const POLL_MS = 15_000;

/** What the URL's filter asks the server for. "Open" is every state but the closed ones. */
export function tasksUrl(filter: URLSearchParams): string {
  const asked = new URLSearchParams({ limit: `${PAGE}` });
  const state = filter.get("status") ?? "open";
  if (state === "late") asked.set("late", "1");
  else if (state === "open") asked.set("state", WORDS.filter((word) => !isClosed(word)).join(","));
  else if (state !== "all") asked.set("state", state);
  for (const [mine, theirs] of [
    ["enhet", "department"],
    ["q", "q"],
  ] as const) {
    const value = filter.get(mine);
    if (value) asked.set(theirs, value);
  }
  return `/api/tasks?${asked}`;
}

export function TaskList() {
  const found = useList<Found>(
    tasksUrl(query.value),
    (page) => page.tasks,
    (page, tasks) => ({ ...page, tasks }),
    POLL_MS,
  );
  const state = query.value.get("status") ?? "open";
  const groups = byLateness(found.data?.tasks ?? [], new Date());
  const rows = groups.flatMap((group) => group.tasks);
  const [at, setAt] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const search = useRef<HTMLInputElement>(null);
  const asMap = query.value.get("vy") === "karta";

  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const step = (by: 1 | -1) => {
    const now = rows.findIndex((task) => task.id === at);
    const to = rows[Math.min(rows.length - 1, Math.max(0, now + by))];
    if (!to) return;
    setAt(to.id);
    document.getElementById(`task-${to.id}`)?.focus();
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    x: () => at && toggle(at),
    s: () => at && go(`/atgarder/${at}?steg=1`),
    Enter: () => at && go(`/atgarder/${at}`),
    "/": () => search.current?.focus(),
  });

  return (
    <Page title={t("room.atgarder")} wide>
      <div class="split tasks-split">
        <div class="tasks-main">
          <div class="spread head">
            <div>
              <h1 tabIndex={-1}>
                {found.data ? t("tasks.title", { n: wholeCount(state, found.data.counts) }) : t("room.atgarder")}
              </h1>
              {found.data && <p class="lead">{leadOf(found.data.counts)}</p>}
            </div>
            <ViewChoice asMap={asMap} />
          </div>
          <Filters state={state} counts={found.data?.counts ?? {}} search={search} />
          <Ready of={found}>
            {(data) =>
              rows.length === 0 ? (
                <EmptyCard title={t("tasks.empty.title")} text={t("tasks.empty.text")}>
                  <button type="button" class="btn" onClick={() => setQuery({ status: "", q: "", enhet: "" })}>
                    {t("tasks.clear")}
                  </button>
                </EmptyCard>
              ) : (
                <>
                  {groups.length > 0 && (
                    <Table groups={groups} order={rows} chosen={chosen} at={at} onAt={setAt} onToggle={toggle} />
                  )}
                  <More shown={rows.length} all={wholeCount(state, data.counts)} more={found.more} />
                </>
              )
            }
          </Ready>
          <BulkBar tasks={rows.filter((task) => chosen.has(task.id))} onDone={() => setChosen(new Set())} />
        </div>
        <div class={`tasks-map${asMap ? " first" : ""}`}>
          <MapDrawing
            label={t("tasks.map", { n: rows.length })}
            marks={rows.flatMap((task, i) =>
              task.lat === null || task.lon === null
                ? []
                : [
                    {
                      id: task.id,
                      number: `${i + 1}`,
                      name: task.title,
                      lat: task.lat,
                      lon: task.lon,
                      on: task.id === at,
                      ...(task.state === "done"
                        ? { light: "half" as const }
                        : task.state === "verified"
                          ? { light: "lit" as const }
                          : {}),
                    },
                  ],
            )}
            onMark={(id) => {
              setAt(id);
              document.getElementById(`task-${id}`)?.focus();
            }}
          />
        </div>
      </div>
    </Page>
  );
}

/** How many the whole choice has, by the server's counts; the page may show fewer. */
export function wholeCount(state: string, counts: Found["counts"]): number {
  const words = WORDS.filter((word) => state === "all" || (state === "open" ? !isClosed(word) : word === state));
  return state === "late" ? (counts.late ?? 0) : words.reduce((sum, word) => sum + (counts[word] ?? 0), 0);
}

function leadOf(counts: Found["counts"]): string {
  const today = dayWords(new Date().toISOString());
  return `${today.charAt(0).toUpperCase()}${today.slice(1)}. ${t("tasks.late", { n: counts.late ?? 0 })} ${t("tasks.week", { n: counts.week ?? 0 })}`;
}

function ViewChoice({ asMap }: { asMap: boolean }) {
  return (
    <div class="seg" role="group" aria-label={t("tasks.view")}>
      <button type="button" class={asMap ? "" : "on"} aria-pressed={!asMap} onClick={() => setQuery({ vy: "" })}>
        <Icon drawing={icons.list ?? ""} />
        {t("tasks.as_list")}
      </button>
      <button type="button" class={asMap ? "on" : ""} aria-pressed={asMap} onClick={() => setQuery({ vy: "karta" })}>
        <Icon drawing={icons.map ?? ""} />
        {t("tasks.as_map")}
      </button>
    </div>
  );
}

interface FiltersProps {
  state: string;
  counts: Found["counts"];
  search: { current: HTMLInputElement | null };
}

function Filters({ state, counts, search }: FiltersProps) {
  const coordinator = me.value?.user.role === "coordinator";
  const municipality = useLoad<MunicipalityState>(coordinator ? "/api/municipality" : null);
  const unit = query.value.get("enhet") ?? "";
  const options = ["open", "late", ...WORDS, "all"];
  const count = (word: string) => ` (${wholeCount(word, counts)})`;
  return (
    <search class="filters">
      <label>
        <span class="sr">{t("tasks.status")}</span>
        <select class="input" value={state} onChange={(event) => setQuery({ status: event.currentTarget.value })}>
          {options.map((word) => (
            <option key={word} value={word} selected={word === state}>
              {t(`tasks.filter.${word}`)}
              {count(word)}
            </option>
          ))}
        </select>
      </label>
      {coordinator && (
        <label>
          <span class="sr">{t("task.department")}</span>
          <select class="input" value={unit} onChange={(event) => setQuery({ enhet: event.currentTarget.value })}>
            <option value="">{t("tasks.all_units")}</option>
            {ownersOf(municipality.data?.departments ?? []).map((found) => (
              <option key={found.id} value={found.id} selected={found.id === unit}>
                {found.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <Search field={search} />
    </search>
  );
}

/** Searches half a second after the last letter; the URL follows, so that the view can be sent to a colleague. */
function Search({ field }: { field: { current: HTMLInputElement | null } }) {
  const [words, setWords] = useState(query.value.get("q") ?? "");
  useEffect(() => {
    if (words === (query.value.get("q") ?? "")) return;
    const timer = setTimeout(() => setQuery({ q: words }), 500);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <label class="searching input">
      <Icon drawing={icons.search ?? ""} />
      <span class="sr">{t("tasks.search")}</span>
      <input
        ref={field}
        type="search"
        placeholder={t("tasks.search")}
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      <kbd>/</kbd>
    </label>
  );
}

interface TableProps {
  groups: ReturnType<typeof byLateness>;
  order: TaskRow[];
  chosen: ReadonlySet<string>;
  at: string | null;
  onAt: (id: string) => void;
  onToggle: (id: string) => void;
}

function Table({ groups, order, chosen, at, onAt, onToggle }: TableProps) {
  return (
    // The roles are written out because a phone shows the rows as blocks, and a block is no longer a row to a screen reader.
    <table class="tasks" role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            <span class="sr">{t("tasks.choose")}</span>
          </th>
          <th scope="col" role="columnheader">
            {t("tasks.no")}
          </th>
          <th scope="col" role="columnheader">
            {t("tasks.what")}
          </th>
          <th scope="col" role="columnheader">
            {t("tasks.status")}
          </th>
          <th scope="col" role="columnheader">
            {t("tasks.next_date")}
          </th>
        </tr>
      </thead>
      {groups.map(({ group, tasks }) => (
        <tbody key={group} role="rowgroup">
          <tr class="g" role="row">
            <th colSpan={5} scope="rowgroup" role="rowheader">
              {t(`tasks.group.${group}`)}
            </th>
          </tr>
          {tasks.map((task) => (
            <tr key={task.id} role="row" class={`${chosen.has(task.id) ? "sel" : ""}${task.id === at ? " at" : ""}`}>
              <td role="cell" class="c-choose">
                <label class="tick">
                  <input
                    type="checkbox"
                    checked={chosen.has(task.id)}
                    aria-label={t("tasks.choose_one", { title: task.title })}
                    onFocus={() => onAt(task.id)}
                    onChange={() => onToggle(task.id)}
                  />
                </label>
              </td>
              <td role="cell" class="n num">
                {order.indexOf(task) + 1}
              </td>
              <td role="cell" class="c-what">
                <a
                  id={`task-${task.id}`}
                  class="row-link"
                  href={href(`/atgarder/${task.id}`)}
                  onFocus={() => onAt(task.id)}
                >
                  {task.title}
                </a>
                <span class="quiet block">{task.place}</span>
              </td>
              <td role="cell" class="c-status">
                <TaskStatus task={task} reason />
              </td>
              <td role="cell" class="c-date">
                <NextDate task={task} />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function NextDate({ task }: { task: TaskRow }) {
  const next = nextDate(task);
  if (!next) return <span class="quiet">{t("tasks.no_date")}</span>;
  if (task.late)
    return (
      <span class="tag t-need">
        <Icon drawing={icons["clock-alert"] ?? ""} />
        {t("tasks.late_since", { date: shortDate(next.on) })}
      </span>
    );
  return <span>{t(`tasks.date.${next.what}`, { date: shortDate(next.on) })}</span>;
}
