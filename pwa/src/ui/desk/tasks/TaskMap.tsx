import { useRef, useState } from "preact/hooks";
import type { MunicipalityState, TaskRow, TasksOnMap, TaskWord } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { MapDrawing, type Mark } from "../parts/MapDrawing";
import type { Box, Point } from "../parts/projection";
import { query } from "../router";
import { ClusterTable } from "./ClusterTable";
import { asked } from "./filter";
import type { Named } from "./nearest";
import type { Rows } from "./rows";

const POLL_MS = 15_000;

function lightOf(state: TaskWord): Pick<Mark, "light"> {
  return state === "done" ? { light: "half" } : state === "verified" ? { light: "lit" } : {};
}

/** Beside the list: the rows that are shown, with the same numbers. */
export function ListMap({ order, rows }: { order: readonly TaskRow[]; rows: Rows }) {
  const marks = order.flatMap((task, i) =>
    task.lat === null || task.lon === null
      ? []
      : [
          {
            id: task.id,
            number: `${i + 1}`,
            name: task.title,
            lat: task.lat,
            lon: task.lon,
            on: task.id === rows.at,
            ...lightOf(task.state),
          },
        ],
  );
  return <MapDrawing label={t("tasks.map", { n: order.length })} marks={marks} onMark={(id) => focusRow(id, rows)} />;
}

type Stretch = NonNullable<MunicipalityState["stretches"]>[number];

/** The whole choice: each as a point, or many in clusters with their number; a press on one goes closer. */
export function WholeMap({
  order,
  rows,
  places,
  stretches,
}: {
  order: readonly TaskRow[];
  rows: Rows;
  places: readonly Named[];
  stretches: readonly Stretch[];
}) {
  const chosen = stretches.find((one) => one.id === query.value.get("strak"));
  const filter = asked(query.value).toString();
  const whole = useLoad<TasksOnMap>(`/api/tasks/points?${filter}`, POLL_MS);
  const isMany = (whole.data?.clusters.length ?? 0) > 0;
  const [box, setBox] = useState<string | null>(null);
  const near = useLoad<TasksOnMap>(isMany && box ? `/api/tasks/points?${filter}&${box}` : null, POLL_MS);
  const shown = useShown(filter, near.data ?? (box && isMany ? null : whole.data)) ?? whole.data;
  const reach = useReach(filter, isMany ? (whole.data?.clusters ?? []) : []);
  const [goTo, setGoTo] = useState<{ box: Box; turn: number } | null>(null);

  const number = new Map(order.map((task, i) => [task.id, i + 1]));
  const marks = (shown?.points ?? []).map((point) => ({
    ...point,
    number: `${number.get(point.id) ?? ""}`,
    name: "",
    on: point.id === rows.at,
    ...lightOf(point.state),
  }));
  const clusters = (shown?.clusters ?? []).map((it) => ({ ...it, late: it.late > 0 }));
  const n = marks.length + clusters.reduce((sum, it) => sum + it.n, 0);
  const table = useRef<HTMLDivElement>(null);
  const isPart = isMany && box !== null;
  return (
    <>
      {isPart && near.trouble && (
        <p class="note" role="alert">
          {t("clusters.trouble")}{" "}
          <button type="button" class="btn" onClick={near.again}>
            {t("act.again")}
          </button>
        </p>
      )}
      <div ref={table} tabIndex={-1} aria-label={t("clusters.here", { n })} role="group">
        <p class="sr" role="status">
          {goTo && t("clusters.here", { n })}
        </p>
        {shown && shown.clusters.length > 0 && (
          <ClusterTable
            clusters={shown.clusters}
            places={places}
            onCloser={(it) => {
              setGoTo({ box: it, turn: (goTo?.turn ?? 0) + 1 });
              table.current?.focus(); // the row that was pressed goes away with the next answer
            }}
          />
        )}
      </div>
      <MapDrawing
        label={t(isPart ? "clusters.here" : "tasks.whole_map", { n })}
        marks={marks}
        clusters={clusters}
        reach={reach}
        goTo={goTo}
        line={(chosen?.line ?? []).map(([lat, lon]) => ({ lat, lon }))}
        together
        onBox={(seen, across) => setBox(`bbox=${asBbox(seen)}&across=${across}`)}
        onMark={(id) => focusRow(id, rows)}
      />
    </>
  );
}

/** What was shown last of this choice, until the next answer is there: nothing blinks when one moves. */
function useShown(filter: string, found: TasksOnMap | null): TasksOnMap | null {
  const kept = useRef<{ filter: string; found: TasksOnMap } | null>(null);
  if (found) kept.current = { filter, found };
  return kept.current?.filter === filter ? kept.current.found : null;
}

/** Where the whole choice lies, as it was first seen: the drawing must not move under somebody's hand. */
function useReach(filter: string, clusters: readonly Box[]): Point[] {
  const kept = useRef<{ filter: string; reach: Point[] }>({ filter, reach: [] });
  if (kept.current.filter !== filter || kept.current.reach.length === 0)
    kept.current = {
      filter,
      reach: clusters.flatMap((it) => [
        { lat: it.south, lon: it.west },
        { lat: it.north, lon: it.east },
      ]),
    };
  return kept.current.reach;
}

function asBbox({ west, south, east, north }: Box): string {
  const within = (value: number, most: number) => Math.min(most, Math.max(-most, value)).toFixed(5);
  return [within(west, 180), within(south, 90), within(east, 180), within(north, 90)].join(",");
}

function focusRow(id: string, rows: Rows): void {
  rows.setAt(id);
  document.getElementById(`task-${id}`)?.focus();
}
