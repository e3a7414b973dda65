import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Nudge } from "../../device/mask";
import type { Uuid } from "../../domain/wire";
import { StorageFull } from "../../storage/database";
import type { PhotoRow } from "../../storage/rows";
import { say } from "../parts/Live";
import { back, go, path, query } from "../parts/path";
import { t } from "../parts/words";
import { MaskPicture } from "./MaskPicture";
import { type Masks, useBoxes } from "./masks";
import { answerPhoto, hide } from "./record";
import { Heading, Key, Note, Screen } from "./Screen";
import { observationOf, photos, trouble, walk } from "./store";
import { usePhoto } from "./Thumb";
import { cameraOff } from "./Tonight";
import { Gone } from "./What";

export function Mask({ id }: { id: Uuid }) {
  const row = photos.value.get(id);
  // Outlives the editor, which begins anew with the picture as it is now.
  const changed = useSignal<Uuid | null>(null);
  const onChanged = () => {
    changed.value = id;
    say(t("mask.changed"));
  };
  if (row?.passage !== "draft") return <Gone />;
  return <Editor row={row} key={row.revision} isChanged={changed.value === id} onChanged={onChanged} />;
}

/** Only addresses of our own: the link says where to go when the question is answered. */
function till(): string {
  const asked = query.value.get("till") ?? "/";
  return /^\/[a-z]/.test(asked) ? asked : "/";
}

/** Hide people before anything leaves the phone. Boxes are drawn with a finger, or made and moved with keys. */
function Editor({ row, isChanged, onChanged }: { row: PhotoRow; isChanged: boolean; onChanged: () => void }) {
  const url = usePhoto(row.id, row.revision);
  const masks = useBoxes(row);
  const { boxes, chosen } = masks;
  const picture = useRef<HTMLDivElement>(null);
  const busy = useSignal(false);
  useFocusKept(picture, [boxes.length, masks.suggested.length, chosen, masks.undo === null, busy.value]);
  const finish = async (work: () => Promise<boolean>, words: string) => {
    if (busy.value) return;
    busy.value = true;
    say(t("mask.busy"));
    const to = till();
    try {
      const done = await work();
      // Whoever has left meanwhile is told nothing, and led nowhere, on another screen.
      if (path.value !== `/foto/${row.id}`) return;
      // Another tab may have masked it: then this one shows it as it is now, and the question is asked anew.
      if (!done) return onChanged();
      say(words);
      back(to);
    } catch (error) {
      trouble.value = error instanceof StorageFull ? "full" : "failed";
    } finally {
      busy.value = false;
    }
  };
  return (
    <Screen
      back={till()}
      busy={busy.value}
      foot={
        <>
          {/* Always above the main key: whoever taps twice meets the next question, and never *Klar* or *Ingen*. */}
          {masks.suggested.length > 0 && <Question masks={masks} />}
          {boxes.length > 0 ? (
            <Key
              class="main"
              icon="check"
              onClick={() => void finish(() => hide(row, boxes), t("mask.done", { n: boxes.length }))}
            >
              {t("mask.save", { n: boxes.length })}
            </Key>
          ) : masks.suggested.length > 0 ? (
            <Retake row={row} />
          ) : (
            <>
              <Retake row={row} />
              <div class="two uneven">
                <Key class="side strong" icon="square-dashed" onClick={masks.another}>
                  {t("mask.yes")}
                </Key>
                <Key class="side strong" onClick={() => void finish(() => answerPhoto(row), t("mask.nobody"))}>
                  {t("mask.nobody")}
                </Key>
              </div>
            </>
          )}
          <p class="quiet center">{t(busy.value ? "mask.busy" : boxes.length > 0 ? "mask.final" : "mask.only")}</p>
        </>
      }
    >
      <Heading>{t("mask.title")}</Heading>
      <p>{t(masks.suggested.length > 0 ? "mask.phone" : boxes.length > 0 ? "mask.adjust" : "mask.lead")}</p>
      {isChanged && <Note icon="square-dashed">{t("mask.changed")}</Note>}
      <MaskPicture url={url} masks={masks} at={picture} />
      <div class="maskkeys">
        <Key class="side" icon="square-plus" onClick={masks.another}>
          {t("mask.new")}
        </Key>
        {chosen !== null && (
          <Key class="side" icon="trash-2" onClick={masks.away}>
            {t("mask.away")}
          </Key>
        )}
        {masks.undo && (
          <Key class="side" icon="undo-2" onClick={masks.undo}>
            {t("undo")}
          </Key>
        )}
      </div>
      {boxes.length > 1 && <Which masks={masks} />}
      {chosen !== null && <Arrows onNudge={masks.nudge} />}
      {row.masks > 0 && <Note icon="square-dashed">{t("mask.answered", { n: row.masks })}</Note>}
    </Screen>
  );
}

/** About the dashed one named in the picture. Both answers look alike. */
function Question({ masks }: { masks: Masks }) {
  return (
    <div class="question" role="group" aria-label={t("mask.asked", { n: masks.suggested.length })}>
      <Key class="side strong" icon="check" onClick={masks.agree}>
        {t("mask.agree")}
      </Key>
      <Key class="side strong" icon="x" onClick={masks.decline}>
        {t("mask.decline")}
      </Key>
    </div>
  );
}

/** Whoever pressed a key that is no longer there goes on at the picture, not at the top of the page. */
function useFocusKept(picture: { readonly current: HTMLDivElement | null }, when: readonly unknown[]): void {
  const isShown = useRef(false);
  useEffect(() => {
    if (isShown.current && document.activeElement === document.body) picture.current?.focus({ preventScroll: true });
    isShown.current = true;
  }, when);
}

function Retake({ row }: { row: PhotoRow }) {
  const draft = observationOf(row.of);
  if (!draft || !walk.value || cameraOff(walk.value)) return null;
  const again = () => go(`/kamera?fynd=${draft.id}&om=${row.id}&stopp=${draft.stop ?? ""}`, { replace: true });
  return (
    <Key class="main" icon="camera" onClick={again}>
      {t("mask.retake")}
    </Key>
  );
}

/** The boxes by name: who cannot point at one chooses it here. */
function Which({ masks }: { masks: Masks }) {
  return (
    <div role="group" aria-label={t("mask.which")} class="maskkeys">
      {masks.boxes.map((_, i) => (
        <Key
          key={i}
          class={i === masks.chosen ? "choice on" : "choice"}
          pressed={i === masks.chosen}
          onClick={() => masks.choose(i)}
        >
          {t("mask.box", { n: i + 1 })}
        </Key>
      ))}
    </div>
  );
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
