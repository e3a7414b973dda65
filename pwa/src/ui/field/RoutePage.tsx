import { canStayAwake, stayAwake } from "../../device/wakelock";
import type { StopBody } from "../../domain/wire";
import { decimal } from "../parts/figures";
import { Icon } from "../parts/Icon";
import { Lamp } from "../parts/Lamp";
import { go } from "../parts/path";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { keep, kept } from "./kept";
import { Route } from "./Route";
import { Go, Heading, Key, Screen } from "./Screen";
import { hereStop, litStops, stops, walk } from "./store";
import { awayWords } from "./where";

/** The route as a picture and as a list; the list is the page. */
export function RoutePage() {
  return (
    <Screen
      back="/"
      over={<Route class="map tall" around />}
      foot={
        <Go class="main" to="/">
          {t("more.home")}
        </Go>
      }
    >
      <p class="kick">{walk.value?.name}</p>
      <Heading>{t("route.title", { n: stops.value.length, km: decimal((walk.value?.length_m ?? 0) / 1000) })}</Heading>
      <ol class="rows">
        {stops.value.map((stop) => (
          <Stop key={stop.id} stop={stop} />
        ))}
      </ol>
      <div class="waysout">
        <Go class="side" to="/att-skicka" icon="list-checks">
          {t("findings")}
        </Go>
        <Go class="side" to="/lamna-in" icon="arrow-up">
          {t("handin.to")}
        </Go>
        <Go class="side" to="/svar" icon="badge-check">
          {t("replies")}
        </Go>
        <Go class="side" to="/uppgifter" icon="landmark">
          {t("privacy.more")}
        </Go>
        <Go class="side" to="/kod" icon="key-round">
          {t("route.other")}
        </Go>
      </div>
      {canStayAwake() && <Awake />}
    </Screen>
  );
}

function Stop({ stop }: { stop: StopBody }) {
  const here = hereStop.value?.id === stop.id;
  const lit = litStops.value.has(stop.id);
  const away = awayWords(stop);
  const choose = () => {
    keep({ stop: stop.id });
    go(`/kansla/${stop.id}`);
  };
  return (
    <li>
      <button type="button" class="stoprow" onClick={choose} aria-current={here ? "step" : undefined}>
        <Lamp state={lit ? "on" : "off"} size={36} />
        <span>
          <b>{t("stop.at", { n: stop.number, name: stop.name })}</b>
          <span class="quiet count">
            {t(here ? "stop.here" : lit ? "stop.lit" : "stop.ahead")}
            {away && `, ${away}`}
          </span>
        </span>
        <Icon drawing={drawing("chevron-right")} />
      </button>
    </li>
  );
}

function Awake() {
  const on = kept.value.awake !== false;
  const turn = () => {
    keep({ awake: !on });
    stayAwake(!on);
  };
  return (
    <div class="card">
      <p>{t("awake.note")}</p>
      <Key class="side" icon="moon" pressed={on} onClick={turn}>
        {t(on ? "awake.on" : "awake.off")}
      </Key>
    </div>
  );
}
