import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Camera, openCamera, show } from "../../../device/camera";
import { uuid7 } from "../../../domain/ids";
import { dayWords, nowInstant } from "../../../domain/times";
import type { Revisit, StopBody, Uuid } from "../../../domain/wire";
import { type AnswerDraft, removeAnswer, saveAnswer } from "../../../storage/drafts";
import { sessionId } from "../../../storage/identity";
import { REVISIT } from "../../../sync/hand_in";
import { Choices } from "../../parts/Choices";
import { say } from "../../parts/Live";
import { t } from "../../parts/words";
import { Lamps } from "../Lamps";
import { Go, Heading, Key, Note, Screen } from "../Screen";
import { db, drafts, reload, stopAt, stops, walk } from "../store";
import { cameraOff } from "../Tonight";
import { Gone } from "../What";
import { oldPhoto } from "./oldPhotos";

export function revisitsAt(stop: Uuid): Revisit[] {
  return (walk.value?.revisits ?? []).filter((revisit) => revisit.stop === stop);
}

/** What its owner says is mended, at this stop: one tap for each says what stands there now. */
export function Revisits({ id }: { id: Uuid }) {
  const stop = stopAt(id);
  if (!stop) return <Gone />;
  const here = revisitsAt(id);
  const after = stops.value.find(({ number }) => number > stop.number);
  return (
    <Screen
      back="/"
      lamps={<Lamps stop={stop} />}
      foot={
        <Go class="main" to={after ? `/aterbesok/${after.id}` : "/lamna-in"}>
          {t(after ? "stop.next" : "handin.to")}
        </Go>
      }
    >
      <Heading>{t("revisit.title", { n: stop.number })}</Heading>
      {here.length === 0 && <p class="lead">{t("revisit.none")}</p>}
      {here.map((revisit) => (
        <One key={revisit.id} stop={stop} revisit={revisit} />
      ))}
    </Screen>
  );
}

type Answer = AnswerDraft["answer"];
// The three look alike: none is the expected one.
const ANSWERS: readonly Answer[] = ["yes", "unknown", "no"];

function answerTo(revisit: Revisit): AnswerDraft | null {
  const { answers } = drafts.value;
  return answers.find(({ template, item }) => template === REVISIT && item === revisit.id) ?? null;
}

async function put(stop: StopBody, revisit: Revisit, answer: Answer): Promise<void> {
  const before = answerTo(revisit);
  // The same answer again takes it away: nobody is stuck with a slip.
  if (before?.answer === answer) await removeAnswer(db, before.id);
  else {
    await saveAnswer(db, {
      id: before?.id ?? uuid7(),
      walk: walk.value?.id ?? "",
      stop: stop.id,
      template: REVISIT,
      template_version: 1,
      item: revisit.id,
      answer,
      answered_at: nowInstant(),
      mono_ms: performance.now(),
      session: sessionId(),
    });
  }
  await reload();
  say(t("chip.saved", { n: 1 }));
}

function One({ stop, revisit }: { stop: StopBody; revisit: Revisit }) {
  const question = t("revisit.question", { title: revisit.title });
  const day = revisit.done_on ? dayWords(revisit.done_on) : "";
  return (
    <article class="card revisit">
      <h2 class="lead">{revisit.title}</h2>
      <p class="quiet">{t("revisit.said", { unit: revisit.unit, day, has: day ? "yes" : "no" })}</p>
      {revisit.said && <p>{revisit.said}</p>}
      {revisit.before && <Old id={revisit.before} title={revisit.title} />}
      <Choices
        label={question}
        chosen={answerTo(revisit)?.answer ?? null}
        options={ANSWERS.map((value) => ({ value, word: t(`revisit.${value}`) }))}
        onChoose={(answer) => void put(stop, revisit, answer)}
      />
    </article>
  );
}

/** The old photo; and, when asked for, as a ghost before what the camera sees now. Nothing is taken by it. */
function Old({ id, title }: { id: Uuid; title: string }) {
  const url = useSignal<string | null>(null);
  const comparing = useSignal(false);
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    void oldPhoto(id).then((found) => {
      if (!found || gone) return;
      made = URL.createObjectURL(found);
      url.value = made;
    });
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [id]);
  if (!url.value) return <p class="quiet">{t("revisit.nophoto")}</p>;
  const camera = walk.value !== null && !cameraOff(walk.value);
  return (
    <>
      {comparing.value ? (
        <Ghost old={url.value} title={title} />
      ) : (
        <img class="oldphoto" src={url.value} alt={t("revisit.before", { title })} />
      )}
      {camera && (
        <Key
          class="side"
          icon="camera"
          onClick={() => {
            comparing.value = !comparing.value;
          }}
        >
          {t(comparing.value ? "revisit.stop_comparing" : "revisit.compare")}
        </Key>
      )}
    </>
  );
}

function Ghost({ old, title }: { old: string; title: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const trouble = useSignal(false);
  useEffect(() => {
    let camera: Camera | null = null;
    let gone = false;
    openCamera().then(
      (opened) => {
        if (gone) opened.close();
        else {
          camera = opened;
          if (video.current) show(opened, video.current);
        }
      },
      () => {
        trouble.value = true;
      },
    );
    return () => {
      gone = true;
      camera?.close();
    };
  }, []);
  return (
    <div class="ghost">
      {trouble.value ? (
        <Note icon="camera-off">{t("revisit.nocamera")}</Note>
      ) : (
        <video ref={video} autoplay muted playsInline aria-label={t("finder.picture")} />
      )}
      <img src={old} alt={t("revisit.before", { title })} />
    </div>
  );
}
