import { useEffect } from "preact/hooks";
import { clock, dayWords } from "../../domain/times";
import type { StopBody, WalkState } from "../../domain/wire";
import { Icon } from "../parts/Icon";
import { follow } from "../parts/path";
import { StateCard } from "../parts/StateCard";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { keep, kept } from "./kept";
import { Route } from "./Route";
import { Go, Heading, Key, Note, Screen } from "./Screen";
import { sendNow } from "./sending";
import { calledOff, drafts, hereStop, isOver, items, mayStillNote, rightNow, stops, walk } from "./store";
import { update } from "./update";
import { awayWords, nearbyStop, where } from "./where";

/** Home: where we are on the walk, and the two ways to say what we see. */
export function Tonight() {
  const tonight = walk.value;
  useEffect(() => {
    if (tonight) performance.mark("usable");
  }, [tonight === null]);
  if (!tonight) return <Fetching />;
  if (isOver(tonight)) return <Over walk={tonight} />;
  return (
    <Screen over={<Route class="map tall" around />} foot={<Ways walk={tonight} />}>
      <p class="kick">{greeting(tonight)}</p>
      {calledOff.value && (
        <Note icon="triangle-alert" tone="t-need">
          {t("tonight.off", { by: calledOff.value.by, reason: calledOff.value.reason })}
        </Note>
      )}
      <Heading>{t("tonight.stop", { n: hereStop.value?.number ?? 0, all: stops.value.length })}</Heading>
      {hereStop.value ? <StopCard stop={hereStop.value} /> : <p class="quiet">{t("tonight.nostops")}</p>}
      <ToLookAt walk={tonight} />
      <Notices walk={tonight} />
    </Screen>
  );
}

function greeting(tonight: WalkState): string {
  if (rightNow() < Date.parse(tonight.starts_at) - 15 * 60_000) {
    return t("tonight.begins", { day: dayWords(tonight.starts_at), clock: clock(tonight.starts_at) });
  }
  return t("tonight.here", { place: tonight.place, n: kept.value.people ?? 0 });
}

function StopCard({ stop }: { stop: StopBody }) {
  return (
    <a class="card gocard" href={`/kansla/${stop.id}`} onClick={follow(`/kansla/${stop.id}`)}>
      <span>
        <b class="lead">{stop.name}</b>
        <span class="quiet count">{awayWords(stop) ?? t("tonight.open")}</span>
      </span>
      <Icon drawing={drawing("chevron-right")} />
    </a>
  );
}

/** A re-walk's errand at this stop: what its owner says is mended. */
function ToLookAt({ walk: tonight }: { walk: WalkState }) {
  const stop = hereStop.value?.id;
  const n = (tonight.revisits ?? []).filter((revisit) => revisit.stop === stop).length;
  if (!stop || n === 0) return null;
  return (
    <Go class="side strong" to={`/aterbesok/${stop}`} icon="search">
      {t("tonight.revisits", { n })}
    </Go>
  );
}

/** Camera rules of night walks: off until the organiser turns it on, and then for things, not people. */
export function cameraOff(tonight: WalkState): boolean {
  return tonight.night && !tonight.camera;
}

function Ways({ walk: tonight }: { walk: WalkState }) {
  const stop = hereStop.value?.id ?? "";
  const off = cameraOff(tonight);
  return (
    <>
      {off && <Note icon="camera-off">{t("tonight.cameraoff")}</Note>}
      <div class={off ? "ways one" : "ways"}>
        {!off && (
          <Go class="main way2" to={`/kamera?stopp=${stop}`} icon="camera">
            {t("photograph")}
          </Go>
        )}
        <Go class={off ? "main" : "side way2"} to={`/notera?stopp=${stop}`} icon="pencil-line">
          {t("note.without")}
        </Go>
      </div>
      <div class="two">
        <Go class="side" to={`/checklista/${stop}`} icon="list-checks">
          {t("checklist")}
        </Go>
        <Go class="side" to="/karta" icon="map">
          {t("map")}
        </Go>
      </div>
    </>
  );
}

function Notices({ walk: tonight }: { walk: WalkState }) {
  const ended = rightNow() > Date.parse(tonight.ends_at);
  const saved = drafts.value.observations.length + drafts.value.feelings.length + drafts.value.answers.length;
  const near = nearbyStop(stops.value, hereStop.value?.id);
  return (
    <div class="notes">
      {near && (
        <Key class="side" icon="map-pin" onClick={() => keep({ stop: near.id })}>
          {t("tonight.near", { n: near.number })}
        </Key>
      )}
      {where.value.trouble === "denied" && <Note icon="map-pin-off">{t("position.denied")}</Note>}
      {ended && saved > 0 && (
        <Go class="side" to="/lamna-in" icon="arrow-up">
          {t("handin.go")}
        </Go>
      )}
      {update.value && saved === 0 && (
        <Key class="side" icon="refresh-cw" onClick={update.value}>
          {t("update.go")}
        </Key>
      )}
    </div>
  );
}

function Fetching() {
  return (
    <Screen>
      <Heading>{t("tonight.fetching")}</Heading>
      <StateCard
        drawing={drawing("map")}
        title={t(navigator.onLine ? "tonight.coming" : "offline.title")}
        step={
          <Key class="main" icon="refresh-cw" onClick={sendNow}>
            {t("retry")}
          </Key>
        }
      >
        <p>{t("tonight.fetchhelp")}</p>
      </StateCard>
    </Screen>
  );
}

function Over({ walk: tonight }: { walk: WalkState }) {
  const left = drafts.value.observations.length + drafts.value.feelings.length + drafts.value.answers.length;
  const handedIn = items.value.some((item) => item.passage !== "draft");
  const onwards =
    left > 0 ? (
      <Go class="main tall" to="/lamna-in" icon="arrow-up">
        {t("handin.go")}
      </Go>
    ) : (
      <Go class="main tall" to="/svar" icon="badge-check">
        {t("replies")}
      </Go>
    );
  const open = mayStillNote(tonight);
  return (
    <Screen over={<Route class="map tall" />} foot={open ? <Ways walk={tonight} /> : onwards}>
      <p class="kick">{tonight.name}</p>
      <Heading>{t(open ? "over.seems" : "over.title")}</Heading>
      {open && <p class="lead">{t("over.still")}</p>}
      <p class="lead">{t(left > 0 ? "over.left" : handedIn ? "over.done" : "over.nothing", { n: left })}</p>
      {open && onwards}
      {left > 0 && (
        <Go class="link" to="/svar">
          {t("replies")}
        </Go>
      )}
    </Screen>
  );
}
