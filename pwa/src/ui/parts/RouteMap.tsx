import { type Place, projectionOf, scaleBar, softLine } from "./projection";

export interface MapStop extends Place {
  number: number;
  state: "done" | "here" | "ahead";
}
interface Props {
  stops: readonly MapStop[];
  me?: (Place & { accuracy_m: number }) | null;
  /** A thing being placed. */
  pin?: Place | null;
  width: number;
  height: number;
  /** Small discs without numbers, for cards. */
  plain?: boolean;
  scaleWord: (metres: number) => string;
  onTap?: (place: Place) => void;
}

/**
 * The route without any map tiles: it needs no network and no other server. It is a picture of the list that
 * stands beside it, so it is hidden from the screen reader.
 */
export function RouteMap({ stops, me, pin, width, height, plain, scaleWord, onTap }: Props) {
  const frame = { width, height, padding: plain ? 24 : 44 };
  const map = projectionOf(stops, frame);
  const points = stops.map((stop) => ({ ...stop, ...map.point(stop) }));
  const here = points.findIndex((p) => p.state === "here");
  const walked = here < 0 ? points.filter((p) => p.state === "done") : points.slice(0, here + 1);
  const bar = scaleBar(map.scale, width / 4);
  const tap = (event: MouseEvent) => {
    const box = (event.currentTarget as SVGSVGElement).getBoundingClientRect();
    const shown = Math.min(box.width / width, box.height / height);
    onTap?.(
      map.place({
        x: width / 2 + (event.clientX - box.left - box.width / 2) / shown,
        y: height / 2 + (event.clientY - box.top - box.height / 2) / shown,
      }),
    );
  };
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" {...(onTap ? { onClick: tap } : {})}>
      <path class="way ahead" d={softLine(points)} />
      {walked.length > 1 && <path class="way" d={softLine(walked)} />}
      {points.map((p) => (
        <Disc key={p.number} {...p} plain={plain ?? false} />
      ))}
      {me && <Me {...map.point(me)} radius={Math.min(me.accuracy_m * map.scale, 60)} />}
      {pin && <Pin {...map.point(pin)} />}
      <g class="scale" transform={`translate(${width - bar.width - 14} ${height - 12})`}>
        <path d={`M0-5V0H${bar.width.toFixed(1)}V-5`} />
        <text x={bar.width / 2} y="-8">
          {scaleWord(bar.metres)}
        </text>
      </g>
    </svg>
  );
}

function Disc({
  x,
  y,
  number,
  state,
  plain,
}: {
  x: number;
  y: number;
  number: number;
  state: MapStop["state"];
  plain: boolean;
}) {
  const r = plain ? 8 : state === "here" ? 24 : 15;
  return (
    <g class={`disc ${state}`} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
      <circle r={r} />
      {!plain &&
        (state === "done" ? (
          <path d="m-6 0 4.500 5L6.500-5" />
        ) : (
          <text y={state === "here" ? 7 : 6} style={{ fontSize: state === "here" ? 21 : 17 }}>
            {number}
          </text>
        ))}
    </g>
  );
}

function Me({ x, y, radius }: { x: number; y: number; radius: number }) {
  return (
    <g class="me" transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
      {radius > 12 && <circle class="about" r={radius} />}
      <circle r="9" />
    </g>
  );
}

function Pin({ x, y }: { x: number; y: number }) {
  return (
    <g class="pin" transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
      <path d="M-16 0H16M0-16V16" />
      <circle r="6" />
    </g>
  );
}
