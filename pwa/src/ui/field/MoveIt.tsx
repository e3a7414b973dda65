import { useSignal } from "@preact/signals";
import { whereabouts } from "../../device/position";
import type { Uuid } from "../../domain/wire";
import type { Place } from "../parts/projection";
import { t } from "../parts/words";
import { positionWords } from "./More";
import { Route } from "./Route";
import { change } from "./record";
import { Go, Heading, Key, Screen } from "./Screen";
import { observationOf, stopAt, stops } from "./store";
import { Gone } from "./What";

const STEP_M = 5;
const METRES_A_DEGREE = 111_320;
const WAYS = [
  ["left", "arrow-left", 0, -1],
  ["up", "arrow-up", 1, 0],
  ["down", "arrow-down", -1, 0],
  ["right", "arrow-right", 0, 1],
] as const;

const movedTo = ({ lat, lon }: Place) => ({ lat, lon, accuracy_m: null, age_s: 0, source: "moved" as const });

function stepped({ lat, lon }: Place, north: number, east: number): Place {
  return {
    lat: lat + (north * STEP_M) / METRES_A_DEGREE,
    lon: lon + (east * STEP_M) / (METRES_A_DEGREE * Math.cos((lat * Math.PI) / 180)),
  };
}

/** "Flytta": tap on the route, press the arrows, or choose a stop. Nothing needs to be dragged. */
export function MoveIt({ id }: { id: Uuid }) {
  const draft = observationOf(id);
  const moved = useSignal(0);
  if (!draft) return <Gone />;
  const stop = stopAt(draft.stop);
  const start: Place | null = draft.position ?? stop ?? whereabouts().fix ?? stops.value[0] ?? null;
  const put = (place: Place) => {
    moved.value += 1;
    void change(id, { position: movedTo(place) });
  };
  // Each step from where the one before it led, however fast the thumb is.
  const step = (north: number, east: number) => {
    if (!start) return;
    moved.value += 1;
    void change(id, ({ position }) => ({ position: movedTo(stepped(position ?? start, north, east)) }));
  };
  const toStop = (number: number) => {
    const at = stops.value.find((one) => one.number === number);
    if (!at) return;
    void change(id, {
      stop: at.id,
      position: { lat: at.lat, lon: at.lon, accuracy_m: null, age_s: 0, source: "stop" },
    });
  };
  return (
    <Screen
      back={`/fynd/${id}/mer`}
      over={<Route class="map tall" pin={start} onTap={put} />}
      foot={
        <Go class="main" to={`/fynd/${id}/mer`}>
          {t("position.done")}
        </Go>
      }
    >
      <Heading>{t("position.title")}</Heading>
      <p class="quiet" role="status">
        {positionWords(draft.position, stop)}
        {moved.value > 0 && `. ${t("chip.saved", { n: 1 })}.`}
      </p>
      <div class="row4" role="group" aria-label={t("position.arrows")}>
        {WAYS.map(([way, icon, north, east]) => (
          <Key key={way} class="side tallkey" icon={icon} label={t(`move.${way}`)} onClick={() => step(north, east)}>
            {""}
          </Key>
        ))}
      </div>
      <label class="q" for="stop">
        {t("position.at")}
      </label>
      <select
        id="stop"
        class="input"
        value={stop?.number ?? ""}
        onChange={(event) => toStop(Number(event.currentTarget.value))}
      >
        <option value="" disabled>
          {t("stop.between")}
        </option>
        {stops.value.map(({ id: key, number, name }) => (
          <option key={key} value={number}>
            {t("stop.at", { n: number, name })}
          </option>
        ))}
      </select>
    </Screen>
  );
}
