import { icons } from "virtual:icons?eye,image-off,chevron-left,chevron-right";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Operation, PreviewPhoto, StepPreview, Uuid } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { asTrouble, request, type Trouble } from "../data/api";
import { Refusal } from "../data/submit";
import { refusalText, troubleText } from "../data/troubleWords";
import { dateIn, plainDate } from "../time/stockholm";

/** One answer that somebody will read: what it is about, and all that a form would send, in its order. */
export interface Read {
  id: Uuid;
  name: string;
  place: string;
  acts: readonly Pick<Operation, "type" | "entity" | "body">[];
}

export type Drawn = ReadonlyMap<Uuid, HTMLCanvasElement>;
const PAUSE_MS = 600;

interface AsReadProps {
  /** None while something is missing. Of several, one is shown at a time. */
  reads: readonly Read[];
  /** Photos that have not left this screen, as they will be sent. */
  drawn?: Drawn;
}

/** What the reader will see, made by the server with the same rules as the real answer, and with its photos. */
export function AsRead({ reads, drawn = new Map() }: AsReadProps) {
  const [at, setAt] = useState(0);
  const n = Math.min(at, reads.length - 1);
  const read = reads[n];
  const { seen, trouble } = useSeen(read);
  if (!read || (!seen && !trouble)) return null;
  return (
    <section class="box as-read" aria-label={t("texts.as_read")}>
      <p class="tag t-calm">
        <Icon drawing={icons.eye ?? ""} />
        {t(seen?.message ? "texts.as_read_group" : "texts.as_read")}
      </p>
      {reads.length > 1 && (
        <div class="spread">
          <p>
            <b>{read.name}</b>
            <span class="quiet block">{t("texts.one_of", { n: n + 1, of: reads.length })}</span>
          </p>
          <p class="acts">
            <Turn icon="chevron-left" word={t("texts.before")} disabled={n === 0} onTurn={() => setAt(n - 1)} />
            <Turn
              icon="chevron-right"
              word={t("texts.next")}
              disabled={n === reads.length - 1}
              onTurn={() => setAt(n + 1)}
            />
          </p>
        </div>
      )}
      {trouble && <p class="note">{whyNot(trouble)}</p>}
      {seen?.message && <p class="reply">{seen.message}</p>}
      {seen?.state && <Answer seen={seen} place={read.place} drawn={drawn} />}
    </section>
  );
}

function Turn(props: { icon: string; word: string; disabled: boolean; onTurn: () => void }) {
  return (
    <button type="button" class="btn square" aria-label={props.word} disabled={props.disabled} onClick={props.onTurn}>
      <Icon drawing={icons[props.icon] ?? ""} />
    </button>
  );
}

interface Found {
  seen: StepPreview | null;
  trouble: Trouble | null;
}
const NOTHING: Found = { seen: null, trouble: null };

function useSeen(read: Read | undefined): Found {
  const [found, setFound] = useState<Found>(NOTHING);
  const asked =
    read && JSON.stringify({ operations: read.acts.map(({ type, entity, body }) => ({ type, entity, body })) });
  useEffect(() => {
    if (!asked) return setFound(NOTHING);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      request<StepPreview>("POST", "/api/preview", JSON.parse(asked), abort.signal)
        .then((seen) => setFound({ seen, trouble: null }))
        .catch((error) => abort.signal.aborted || setFound({ seen: null, trouble: asTrouble(error) }));
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asked]);
  return found;
}

function whyNot({ kind, problem }: Trouble): string {
  if (kind === "offline") return t("texts.no_net");
  if (kind !== "refused" || !problem) return troubleText(kind).text;
  return t("texts.refused", { why: refusalText(new Refusal(problem.code, problem.facts)) });
}

function Answer({ seen, place, drawn }: { seen: StepPreview; place: string; drawn: Drawn }) {
  const pair = seen.before || seen.after;
  return (
    <>
      <p>
        <b>{t(`reply.${seen.state}`, { unit: seen.department ?? "" })}</b>
        {seen.planned_on && seen.state === "planned" && ` ${plainDate(dateIn(`${seen.planned_on}T12:00:00Z`))}`}
      </p>
      <p class="reply">{seen.public_text || seen.step?.text}</p>
      {pair && (
        <div class="pair">
          <Side
            photo={seen.before}
            drawn={drawn}
            name={t("task.before")}
            alt={t("task.before_alt", { place })}
            none={t("task.no_before")}
          />
          <Side
            photo={seen.after}
            drawn={drawn}
            name={t("task.after")}
            alt={t("task.after_alt", { place })}
            none={t("task.no_after")}
          />
        </div>
      )}
    </>
  );
}

interface SideProps {
  photo: PreviewPhoto | null;
  drawn: Drawn;
  name: string;
  alt: string;
  none: string;
}

function Side({ photo, drawn, name, alt, none }: SideProps) {
  const here = photo && drawn.get(photo.id);
  return (
    <figure>
      {here && <Copy of={here} alt={alt} />}
      {photo?.shown && !here && <img src={`/photos/${photo.id}?size=full`} alt={alt} />}
      {!here && !photo?.shown && (
        <p class="nophoto">
          <Icon drawing={icons["image-off"] ?? ""} size={32} />
          {photo ? t("texts.photo_on_way") : none}
        </p>
      )}
      <figcaption>
        <b>{name}</b> {photo && !photo.shown && here && t("texts.photo_on_way")}
      </figcaption>
    </figure>
  );
}

/** A copy, because the canvas itself stands where it was taken. */
function Copy({ of, alt }: { of: HTMLCanvasElement; alt: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext("2d")?.drawImage(of, 0, 0, of.width, of.height);
  }, [of]);
  return <canvas ref={canvas} width={of.width} height={of.height} role="img" aria-label={alt} />;
}
