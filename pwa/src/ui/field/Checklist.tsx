import { useEffect } from "preact/hooks";
import { uuid7 } from "../../domain/ids";
import { nowInstant } from "../../domain/times";
import type { StopBody, TemplateState, Uuid } from "../../domain/wire";
import { type AnswerDraft, removeAnswer, saveAnswer, saveObservation } from "../../storage/drafts";
import { sessionId } from "../../storage/identity";
import { Choices } from "../parts/Choices";
import { say } from "../parts/Live";
import { go } from "../parts/path";
import { t } from "../parts/words";
import { feelingIsDone } from "./Feeling";
import { keep } from "./kept";
import { Lamps } from "./Lamps";
import { begun } from "./record";
import { Go, Heading, Key, Screen } from "./Screen";
import { db, drafts, reload, stopAt, stops, templateOf, walk } from "./store";
import { cameraOff } from "./Tonight";
import { Gone } from "./What";

type Question = TemplateState["items"][number];
type Answer = AnswerDraft["answer"];

/** The checklist of a stop. The feeling always comes before it. */
export function Checklist({ id }: { id: Uuid }) {
  const stop = stopAt(id);
  const first = stop !== null && !feelingIsDone(id);
  useEffect(() => {
    if (first) go(`/kansla/${id}`, { replace: true });
  }, [first]);
  if (!stop) return <Gone />;
  if (first) return null;
  const template = templateOf(stop);
  return template ? <List stop={stop} template={template} /> : <NoList stop={stop} />;
}

function answerTo(stop: StopBody, item: string) {
  return drafts.value.answers.find((answer) => answer.stop === stop.id && answer.item === item) ?? null;
}

async function put(stop: StopBody, template: TemplateState, item: Question, answer: Answer): Promise<void> {
  const before = answerTo(stop, item.code);
  // The same answer again takes it away: nobody is stuck with a slip.
  if (before?.answer === answer) await removeAnswer(db, before.id);
  else {
    await saveAnswer(db, {
      id: before?.id ?? uuid7(),
      walk: walk.value?.id ?? "",
      stop: stop.id,
      template: template.id,
      template_version: template.version,
      item: item.code,
      answer,
      answered_at: nowInstant(),
      mono_ms: performance.now(),
      session: sessionId(),
    });
  }
  await reload();
  say(t("chip.saved", { n: 1 }));
}

function List({ stop, template }: { stop: StopBody; template: TemplateState }) {
  const answered = template.items.filter((item) => answerTo(stop, item.code)).length;
  return (
    <Screen
      back={`/kansla/${stop.id}`}
      lamps={<Lamps stop={stop} />}
      foot={<Foot stop={stop} done={answered === template.items.length} />}
    >
      <div class="listhead">
        <div>
          <Heading class="list">{template.name}</Heading>
          <p class="quiet">{t("checklist.answered", { n: answered, all: template.items.length })}</p>
        </div>
        {answered < template.items.length && (
          <Key class="side slim" onClick={() => onwards(stop)}>
            {t("checklist.skip")}
          </Key>
        )}
      </div>
      <ol class="questions">
        {template.items.map((item) => (
          <Row key={item.code} stop={stop} template={template} item={item} />
        ))}
      </ol>
    </Screen>
  );
}

const ANSWERS: readonly Answer[] = ["yes", "no", "unknown"];

function Row({ stop, template, item }: { stop: StopBody; template: TemplateState; item: Question }) {
  const chosen = answerTo(stop, item.code)?.answer ?? null;
  const found = drafts.value.observations.filter((o) => o.stop === stop.id && o.checklist_item === item.code);
  const taken = found.reduce((sum, o) => sum + o.photos.length, 0);
  const last = found.at(-1);
  const camera = walk.value !== null && !cameraOff(walk.value);
  const photo = last ? `/kamera?fynd=${last.id}&stopp=${stop.id}` : `/kamera?stopp=${stop.id}&fraga=${item.code}`;
  const note = async () => {
    const draft = last ?? begun(stop, { item: item.code, category: item.category });
    if (!last) await saveObservation(db, draft);
    await reload();
    go(`/fynd/${draft.id}/mer`);
  };
  return (
    <li>
      <h2 class="q spread">
        {item.question}
        {taken > 0 && <span class="quiet">{t("photos.n", { n: taken })}</span>}
      </h2>
      <Choices
        label={item.question}
        chosen={chosen}
        options={ANSWERS.map((value) => ({ value, word: t(`answer.${value}`) }))}
        onChoose={(answer) => void put(stop, template, item, answer)}
      />
      {chosen === "no" && (
        <div class={camera ? "two after" : "after"}>
          {camera && (
            <Go class="side" to={photo} icon="camera">
              {t(taken > 0 ? "photo.more" : "photograph")}
            </Go>
          )}
          <Key class="side" icon="pencil-line" onClick={() => void note()}>
            {t("note")}
          </Key>
        </div>
      )}
    </li>
  );
}

function onwards(stop: StopBody): void {
  const after = stops.value.find(({ number }) => number > stop.number);
  if (after) keep({ stop: after.id });
  go(after ? "/" : "/lamna-in");
}

function Foot({ stop, done }: { stop: StopBody; done: boolean }) {
  const last = stops.value.at(-1)?.id === stop.id;
  const camera = walk.value !== null && !cameraOff(walk.value);
  const next = (
    <Key class={done ? "main" : "side strong"} onClick={() => onwards(stop)}>
      {t(last ? "handin.to" : "stop.next")}
    </Key>
  );
  const photo = camera ? (
    <Go class={done ? "side strong" : "main"} to={`/kamera?stopp=${stop.id}`} icon="camera">
      {t("photograph")}
    </Go>
  ) : (
    <Go class={done ? "side strong" : "main"} to={`/notera?stopp=${stop.id}`} icon="pencil-line">
      {t("note")}
    </Go>
  );
  return (
    <div class="two">
      {photo}
      {next}
    </div>
  );
}

/** A stop of a kind without questions of its own. */
function NoList({ stop }: { stop: StopBody }) {
  return (
    <Screen back={`/kansla/${stop.id}`} lamps={<Lamps stop={stop} />} foot={<Foot stop={stop} done />}>
      <Heading>{stop.name}</Heading>
      <p class="lead">{t("checklist.none")}</p>
    </Screen>
  );
}
