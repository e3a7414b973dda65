import { icons } from "virtual:icons?plus,minus,maximize";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { ClusterDrawing } from "./ClusterDrawing";
import { closer, filledBy, type Group, gathered } from "./gathered";
import { type Box, type Point, type Projection, project, scaleBar, type View, WHOLE } from "./projection";

export interface Mark extends Point {
  id: string;
  /** What is written in the point: the same number as in the list. */
  number: string;
  name: string;
  on?: boolean;
  /** How a task stands, as a point of light. */
  light?: "half" | "lit";
}

export interface Place extends Point {
  id: string;
  name: string;
}

/** Many marks that the server has counted, and where they lie. */
export interface Cluster extends Point, Box {
  n: number;
  /** Something among them should have been done already. */
  late: boolean;
}

interface MapProps {
  /** Says what is drawn and that the list beside it has the same. */
  label: string;
  marks: Mark[];
  places?: Place[];
  /** Draw the way between the marks in order. */
  route?: boolean;
  /** Marks that would lie over each other are drawn as one with their number; a press goes closer. */
  together?: boolean;
  clusters?: readonly Cluster[];
  /** What the whole drawing shows, when the marks and clusters are only those of a part of it. */
  reach?: readonly Point[];
  /** A box to go to, each time its `turn` is another. */
  goTo?: { box: Box; turn: number } | null;
  /** What is seen now, soon after it has changed, and how many squares there is room for along its longer side. */
  onBox?: (box: Box, across: number) => void;
  /** Where to look when there are no marks. */
  around?: Point[];
  /** The corners of an area, in order. */
  area?: Point[];
  /** A stretch of street or path, from one end to the other. */
  line?: readonly Point[];
  lines?: readonly (readonly Point[])[];
  onMark?: (id: string) => void;
  onPick?: (at: Point) => void;
}

/** Points drawn to scale on plain ground. A picture of the list beside it: nothing can be done here alone. */
export function MapDrawing({
  label,
  marks,
  places = [],
  route,
  together,
  clusters = [],
  reach = [],
  goTo = null,
  onBox,
  around = [],
  area = [],
  line = [],
  lines = [],
  onMark,
  onPick,
}: MapProps) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const [view, setView] = useState<View>(WHOLE);
  const fit = marks.length > 0 && !onPick ? [...marks, ...line] : [...marks, ...(around.length ? around : places)];
  const whole = project(reach.length > 0 ? reach : fit, size.width, size.height, WHOLE);
  const at = project(reach.length > 0 ? reach : fit, size.width, size.height, view);
  const go = (box: Box) => whole && setView(filledBy(box, whole, view, size));
  useEffect(() => {
    if (goTo) go(goTo.box);
  }, [goTo?.turn]);
  useSeen(at, size, onBox);
  const named = at ? readable(places, at) : new Set<string>();
  const groups = at && together ? gathered(marks, at, size) : [];
  const spots = !at ? [] : together ? groups.flatMap(lone) : apart(marks, at, Boolean(route));
  const drag = useDrag(at, view, setView, onPick);
  const zoom = (by: number) => setView({ ...view, zoom: Math.min(40, Math.max(0.4, view.zoom * by)) });
  return (
    <div class={`map drawn${onPick ? " pick" : ""}`} ref={box} {...drag}>
      {at && (
        <svg width={size.width} height={size.height} role="img" aria-label={label}>
          <Grid at={at} width={size.width} height={size.height} />
          {places.map((place) => (
            <g key={place.id}>
              <rect x={at.x(place.lon) - 5} y={at.y(place.lat) - 5} width={10} height={10} class="m-place" />
              {named.has(place.id) && (
                <text
                  x={at.x(place.lon) + (isUnderMark(place, marks) ? 26 : 10)}
                  y={at.y(place.lat) + 5}
                  class="m-word"
                >
                  {place.name}
                </text>
              )}
            </g>
          ))}
          {area.length > 2 && (
            <polygon class="m-area" points={area.map((c) => `${at.x(c.lon)},${at.y(c.lat)}`).join(" ")} />
          )}
          {[line, ...lines].map((each) => {
            const points = each.map((c) => `${at.x(c.lon)},${at.y(c.lat)}`).join(" ");
            return each.length > 1 && <polyline key={points} class="m-stretch" points={points} />;
          })}
          {route && marks.length > 1 && (
            <polyline class="m-route" points={marks.map((m) => `${at.x(m.lon)},${at.y(m.lat)}`).join(" ")} />
          )}
          {spots.map(({ mark, x, y }) => (
            <MarkDrawing key={mark.id} mark={mark} x={x} y={y} {...(onMark ? { onMark } : {})} />
          ))}
          {groups
            .filter((group) => group.marks.length > 1)
            .map((group) => (
              <GroupDrawing key={group.key} group={group} onGroup={() => setView(closer(view, at, group, size))} />
            ))}
          {clusters.map((it) => (
            <ClusterDrawing key={`${it.lat}:${it.lon}`} cluster={it} at={at} onCluster={() => go(it)} />
          ))}
          <Scale at={at} height={size.height} />
        </svg>
      )}
      {at && (
        <div class="zoom">
          <ZoomButton icon="plus" label={t("map.in")} act={() => zoom(1.6)} />
          <ZoomButton icon="minus" label={t("map.out")} act={() => zoom(1 / 1.6)} />
          <ZoomButton icon="maximize" label={t("map.whole")} act={() => setView(WHOLE)} />
        </div>
      )}
    </div>
  );
}

function ZoomButton({ icon, label, act }: { icon: string; label: string; act: () => void }) {
  return (
    <button type="button" class="btn square" aria-label={label} onClick={act}>
      <Icon drawing={icons[icon] ?? ""} />
    </button>
  );
}

function isUnderMark(place: Place, marks: Mark[]): boolean {
  return marks.some((mark) => mark.lat === place.lat && mark.lon === place.lon);
}

const LETTER_PX = 8;
const LINE_PX = 18;

/** Places whose names can be written without lying over another name; zooming in gives room for more. */
function readable(places: Place[], at: Projection): Set<string> {
  const written: { id: string; left: number; right: number; y: number }[] = [];
  for (const place of places) {
    const [left, y] = [at.x(place.lon), at.y(place.lat)];
    const right = left + 16 + place.name.length * LETTER_PX;
    if (!written.some((other) => left < other.right && right > other.left && Math.abs(other.y - y) < LINE_PX))
      written.push({ id: place.id, left, right, y });
  }
  return new Set(written.map((label) => label.id));
}

const APART_PX = 38;

interface Spot {
  mark: Mark;
  x: number;
  y: number;
}

/** Marks at the same place stand side by side, so that each number can be read. Stops along a route stay where they are. */
function apart(marks: Mark[], at: Projection, stay: boolean): Spot[] {
  const placed: Spot[] = [];
  for (const mark of marks) {
    const [y, first] = [at.y(mark.lat), at.x(mark.lon)];
    let x = first;
    while (!stay && placed.some((other) => Math.hypot(other.x - x, other.y - y) < APART_PX)) x += APART_PX;
    placed.push({ mark, x, y });
  }
  return placed;
}

/** A group of one is a mark like any other. */
function lone({ marks: [mark, another], x, y }: Group<Mark>): Spot[] {
  return mark && !another ? [{ mark, x, y }] : [];
}

function GroupDrawing({ group, onGroup }: { group: Group<Mark>; onGroup: () => void }) {
  const n = group.marks.length;
  const r = n < 10 ? 20 : n < 100 ? 24 : 29;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the pointer; the zoom buttons do the same
    <g class={`m-group${group.marks.some((mark) => mark.on) ? " on" : ""}`} onClick={onGroup}>
      <circle cx={group.x} cy={group.y} r={r} />
      <text x={group.x} y={group.y + 6} text-anchor="middle">
        {n}
      </text>
    </g>
  );
}

function MarkDrawing({ mark, x, y, onMark }: Spot & { onMark?: (id: string) => void }) {
  const r = mark.on ? 21 : 17;
  const kind = mark.on ? "m-mark on" : mark.light === "lit" ? "m-mark lit" : "m-mark";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the pointer; the list has the same as buttons
    <g class={kind} onClick={() => onMark?.(mark.id)}>
      <circle cx={x} cy={y} r={r} />
      {mark.light === "half" && <path class="m-half" d={`M${x - r} ${y}a${r} ${r} 0 0 0 ${2 * r} 0z`} />}
      <text x={x} y={y + 6} text-anchor="middle">
        {mark.number}
      </text>
    </g>
  );
}

/** Lines a round number of metres apart, so that the eye can measure. */
function Grid({ at, width, height }: { at: Projection; width: number; height: number }) {
  const step = scaleBar(at.metresPerPixel).pixels;
  const lines = (to: number) => Array.from({ length: Math.ceil(to / step) }, (_, i) => (i + 1) * step);
  return (
    <>
      <rect width={width} height={height} class="m-ground" />
      {lines(width).map((x) => (
        <line key={`x${x}`} x1={x} x2={x} y1={0} y2={height} class="m-grid" />
      ))}
      {lines(height).map((y) => (
        <line key={`y${y}`} y1={y} y2={y} x1={0} x2={width} class="m-grid" />
      ))}
    </>
  );
}

function Scale({ at, height }: { at: Projection; height: number }) {
  const { metres, pixels } = scaleBar(at.metresPerPixel);
  const words = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  return (
    <g class="m-scale">
      <path d={`M16 ${height - 24}v8h${pixels}v-8`} />
      <text x={20} y={height - 22} class="m-word">
        {words}
      </text>
    </g>
  );
}

function useSize(box: { current: HTMLDivElement | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!box.current) return;
    const seen = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: Math.round(entry.contentRect.width), height: Math.round(entry.contentRect.height) });
    });
    seen.observe(box.current);
    return () => seen.disconnect();
  }, []);
  return size;
}

const SOON_MS = 200;
const SQUARE_PX = 76;

/** Says what is seen once it has stood still for a moment. */
function useSeen(at: Projection | null, size: { width: number; height: number }, onBox?: MapProps["onBox"]) {
  const across = Math.max(2, Math.floor(Math.max(size.width, size.height) / SQUARE_PX));
  const corners = at ? [at.lat(size.height), at.lon(0), at.lat(0), at.lon(size.width)] : [];
  useEffect(() => {
    const [south, west, north, east] = corners;
    if (!onBox || south === undefined || west === undefined || north === undefined || east === undefined) return;
    const timer = setTimeout(() => onBox({ south, west, north, east }, across), SOON_MS);
    return () => clearTimeout(timer);
  }, [corners.join(), across]);
}

const CLICK_PX = 5;

/** Dragging moves the drawing; a press without movement picks a point. The buttons and typed figures do the same. */
function useDrag(at: Projection | null, view: View, setView: (view: View) => void, onPick?: (at: Point) => void) {
  const held = useRef<{ x: number; y: number; view: View; moved: boolean } | null>(null);
  return {
    onPointerDown: (event: PointerEvent) => {
      if ((event.target as Element).closest("button")) return;
      held.current = { x: event.clientX, y: event.clientY, view, moved: false };
    },
    onPointerMove: (event: PointerEvent) => {
      const from = held.current;
      if (!from || !at || event.buttons === 0) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (Math.hypot(dx, dy) < CLICK_PX && !from.moved) return;
      from.moved = true;
      setView({
        ...from.view,
        east: from.view.east - dx * at.metresPerPixel,
        north: from.view.north + dy * at.metresPerPixel,
      });
    },
    onPointerUp: (event: PointerEvent) => {
      const from = held.current;
      held.current = null;
      if (!from || from.moved || !at || !onPick) return;
      const frame = (event.currentTarget as Element).getBoundingClientRect();
      onPick({ lat: at.lat(event.clientY - frame.top), lon: at.lon(event.clientX - frame.left) });
    },
  };
}
