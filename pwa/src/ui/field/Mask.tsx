import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type Box, boxBetween, type Nudge, newBox, nudged } from "../../device/mask";
import type { Uuid } from "../../domain/wire";
import type { PhotoRow } from "../../storage/rows";
import { say } from "../parts/Live";
import { back, go, query } from "../parts/path";
import { t } from "../parts/words";
import { keep, kept } from "./kept";
import { answerPhoto, hide } from "./record";
import { Heading, Key, Note, Screen } from "./Screen";
import { observationOf, photos, walk } from "./store";
import { usePhoto } from "./Thumb";
import { cameraOff } from "./Tonight";
import { Gone } from "./What";

export function Mask({ id }: { id: Uuid }) {
  const row = photos.value.get(id);
  return row && row.passage === "draft" ? <Editor row={row} key={row.revision} /> : <Gone />;
}

/** Only addresses of our own: the link says where to go when the question is answered. */
function till(): string {
  const asked = query.value.get("till") ?? "/";
  return /^\/[a-z]/.test(asked) ? asked : "/";
}

/** Boxes outlive the app, so that a phone call in the middle of hiding somebody costs nothing. */
function remember(photo: Uuid, boxes: Box[]): void {
  const { [photo]: _, ...others } = kept.value.boxes ?? {};
  keep({ boxes: boxes.length > 0 ? { ...others, [photo]: boxes } : others });
}

/** Hide people before anything leaves the phone. Boxes are drawn with a finger, or made and moved with keys. */
function Editor({ row }: { row: PhotoRow }) {
  const url = usePhoto(row.id, row.revision);
  const boxes = useSignal<Box[]>(kept.value.boxes?.[row.id] ?? []);
  const chosen = useSignal<number | null>(null);
  const busy = useSignal(false);
  const draft = observationOf(row.of);
  const size = { width: row.width, height: row.height };
  const put = (next: Box[], index: number | null) => {
    boxes.value = next;
    chosen.value = index;
    remember(row.id, next);
  };
  const add = (box: Box) => put([...boxes.value, box], boxes.value.length);
  const move = (nudge: Nudge) => {
    const at = chosen.value;
    if (at !== null)
      put(
        boxes.value.map((box, i) => (i === at ? nudged(box, nudge, size) : box)),
        at,
      );
  };
  const away = () =>
    put(
      boxes.value.filter((_, i) => i !== chosen.value),
      boxes.value.length > 1 ? 0 : null,
    );
  const finish = async (work: () => Promise<void>, words: string) => {
    if (busy.value) return;
    busy.value = true;
    await work();
    remember(row.id, []);
    say(words);
    back(till());
  };
  const retake = walk.value && !cameraOff(walk.value) && draft;
  return (
    <Screen
      back={till()}
      foot={
        <>
          {boxes.value.length > 0 ? (
            <Key
              class="main"
              icon="check"
              onClick={() => void finish(() => hide(row.id, boxes.value), t("mask.done", { n: boxes.value.length }))}
            >
              {t("mask.save", { n: boxes.value.length })}
            </Key>
          ) : (
            <>
              {retake && (
                <Key
                  class="main"
                  icon="camera"
                  onClick={() =>
                    go(`/kamera?fynd=${draft.id}&om=${row.id}&stopp=${draft.stop ?? ""}`, { replace: true })
                  }
                >
                  {t("mask.retake")}
                </Key>
              )}
              <div class="two uneven">
                <Key class="side strong" icon="square-dashed" onClick={() => add(newBox(size))}>
                  {t("mask.yes")}
                </Key>
                <Key class="side strong" onClick={() => void finish(() => answerPhoto(row.id), t("mask.nobody"))}>
                  {t("mask.nobody")}
                </Key>
              </div>
            </>
          )}
          <p class="quiet center">{t("mask.only")}</p>
        </>
      }
    >
      <Heading>{t("mask.title")}</Heading>
      <p>{t(boxes.value.length > 0 ? "mask.adjust" : "mask.lead")}</p>
      <Canvas
        url={url}
        size={size}
        boxes={boxes.value}
        chosen={chosen.value}
        onBox={add}
        onChoose={(i) => put(boxes.value, i)}
      />
      <div class="maskkeys">
        <Key class="side" icon="square-plus" onClick={() => add(newBox(size))}>
          {t("mask.new")}
        </Key>
        {chosen.value !== null && (
          <Key class="side" icon="trash-2" onClick={away}>
            {t("mask.away")}
          </Key>
        )}
      </div>
      {chosen.value !== null && <Arrows onNudge={move} />}
      {row.masks > 0 && <Note icon="square-dashed">{t("mask.answered", { n: row.masks })}</Note>}
    </Screen>
  );
}

function Canvas(props: {
  url: string | null;
  size: { width: number; height: number };
  boxes: readonly Box[];
  chosen: number | null;
  onBox: (box: Box) => void;
  onChoose: (index: number) => void;
}) {
  const { width, height } = props.size;
  const from = useRef<{ x: number; y: number } | null>(null);
  const drawing = useSignal<Box | null>(null);
  const at = (event: PointerEvent) => {
    const shown = (event.currentTarget as SVGSVGElement).getBoundingClientRect();
    return {
      x: ((event.clientX - shown.left) / shown.width) * width,
      y: ((event.clientY - shown.top) / shown.height) * height,
    };
  };
  const down = (event: PointerEvent) => {
    (event.currentTarget as SVGSVGElement).setPointerCapture(event.pointerId);
    from.current = at(event);
  };
  const moves = (event: PointerEvent) => {
    if (from.current) drawing.value = boxBetween(from.current, at(event), props.size);
  };
  const up = (event: PointerEvent) => {
    const start = from.current;
    from.current = null;
    drawing.value = null;
    if (!start) return;
    const end = at(event);
    const box = boxBetween(start, end, props.size);
    if (box) props.onBox(box);
    else {
      const hit = props.boxes.findLastIndex((b) => inside(b, end));
      if (hit >= 0) props.onChoose(hit);
    }
  };
  return (
    <div class="maskpicture" style={{ aspectRatio: `${width} / ${height}` }}>
      {props.url && <img src={props.url} alt={t("photo.alt")} />}
      <svg
        viewBox={`0 0 ${width} ${height}`}
        aria-hidden="true"
        onPointerDown={down}
        onPointerMove={moves}
        onPointerUp={up}
        onPointerCancel={() => {
          from.current = null;
          drawing.value = null;
        }}
      >
        {props.boxes.map((box, i) => (
          <rect key={i} class={i === props.chosen ? "box chosen" : "box"} {...box} />
        ))}
        {drawing.value && <rect class="box chosen" {...drawing.value} />}
      </svg>
    </div>
  );
}

function inside(box: Box, { x, y }: { x: number; y: number }): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

const MOVES: readonly [Nudge, string][] = [
  ["left", "arrow-left"],
  ["right", "arrow-right"],
  ["up", "arrow-up"],
  ["down", "arrow-down"],
];
const SIZES: readonly Nudge[] = ["wider", "narrower", "taller", "lower"];

function Arrows({ onNudge }: { onNudge: (nudge: Nudge) => void }) {
  return (
    <div role="group" aria-label={t("mask.move")} class="arrows">
      <div class="row4">
        {MOVES.map(([nudge, icon]) => (
          <Key key={nudge} class="side" icon={icon} label={t(`nudge.${nudge}`)} onClick={() => onNudge(nudge)}>
            {""}
          </Key>
        ))}
      </div>
      <div class="two">
        {SIZES.map((nudge) => (
          <Key key={nudge} class="side" onClick={() => onNudge(nudge)}>
            {t(`nudge.${nudge}`)}
          </Key>
        ))}
      </div>
    </div>
  );
}
