import { icons } from "virtual:icons?camera,image-plus,layers-2,trash-2,badge-check";
import { useRef, useState } from "preact/hooks";
import { sha256, uuid7 } from "../../../domain/ids";
import { nowInstant } from "../../../domain/times";
import type { Uuid } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { submit } from "../data/submit";
import { Ghost } from "./Ghost";
import { drawn, jpegOf, NotAPhoto } from "./reencode";

export interface Uploaded {
  id: Uuid;
}

type Stage =
  | { at: "idle" }
  | { at: "look" }
  | { at: "sending"; share: number }
  | { at: "there" }
  | { at: "failed"; text: string };

/** A photo of the work: looked at by the one who took it before it leaves, then sent with its progress shown. */
export function AfterPhoto({
  task,
  before,
  photos,
  onPhotos,
}: {
  task: Uuid;
  /** Address of the photo from before, to stand by when the new one is taken. */
  before: string | null;
  photos: Uploaded[];
  onPhotos: (photos: Uploaded[]) => void;
}) {
  const [stage, setStage] = useState<Stage>({ at: "idle" });
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const made = useRef<{ id: Uuid; bytes: ArrayBuffer; declared: boolean } | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [ghost, setGhost] = useState(false);

  function look(picture: HTMLCanvasElement) {
    canvas.current = picture;
    made.current = null;
    setStage({ at: "look" });
    // The canvas itself is the preview: no second copy of the picture, and no address that outlives the page.
    requestAnimationFrame(() => canvas.current && frame.current?.replaceChildren(canvas.current));
  }

  async function pick(event: Event) {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    try {
      look(await drawn(file));
    } catch {
      setStage({ at: "failed", text: t("photo.not_a_photo") });
    }
  }

  async function send() {
    const picture = canvas.current;
    if (!picture) return;
    setStage({ at: "sending", share: 0 });
    try {
      made.current ??= { id: uuid7(), bytes: await jpegOf(picture), declared: false };
      const { id, bytes } = made.current;
      const digest = await sha256(bytes);
      if (!made.current.declared) {
        await submit(
          operation("photo.declare", id, {
            of: { kind: "task", id: task },
            role: "after",
            sha256: digest,
            bytes: bytes.byteLength,
            media_type: "image/jpeg",
            width: picture.width,
            height: picture.height,
            masks: 0,
            taken_at: nowInstant(),
          }),
        );
        made.current.declared = true;
      }
      const { upload } = await import("./upload");
      await upload({ id, bytes, sha256: digest, onShare: (share) => setStage({ at: "sending", share }) });
      onPhotos([...photos, { id }]);
      setStage({ at: "there" });
    } catch (error) {
      setStage({ at: "failed", text: t(error instanceof NotAPhoto ? "photo.not_a_photo" : "photo.failed") });
    }
  }

  const again = stage.at === "failed" && canvas.current;
  return (
    <div class="field-row afterphoto">
      <p class="field-label">{t("photo.label")}</p>
      {stage.at !== "sending" && stage.at !== "there" && (
        <div class="acts">
          <button type="button" class="btn" onClick={() => setGhost(true)}>
            <Icon drawing={icons[before ? "layers-2" : "camera"] ?? ""} />
            {t(before ? "photo.same_frame" : "photo.viewfinder")}
          </button>
          <FileButton icon="camera" word={t("photo.take")} camera onPick={pick} />
          <FileButton icon="image-plus" word={t("photo.choose")} onPick={pick} />
        </div>
      )}
      {ghost && <Ghost before={before} onTaken={look} onClose={() => setGhost(false)} />}
      <div ref={frame} class="preview" hidden={stage.at === "idle"} />
      {stage.at === "look" && (
        <>
          <p class="note">{t("photo.look")}</p>
          <p class="acts">
            <button type="button" class="btn go" onClick={() => void send()}>
              {t("photo.use")}
            </button>
          </p>
        </>
      )}
      <div aria-live="polite">
        {stage.at === "sending" && (
          <p class="tag t-move">
            <progress max={100} value={Math.round(stage.share * 100)} aria-label={t("photo.sending")} />
            {t("photo.share", { n: Math.round(stage.share * 100) })}
          </p>
        )}
        {stage.at === "there" && (
          <p class="tag t-calm">
            <Icon drawing={icons["badge-check"] ?? ""} />
            {t("photo.there")}
          </p>
        )}
        {stage.at === "failed" && <p class="error">{stage.text}</p>}
      </div>
      {again && (
        <button type="button" class="btn" onClick={() => void send()}>
          {t("act.again")}
        </button>
      )}
      {stage.at === "there" && (
        <button
          type="button"
          class="btn"
          onClick={() => {
            onPhotos(photos.filter((photo) => photo.id !== made.current?.id));
            setStage({ at: "idle" });
          }}
        >
          <Icon drawing={icons["trash-2"] ?? ""} />
          {t("photo.another")}
        </button>
      )}
    </div>
  );
}

function FileButton({
  icon,
  word,
  camera,
  onPick,
}: {
  icon: string;
  word: string;
  camera?: boolean;
  onPick: (event: Event) => void;
}) {
  return (
    <label class="btn file">
      <Icon drawing={icons[icon] ?? ""} />
      {word}
      <input
        class="sr"
        type="file"
        accept="image/*"
        {...(camera ? { capture: "environment" as const } : {})}
        onChange={onPick}
      />
    </label>
  );
}
