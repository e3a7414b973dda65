import { icons } from "virtual:icons?camera,x";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type Camera, hasPicture, NoCamera, openCamera, show } from "../../../device/camera";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { within } from "./reencode";

interface GhostProps {
  /** Address of the photo from before; null when there is none to stand by. */
  before: string | null;
  onTaken: (canvas: HTMLCanvasElement) => void;
  onClose: () => void;
}

const FIRST_STRENGTH = 45;

/** The camera with the old photo over it, half seen through: whoever stands right gets the same frame. */
export function Ghost({ before, onTaken, onClose }: GhostProps) {
  const box = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const old = useRef<HTMLImageElement>(null);
  const camera = useRef<Camera | null>(null);
  const [trouble, setTrouble] = useState<NoCamera["trouble"] | null>(null);
  const [strength, setStrength] = useState(FIRST_STRENGTH);
  const slider = useId();

  useEffect(() => {
    box.current?.showModal();
    let closed = false;
    openCamera()
      .then((opened) => {
        if (closed || !video.current) return opened.close();
        camera.current = opened;
        show(opened, video.current);
      })
      .catch((error) => setTrouble(error instanceof NoCamera ? error.trouble : "none"));
    return () => {
      closed = true;
      camera.current?.close();
    };
  }, []);
  // Set by property: a style attribute is not let through by the page's own rules.
  useEffect(() => {
    if (old.current) old.current.style.opacity = `${strength / 100}`;
  }, [strength, before]);

  async function take() {
    const from = video.current;
    if (!from || from.videoWidth === 0) return;
    await hasPicture(from);
    const size = within(from.videoWidth, from.videoHeight);
    const canvas = document.createElement("canvas");
    canvas.width = size.width;
    canvas.height = size.height;
    canvas.getContext("2d")?.drawImage(from, 0, 0, size.width, size.height);
    onTaken(canvas);
    box.current?.close();
  }

  return (
    <dialog ref={box} class="ghost" aria-label={t("ghost.title")} onClose={onClose}>
      <div class="ghost-frame">
        <video ref={video} autoPlay playsInline muted aria-label={t("ghost.camera")} />
        {before && <img ref={old} src={before} alt={t("ghost.before")} />}
      </div>
      {trouble && (
        <p class="note" role="alert">
          {t(`ghost.${trouble}`)}
        </p>
      )}
      {before && (
        <label class="ghost-strength" for={slider}>
          {t("ghost.strength")}
          <input
            id={slider}
            type="range"
            min={0}
            max={90}
            step={5}
            value={strength}
            onInput={(event) => setStrength(Number(event.currentTarget.value))}
          />
        </label>
      )}
      <p class="acts">
        <button type="button" class="btn go tall" disabled={trouble !== null} onClick={() => void take()}>
          <Icon drawing={icons.camera ?? ""} />
          {t("ghost.take")}
        </button>
        <button type="button" class="btn" onClick={() => box.current?.close()}>
          <Icon drawing={icons.x ?? ""} />
          {t("act.close")}
        </button>
      </p>
    </dialog>
  );
}
