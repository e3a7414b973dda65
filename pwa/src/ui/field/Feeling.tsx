import { useSignal } from "@preact/signals";
import { uuid7 } from "../../domain/ids";
import { nowInstant } from "../../domain/times";
import type { Feeling as Felt, StopBody, Uuid } from "../../domain/wire";
import { saveFeeling } from "../../storage/drafts";
import { sessionId } from "../../storage/identity";
import { Icon } from "../parts/Icon";
import { say } from "../parts/Live";
import { go } from "../parts/path";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { keep, kept } from "./kept";
import { Lamps } from "./Lamps";
import { Go, Heading, Key, Screen } from "./Screen";
import { db, drafts, items, reload, stopAt, walk } from "./store";
import { Gone } from "./What";

export const FEELINGS: readonly [Felt, string][] = [
  ["safe", "smile"],
  ["neither", "meh"],
  ["unsafe", "frown"],
];

export function feelingAt(stop: Uuid) {
  return drafts.value.feelings.find((feeling) => feeling.stop === stop) ?? null;
}

/** Answered, handed in, or passed over: then the checklist may come. */
export function feelingIsDone(stop: Uuid): boolean {
  return (
    feelingAt(stop) !== null ||
    (kept.value.passed ?? []).includes(stop) ||
    items.value.some((item) => item.kind === "feeling" && item.stop === stop && item.passage !== "draft")
  );
}

/** The feeling first, silently; who writes it down is the leader's choice. */
export function Feeling({ id }: { id: Uuid }) {
  const stop = stopAt(id);
  if (!stop || !walk.value) return <Gone />;
  if (items.value.some((item) => item.kind === "feeling" && item.stop === id && item.passage !== "draft")) {
    return <Answered stop={stop} />;
  }
  if (walk.value.recording === "own_phones") return <Own stop={stop} />;
  if (kept.value.records === undefined) return <WhoRecords stop={stop} />;
  if (!kept.value.records) return <Told stop={stop} />;
  return kept.value.people ? <Counts stop={stop} people={kept.value.people} /> : <HowMany stop={stop} />;
}

function pass(stop: StopBody): void {
  keep({ stop: stop.id, passed: [...new Set([...(kept.value.passed ?? []), stop.id])] });
}

function Onwards({ stop }: { stop: StopBody }) {
  return (
    <div class="two">
      <Go class="side strong" to={`/notera?stopp=${stop.id}`} icon="pencil-line">
        {t("note")}
      </Go>
      <Go class="main" to={`/checklista/${stop.id}`}>
        {t("onwards")}
      </Go>
    </div>
  );
}

function Talk() {
  return (
    <div class="card talk">
      <h2 class="q">{t("talk.now")}</h2>
      <p class="lead">{t("talk.avoid")}</p>
      <p class="lead">{t("talk.alone")}</p>
    </div>
  );
}

async function save(stop: StopBody, said: { own: Felt | null; counts: Record<Felt, number> | null }): Promise<void> {
  keep({ stop: stop.id });
  await saveFeeling(db, {
    id: feelingAt(stop.id)?.id ?? uuid7(),
    walk: walk.value?.id ?? "",
    stop: stop.id,
    felt_at: nowInstant(),
    mono_ms: performance.now(),
    session: sessionId(),
    ...said,
  });
  await reload();
  say(t("chip.saved", { n: 1 }));
}

let counting: Promise<void> = Promise.resolve();

/** One tap at a time, each on what the one before it left: fast thumbs count right. */
function count(stop: StopBody, feeling: Felt, by: 1 | -1): void {
  const mine = counting.then(async () => {
    const counts = feelingAt(stop.id)?.counts ?? NONE;
    await save(stop, { own: null, counts: { ...counts, [feeling]: Math.max(0, counts[feeling] + by) } });
  });
  counting = mine.catch(() => undefined); // one that could not be saved is told of, and holds up none after it
}

function Own({ stop }: { stop: StopBody }) {
  const chosen = feelingAt(stop.id)?.own ?? null;
  const skip = () => {
    pass(stop);
    go(`/checklista/${stop.id}`);
  };
  return (
    <Screen
      back="/"
      lamps={<Lamps stop={stop} />}
      foot={
        chosen ? (
          <Onwards stop={stop} />
        ) : (
          <Key class="link" onClick={skip}>
            {t("skip")}
          </Key>
        )
      }
    >
      <p class="kick lead">{stop.name}</p>
      <Heading class="big">{t("feeling.question")}</Heading>
      <p class="lead">{t("feeling.silent")}</p>
      <div class="feelings" role="group" aria-label={t("feeling.question")}>
        {FEELINGS.map(([feeling, icon]) => (
          <Key
            key={feeling}
            class={chosen === feeling ? "choice feel on" : "choice feel"}
            icon={icon}
            pressed={chosen === feeling}
            onClick={() => void save(stop, { own: feeling, counts: null })}
          >
            {t(`feeling.${feeling}`)}
          </Key>
        ))}
      </div>
      {chosen && <Talk />}
    </Screen>
  );
}

function Answered({ stop }: { stop: StopBody }) {
  return (
    <Screen back="/" lamps={<Lamps stop={stop} />} foot={<Onwards stop={stop} />}>
      <p class="kick lead">{stop.name}</p>
      <Heading>{t("feeling.handedin")}</Heading>
      <Talk />
    </Screen>
  );
}

/** With one recorder nobody is counted twice: only one phone writes the feelings down. */
function WhoRecords({ stop }: { stop: StopBody }) {
  return (
    <Screen back="/" lamps={<Lamps stop={stop} />}>
      <p class="kick lead">{stop.name}</p>
      <Heading>{t("recorder.question")}</Heading>
      <p class="lead">{t("recorder.lead")}</p>
      <div class="feelings">
        <Key class="choice feel" onClick={() => keep({ records: true })}>
          {t("recorder.me")}
        </Key>
        <Key class="choice feel" onClick={() => keep({ records: false })}>
          {t("recorder.other")}
        </Key>
      </div>
    </Screen>
  );
}

function Told({ stop }: { stop: StopBody }) {
  const on = () => {
    pass(stop);
    go(`/checklista/${stop.id}`);
  };
  return (
    <Screen
      back="/"
      lamps={<Lamps stop={stop} />}
      foot={
        <Key class="main" onClick={on}>
          {t("onwards")}
        </Key>
      }
    >
      <p class="kick lead">{stop.name}</p>
      <Heading class="big">{t("feeling.question")}</Heading>
      <p class="lead">{t("recorder.show")}</p>
      <Key class="link inline" onClick={() => keep({ records: true })}>
        {t("recorder.me")}
      </Key>
    </Screen>
  );
}

function Stepper(props: { value: number; word: string; icon: string; onStep: (by: 1 | -1) => void }) {
  return (
    <li>
      <Icon drawing={drawing(props.icon)} />
      <span>{props.word}</span>
      <Key class="side" icon="minus" label={t("count.fewer", { word: props.word })} onClick={() => props.onStep(-1)}>
        {""}
      </Key>
      <output class="num">{props.value}</output>
      <Key class="side" icon="plus" label={t("count.more", { word: props.word })} onClick={() => props.onStep(1)}>
        {""}
      </Key>
    </li>
  );
}

/** As many as one tap can say; the sixteenth key is for bigger groups. */
const FEW: readonly number[] = Array.from({ length: 15 }, (_, i) => i + 1);

function HowMany({ stop }: { stop: StopBody }) {
  // Null until somebody has said it: no number is suggested, least of all how many phones have joined.
  const more = useSignal<number | null>(null);
  const n = more.value;
  return (
    <Screen
      back="/"
      lamps={<Lamps stop={stop} />}
      foot={
        n !== null && (
          <Key class="main" onClick={() => keep({ people: n })}>
            {t("counts.weare", { n })}
          </Key>
        )
      }
    >
      <p class="kick">{stop.name}</p>
      <Heading>{t("people.question")}</Heading>
      <p class="lead">{t("people.lead")}</p>
      {n === null ? (
        <div class="row4 howmany num" role="group" aria-label={t("people.question")}>
          {FEW.map((few) => (
            <Key key={few} class="choice" onClick={() => keep({ people: few })}>
              {few}
            </Key>
          ))}
          <Key
            class="choice"
            onClick={() => {
              more.value = FEW.length + 1;
            }}
          >
            {t("people.more")}
          </Key>
        </div>
      ) : (
        <ul class="counts">
          <Stepper
            icon="users"
            value={n}
            word={t("people.word")}
            onStep={(by) => {
              more.value = Math.max(1, n + by);
            }}
          />
        </ul>
      )}
    </Screen>
  );
}

const NONE: Record<Felt, number> = { safe: 0, neither: 0, unsafe: 0 };

function Counts({ stop, people }: { stop: StopBody; people: number }) {
  const counts = feelingAt(stop.id)?.counts ?? NONE;
  const n = counts.safe + counts.neither + counts.unsafe;
  const skip = () => {
    pass(stop);
    go(`/checklista/${stop.id}`);
  };
  return (
    <Screen
      back="/"
      lamps={<Lamps stop={stop} />}
      foot={
        n > 0 ? (
          <Onwards stop={stop} />
        ) : (
          <Key class="link" onClick={skip}>
            {t("skip")}
          </Key>
        )
      }
    >
      <p class="kick">{stop.name}</p>
      <Heading>{t("counts.title", { n: people })}</Heading>
      <p>{t("counts.lead")}</p>
      <ul class="counts">
        {FEELINGS.map(([feeling, icon]) => (
          <Stepper
            key={feeling}
            icon={icon}
            word={t(`feeling.${feeling}`)}
            value={counts[feeling]}
            onStep={(by) => count(stop, feeling, by)}
          />
        ))}
      </ul>
      <p class="tag t-quiet center" role="status">
        {n === people && <Icon drawing={drawing("check")} />}
        {t("counts.answered", { n, people })}
      </p>
      {n > people && (
        <div class="card">
          <p class="q">{t("counts.toomany", { n, people })}</p>
          <Key class="side" onClick={() => keep({ people: n })}>
            {t("counts.weare", { n })}
          </Key>
        </div>
      )}
      {n >= people && <Talk />}
      <Key class="link inline" onClick={() => keep({ people: 0 })}>
        {t("people.change")}
      </Key>
    </Screen>
  );
}
