import { useEffect } from "preact/hooks";
import { stayAwake } from "../../device/wakelock";
import { Boundary } from "../parts/Boundary";
import { Icon } from "../parts/Icon";
import { Lanterns } from "../parts/Lamp";
import { Live } from "../parts/Live";
import { path } from "../parts/path";
import { t } from "../parts/words";
import { Finder } from "./Finder";
import { drawing } from "./icons";
import { kept } from "./kept";
import { Joining, Later, Tablet } from "./Later";
import { Sos } from "./Sos";
import { Start } from "./Start";
import { broken, isRunning, items, observationOf, trouble, walk, who } from "./store";
import { Tonight } from "./Tonight";
import { Gone, What, WithoutPhoto } from "./What";
import { warmPosition } from "./where";

export function App() {
  const running = walk.value !== null && isRunning(walk.value);
  const awake = running && kept.value.awake !== false;
  useEffect(() => stayAwake(awake), [awake]);
  useEffect(() => {
    if (running) warmPosition();
  }, [running]);
  return (
    <>
      <Lanterns />
      <Boundary at={path.value} instead={(again) => <Broken again={again} />}>
        {broken.value ? <NoStorage /> : <At />}
        <Sos />
      </Boundary>
      <Alarm />
      <Live />
    </>
  );
}

/** Never a passing note: it stays until it is read. */
function Alarm() {
  if (!trouble.value) return null;
  const read = () => {
    trouble.value = null;
  };
  return (
    <div class="alarm" role="alert">
      <p class="note t-need">
        <Icon drawing={drawing("hard-drive")} />
        <span>{t(`trouble.${trouble.value}`)}</span>
      </p>
      <button type="button" class="side" onClick={read}>
        {t("close")}
      </button>
    </div>
  );
}

/** One address, one screen. Keyed by the address, so that a screen never inherits another one's fields. */
function At() {
  if (who.value === undefined) return <div class="app" />;
  const [first = "", second = "", third = ""] = path.value.split("/").slice(1).map(decodeURIComponent);
  if (first === "platta") return <Tablet at={`${second}/${third}`} />;
  if (first === "ga-med") return <Joining name="Join" />;
  if (first === "uppgifter") return <Later name="Privacy" />;
  if (!who.value) return <Start />;
  switch (first) {
    case "":
      return <Tonight />;
    case "redo":
      return <Joining name="Ready" />;
    case "kamera":
      return <Finder />;
    case "notera":
      return <WithoutPhoto />;
    case "fynd":
      return <Finding key={path.value} id={second} part={third} />;
    case "foto":
      return <Later key={second} name="Mask" id={second} />;
    case "kansla":
      return <Later key={second} name="Feeling" id={second} />;
    case "checklista":
      return <Later key={second} name="Checklist" id={second} />;
    case "aterbesok":
      return <Later key={second} name="Revisits" id={second} />;
    case "karta":
      return <Later name="RoutePage" />;
    case "att-skicka":
      return <Later name="Outbox" />;
    case "telefonen":
      return <Later name="Phone" />;
    case "lamna-in":
      return <Later name="HandIn" />;
    case "inlamnat":
      return <Later key={second} name="Sent" id={second} />;
    case "kod":
      return <Start />;
    case "kortet":
      return <Later name="Shown" />;
    case "svar":
      return <Later name="Replies" />;
    default:
      return <Gone />;
  }
}

function Finding({ id, part }: { id: string; part: string }) {
  const handedIn = !observationOf(id) && items.value.some((item) => item.id === id);
  if (handedIn && part !== "fara") return <Later name="Sent" id={id} />;
  switch (part) {
    case "":
      return <What id={id} />;
    case "mer":
      return <Later name="More" id={id} />;
    case "plats":
      return <Later name="MoveIt" id={id} />;
    case "fara":
      return <Later name="Danger" id={id} />;
    default:
      return <Gone />;
  }
}

/** A screen broke. Nothing that was saved is touched, and 112 is a link of its own. */
function Broken({ again }: { again: () => void }) {
  return (
    <div class="app">
      <main class="start">
        <h1>{t("broken.title")}</h1>
        <p class="lead">{t("broken.lead")}</p>
        <button type="button" class="main" onClick={again}>
          <Icon drawing={drawing("rotate-ccw")} />
          {t("retry")}
        </button>
        <a class="side" href="/">
          {t("more.home")}
        </a>
        <a class="side" href="tel:112">
          {t("danger.call")}
        </a>
      </main>
    </div>
  );
}

function NoStorage() {
  return (
    <div class="app">
      <main class="start">
        <h1>{t("nostorage.title")}</h1>
        <p class="lead">{t("nostorage.lead")}</p>
        <a class="main" href="/">
          {t("retry")}
        </a>
        <a class="side" href="tel:112">
          {t("danger.call")}
        </a>
      </main>
    </div>
  );
}
