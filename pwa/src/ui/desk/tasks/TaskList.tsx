import { icons } from "virtual:icons?list,map,columns-3,truck";
import { useRef, useState } from "preact/hooks";
import { dayWords } from "../../../domain/times";
import type { MunicipalityState, OperationType, TaskCounts, TaskRow, Uuid } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useList, useLoad } from "../data/load";
import { me } from "../data/session";
import { useKeys } from "../parts/keys";
import { More } from "../parts/More";
import { Page } from "../parts/Page";
import { SeenHours } from "../parts/SeenHours";
import { EmptyCard, Ready } from "../parts/StateCard";
import { go, href, query, setQuery } from "../router";
import { Board } from "./Board";
import { BulkBar } from "./BulkBar";
import { clearAll, Filters } from "./Filters";
import {
  ALL_COLUMNS,
  asked,
  boardCount,
  type Column,
  VIEWS,
  type View,
  viewOf,
  wholeCount,
  withoutHours,
} from "./filter";
import { KeysHelp } from "./KeysHelp";
import { byLateness } from "./lateness";
import { useRows } from "./rows";
import { Saved } from "./Saved";
import { type Asked, StepDialog } from "./StepDialog";
import { ListMap, WholeMap } from "./TaskMap";
import { TaskTable } from "./TaskTable";
import { TriageBar } from "./TriageBar";
import { takeBack } from "./UndoBar";

export interface Found {
  tasks: TaskRow[];
  next: string | null;
  counts: Partial<TaskCounts["counts"]>;
}

const PAGE = 100;
const POLL_MS = 15_000;
const BACK = "desk.atgarder";

/** Where "all tasks" leads: to the choice the person came from. */
export function backToList(): string {
  return href(`/atgarder${sessionStorage.getItem(BACK) ?? ""}`);
}

/** D1: list, map and board of the same choice. The address is the choice. */
export function TaskList() {
  const view = viewOf(query.value);
  const status = query.value.get("status") ?? "open";
  const filter = asked(query.value).toString();
  sessionStorage.setItem(BACK, location.search);
  const counted = useLoad<TaskCounts>(`/api/tasks/counts?${asked(query.value)}`, POLL_MS);
  const municipality = useLoad<MunicipalityState>("/api/municipality");
  const found = useList<Found>(
    view === "tavla" ? null : `/api/tasks?${filter}&counts=0&limit=${PAGE}`,
    (page) => page.tasks,
    (page, tasks) => ({ ...page, tasks }),
    POLL_MS,
  );
  const groups = byLateness(found.data?.tasks ?? [], new Date());
  const onBoard = useRef<Partial<Record<Column, readonly TaskRow[]>>>({});
  const order =
    view === "tavla" ? ALL_COLUMNS.flatMap((column) => onBoard.current[column] ?? []) : groups.flatMap((g) => g.tasks);
  const rows = useRows(order);
  const [step, setStep] = useState<Asked | null>(null);
  const [help, setHelp] = useState(false);
  const [wanted, setWanted] = useState(0);
  const sorts = me.value?.user.role === "coordinator";
  const search = useRef<HTMLInputElement>(null);
  const counts = counted.data?.counts ?? {};
  const whole = view === "tavla" ? boardCount(status, counts) : wholeCount(status, counts);

  const one = (act: (id: Uuid) => void) => () => rows.at && act(rows.at);
  const asks =
    (...among: OperationType[]) =>
    () =>
      rows.at && setStep({ id: rows.at, among });
  useKeys({
    j: () => rows.step(1),
    k: () => rows.step(-1),
    ArrowRight: () => rows.aside(1),
    ArrowLeft: () => rows.aside(-1),
    x: one((id) => {
      const task = order.find((each) => each.id === id);
      if (task) rows.toggle(task);
    }),
    s: one((id) => setStep({ id })),
    a: asks("task.accept"),
    p: asks("task.plan"),
    v: asks("task.wait"),
    d: asks("task.finish"),
    b: () => setWanted(wanted + 1),
    u: takeBack,
    Enter: one((id) => go(`/atgarder/${id}`)),
    "/": () => search.current?.focus(),
    "?": () => setHelp(true),
    ...Object.fromEntries(VIEWS.map((name, i) => [`${i + 1}`, () => show(name)])),
  });

  const body = (
    <>
      <div class="spread head">
        <div>
          <h1 tabIndex={-1}>{counted.data ? t("tasks.title", { n: whole }) : t("room.atgarder")}</h1>
          {counted.data && <p class="lead">{leadOf(counted.data.counts)}</p>}
        </div>
        <ViewChoice view={view} />
      </div>
      <Filters counted={counted.data} municipality={municipality.data} search={search} />
      <div class="spread under-filters">
        <Saved />
        <a class="tag way" href={href("/atgarder/bilen")} target="_self">
          <Icon drawing={icons.truck ?? ""} />
          {t("van.open")}
        </a>
        <SeenHours path={`/api/tasks/hours?${withoutHours(query.value)}`} />
      </div>
      {view === "tavla" ? (
        <Board
          counts={counted.data?.counts ?? {}}
          rows={rows}
          onStep={(id, among) => setStep(among ? { id, among } : { id })}
          onSeen={(column, tasks) => {
            onBoard.current[column] = tasks;
          }}
        />
      ) : (
        <Ready of={found}>
          {() =>
            order.length === 0 ? (
              <EmptyCard title={t("tasks.empty.title")} text={t("tasks.empty.text")}>
                <button type="button" class="btn" onClick={clearAll}>
                  {t("tasks.clear")}
                </button>
              </EmptyCard>
            ) : (
              <>
                <TaskTable groups={groups} order={order} rows={rows} />
                <More shown={order.length} all={whole} more={found.more} />
              </>
            )
          }
        </Ready>
      )}
      {sorts ? (
        <TriageBar rows={rows} wanted={wanted} municipality={municipality.data} />
      ) : (
        <BulkBar rows={rows} wanted={wanted} />
      )}
    </>
  );
  return (
    <Page title={t("room.atgarder")} wide>
      {view === "tavla" ? (
        <div class="tasks-main whole">{body}</div>
      ) : (
        <div class={`split tasks-split${view === "karta" ? " by-map" : ""}`}>
          <div class="tasks-main">{body}</div>
          <div class={`tasks-map${view === "karta" ? " first" : ""}`}>
            {view === "karta" ? (
              <WholeMap
                order={order}
                rows={rows}
                places={municipality.data?.places ?? []}
                stretches={municipality.data?.stretches ?? []}
              />
            ) : (
              <ListMap order={order} rows={rows} />
            )}
          </div>
        </div>
      )}
      {step && (
        <StepDialog
          key={step.id}
          asked={step}
          municipality={municipality.data}
          onClose={() => {
            rows.acted();
            setStep(null);
          }}
        />
      )}
      {help && <KeysHelp sorts={sorts} onClose={() => setHelp(false)} />}
    </Page>
  );
}

function leadOf(counts: TaskCounts["counts"]): string {
  const today = dayWords(new Date().toISOString());
  return `${today.charAt(0).toUpperCase()}${today.slice(1)}. ${t("tasks.late", { n: counts.late })} ${t("tasks.week", { n: counts.week })}`;
}

function show(view: View): void {
  setQuery({ vy: view === "lista" ? "" : view }, { replace: false });
}

const ICONS: Record<View, string> = { lista: "list", karta: "map", tavla: "columns-3" };

function ViewChoice({ view }: { view: View }) {
  return (
    <div class="seg" role="group" aria-label={t("tasks.view")}>
      {VIEWS.map((name) => (
        <button
          key={name}
          type="button"
          class={name === view ? "on" : ""}
          aria-pressed={name === view}
          onClick={() => show(name)}
        >
          <Icon drawing={icons[ICONS[name]] ?? ""} />
          {t(`tasks.as.${name}`)}
        </button>
      ))}
    </div>
  );
}
