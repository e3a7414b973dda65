import { useSignal } from "@preact/signals";
import type { Ref } from "preact";
import { useRef } from "preact/hooks";
import { type Box, boxBetween, moved, type Nudge, type Size, stretched } from "../../device/mask";
import { t } from "../parts/words";
import type { Masks } from "./masks";

interface Point {
  x: number;
  y: number;
}
/** What a finger began: a new box, or carrying or pulling the chosen one. */
type Gesture = { from: Point; box: Box | null; pulls: boolean };

/** A finger's width on the screen, in CSS pixels: so near a corner counts as on it. */
const NEAR = 24;

interface Props {
  url: string | null;
  masks: Masks;
  /** Where the focus goes when the key that had it is no longer there. */
  at: Ref<HTMLDivElement>;
}

/** The photo with its boxes. Drag to draw; drag in the chosen box to move it, by its corner to change its size. */
export function MaskPicture({ url, masks, at: picture }: Props) {
  const { boxes, chosen, size, suggested } = masks;
  const gesture = useRef<Gesture | null>(null);
  const drawn = useSignal<Box | null>(null);
  const at = (event: PointerEvent): Point & { near: number } => {
    const shown = (event.currentTarget as SVGSVGElement).getBoundingClientRect();
    const scale = size.width / shown.width;
    return { x: (event.clientX - shown.left) * scale, y: (event.clientY - shown.top) * scale, near: NEAR * scale };
  };
  const down = (event: PointerEvent) => {
    (event.currentTarget as SVGSVGElement).setPointerCapture(event.pointerId);
    const from = at(event);
    const box = boxes[chosen ?? -1] ?? null;
    const pulls = box !== null && isNearCorner(box, from, from.near);
    gesture.current = { from, pulls, box: box && (pulls || inside(box, from)) ? box : null };
  };
  const made = (to: Point): Box | null => {
    const { from, box, pulls } = gesture.current as Gesture;
    if (!box) return boxBetween(from, to, size);
    // A tap that trembles moves nothing.
    if (!boxBetween(from, to, size) && Math.hypot(to.x - from.x, to.y - from.y) < size.width / 100) return null;
    return pulls ? stretched(box, to, size) : moved(box, { x: to.x - from.x, y: to.y - from.y }, size);
  };
  const moves = (event: PointerEvent) => {
    if (gesture.current) drawn.value = made(at(event));
  };
  const up = (event: PointerEvent) => {
    if (!gesture.current) return;
    const end = at(event);
    const box = made(end);
    const isOld = gesture.current.box !== null;
    leave();
    if (box && isOld) masks.change(box);
    else if (box) masks.add(box);
    else {
      const hit = boxes.findLastIndex((b) => inside(b, end));
      if (hit >= 0) masks.choose(hit);
    }
  };
  const leave = () => {
    gesture.current = null;
    drawn.value = null;
  };
  const held = drawn.value !== null && gesture.current?.box != null;
  const active = drawn.value ?? boxes[chosen ?? -1];
  return (
    <div
      ref={picture}
      class="maskpicture"
      role="group"
      aria-label={t("mask.picture")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys are for who cannot draw with a finger.
      tabIndex={0}
      style={{ aspectRatio: `${size.width} / ${size.height}` }}
      onKeyDown={(event) => onKey(event, masks)}
    >
      {url && <img src={url} alt={t("photo.alt")} />}
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        aria-hidden="true"
        onPointerDown={down}
        onPointerMove={moves}
        onPointerUp={up}
        onPointerCancel={leave}
      >
        {boxes.map((box, i) =>
          i === chosen && held ? null : <rect key={i} class={i === chosen ? "box chosen" : "box"} {...box} />,
        )}
        {suggested.map((box, i) => (
          <Suggested key={i} box={box} isAsked={i === 0} photo={size} />
        ))}
        {drawn.value && <rect class="box chosen" {...drawn.value} />}
        {active && (
          <circle class="corner" cx={active.x + active.width} cy={active.y + active.height} r={size.width / 45} />
        )}
      </svg>
    </div>
  );
}

/** A question round a whole person: the picture shows through, and a finger goes through it too. */
function Suggested({ box, isAsked, photo }: { box: Box; isAsked: boolean; photo: Size }) {
  const high = photo.width / 13;
  const wide = high * 3.6;
  // Above the box where there is room, otherwise within it; never outside the picture.
  const y = box.y >= high * 1.2 ? box.y - high * 1.2 : box.y + high * 0.2;
  const x = Math.min(Math.max(0, box.x + (box.width - wide) / 2), photo.width - wide);
  return (
    <g class={isAsked ? "suggested asked" : "suggested"}>
      <rect {...box} />
      {isAsked && (
        <>
          <rect class="tag" x={x} y={y} width={wide} height={high} rx={high / 6} />
          <text x={x + wide / 2} y={y + high * 0.68} font-size={high * 0.58}>
            {t("mask.person")}
          </text>
        </>
      )}
    </g>
  );
}

const KEYS: Readonly<Record<string, readonly [Nudge, Nudge]>> = {
  ArrowLeft: ["left", "narrower"],
  ArrowRight: ["right", "wider"],
  ArrowUp: ["up", "lower"],
  ArrowDown: ["down", "taller"],
};

/** Arrows move, with Shift they change the size; N makes one, Delete takes it away, Ctrl and Z undo. */
function onKey(event: KeyboardEvent, masks: Masks): void {
  const nudges = KEYS[event.key];
  if (nudges && masks.chosen !== null) masks.nudge(nudges[event.shiftKey ? 1 : 0]);
  else if (event.key === "Delete" || event.key === "Backspace") masks.away();
  else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) masks.undo?.();
  else if (event.key.toLowerCase() === "n" && !event.ctrlKey && !event.metaKey) masks.another();
  else return;
  event.preventDefault();
}

function inside(box: Box, { x, y }: Point): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

function isNearCorner(box: Box, { x, y }: Point, near: number): boolean {
  return Math.hypot(x - box.x - box.width, y - box.y - box.height) <= near;
}
