import { useSignal } from "@preact/signals";
import { cardCode } from "../../domain/card";
import { nowInstant } from "../../domain/times";
import type { Uuid } from "../../domain/wire";
import { type HandedIn, handIn } from "../../sync/hand_in";
import { say } from "../parts/Live";
import { StateCard } from "../parts/StateCard";
import { t } from "../parts/words";
import { guard } from "./guarding";
import { drawing } from "./icons";
import { keep } from "./kept";
import { PhotoQuestion } from "./More";
import { Route } from "./Route";
import { Go, Heading, Key, Note, Screen } from "./Screen";
import { sendNow } from "./sending";
import {
  categoryOf,
  chip,
  db,
  drafts,
  hereStop,
  items,
  litStops,
  observationOf,
  reload,
  stops,
  unanswered,
  walk,
  who,
} from "./store";
import { tally } from "./tally";
import { WalkCard } from "./WalkCard";

/** The end of the walk: what there is, what happens to it, and one key. */
export function HandIn() {
  const done = useSignal<HandedIn | null>(null);
  const trouble = useSignal(false);
  const busy = useSignal(false);
  const { observations, feelings, answers } = drafts.value;
  const left = observations.length + feelings.length + answers.length;
  const give = async () => {
    if (busy.value || !walk.value) return;
    busy.value = true;
    trouble.value = false;
    try {
      const { inspect } = await guard();
      done.value = await handIn(db, walk.value.id, (text) => inspect(text).verdict === "block");
      keep({ handedInAt: nowInstant() });
      say(t("done.title"));
      sendNow();
    } catch {
      trouble.value = true;
    } finally {
      busy.value = false;
      await reload();
    }
  };
  if (done.value && done.value.items > 0) return <Done result={done.value} />;
  return (
    <Screen
      back="/"
      over={<Route class="map short" />}
      foot={
        left > 0 ? (
          <>
            {trouble.value && (
              <Note icon="hard-drive" tone="t-need">
                {t("handin.failed")}
              </Note>
            )}
            <Key class="main tall" onClick={() => void give()}>
              {t("handin.go")}
            </Key>
            <p class="quiet center">{t("handin.offline")}</p>
          </>
        ) : (
          <Go class="main" to={items.value.length > 0 ? "/att-skicka" : "/"}>
            {t(items.value.length > 0 ? "done.see" : "more.home")}
          </Go>
        )
      }
    >
      <Heading>
        {t(left > 0 ? "handin.thanks" : items.value.length > 0 ? "handin.nothingleft" : "handin.nothing")}
      </Heading>
      {left > 0 ? <p class="lead">{sums()}</p> : items.value.length > 0 && <Cards />}
      {left > 0 && <Together />}
      {left > 0 && <Note icon="landmark">{t("handin.public")}</Note>}
      <Held blocked={done.value?.held ?? []} />
    </Screen>
  );
}

function sums(): string {
  const sum = tally(drafts.value.observations, (category) => categoryOf(category)?.kind);
  const lit = stops.value.filter((stop) => litStops.value.has(stop.id)).length;
  return [
    t("sum.stops", { n: lit, all: stops.value.length }),
    t("sum.photos", { n: sum.photos }),
    t("sum.faults", { n: sum.faults }),
    ...(sum.others > 0 ? [t("sum.others", { n: sum.others })] : []),
    ...(sum.good > 0 ? [t("sum.good", { n: sum.good })] : []),
  ].join(" ");
}

/** The talk at the end, before anything leaves the phone. What is said there can still be noted. */
function Together() {
  const last = hereStop.value;
  return (
    <Go class="card gocard" to={`/notera?stopp=${last?.id ?? ""}`} icon="users">
      <span>
        <b>{t("together.title")}</b>
        <span class="quiet count">{t("together.lead")}</span>
      </span>
    </Go>
  );
}

/** What stays on the phone until somebody answers, each with its question right here. */
function Held({ blocked }: { blocked: readonly Uuid[] }) {
  const rows = unanswered.value.filter((row) => observationOf(row.of));
  const texts = blocked.map(observationOf).filter((draft) => draft !== null && draft.text !== "");
  return (
    <>
      {rows.length > 0 && (
        <Note icon="hand" tone="t-need">
          {t("handin.held", { n: rows.length })}
        </Note>
      )}
      {rows.map((row) => (
        <PhotoQuestion key={row.id} photo={row} back="/lamna-in" />
      ))}
      {texts.map(
        (draft) =>
          draft && (
            <Go key={draft.id} class="side" icon="hand" to={`/fynd/${draft.id}/mer`}>
              {t("handin.text")}
            </Go>
          ),
      )}
    </>
  );
}

function Done({ result }: { result: HandedIn }) {
  const here = chip.value.word === "received";
  return (
    <Screen
      back="/"
      foot={
        <Go class="main tall" to="/att-skicka">
          {t("done.see")}
        </Go>
      }
    >
      <Heading>{t("done.title")}</Heading>
      {here ? (
        <p class="lead">{t("outbox.all")}</p>
      ) : (
        <>
          <p class="lead">{t("done.lead", { n: result.items })}</p>
          <Note icon="smartphone">{t("done.keep")}</Note>
        </>
      )}
      <Held blocked={result.held} />
      <Cards />
      <StateCard
        drawing={drawing("badge-check")}
        title={t("done.answers")}
        step={
          <Go class="side" to="/svar">
            {t("replies")}
          </Go>
        }
      >
        <p>{t("done.answerslead")}</p>
      </StateCard>
    </Screen>
  );
}

function Cards() {
  return (
    <>
      <WalkCard />
      <Card />
    </>
  );
}

/** For a lost phone: the code on paper finds what this phone handed in. */
export function Card() {
  const device = who.value?.device;
  if (!device) return null;
  return (
    <section class="card codecard">
      <h2 class="q">{t("card.title")}</h2>
      <p class="cardcode num">{cardCode(device)}</p>
      <p class="quiet">{t("card.help")}</p>
    </section>
  );
}
