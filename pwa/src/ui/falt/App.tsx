import { Boundary } from "../parts/Boundary";
import { Lanterns } from "../parts/Lamp";
import { Live } from "../parts/Live";
import { path } from "../parts/path";
import { t } from "../parts/words";
import { Correct } from "./Correct";
import { Entry } from "./Entry";
import { Evening } from "./Evening";
import { answer, form } from "./entry";
import { Gone } from "./Gone";
import { Phone } from "./Phone";
import { Places } from "./Places";
import { Ready } from "./Ready";
import { Seen } from "./Seen";
import { SignIn } from "./SignIn";
import { Sos } from "./Sos";
import { broken, isOver, now, who } from "./store";

export function App() {
  return (
    <>
      <Lanterns />
      <Boundary at={path.value} instead={(again) => <Broken again={again} />}>
        {broken.value ? <Broken again={() => location.reload()} /> : <Door />}
        <Sos />
      </Boundary>
      <Live />
    </>
  );
}

/** Who may see the log on this phone. A lock of the app's own is one more answer here, before the log is drawn. */
function Door() {
  const me = who.value;
  if (me === undefined) return <div class="app" />;
  // Also when the sign-in is over: what is unsent can still be carried away, sealed.
  if (me !== null && path.value === "/falt/telefonen") return <Phone />;
  if (me === null || isOver(me, now.value)) return <SignIn />;
  return <Log />;
}

/** One address, one screen. */
function Log() {
  const [, , first = "", second = "", third = ""] = path.value.split("/").map(decodeURIComponent);
  switch (first) {
    case "":
      return <Entry />;
    case "logga-in":
      return <SignIn />;
    case "redo":
      return <Ready />;
    case "plats":
      return <Places chosen={form.value.spot} home="/falt/" onChoose={(spot) => answer({ spot })} />;
    case "telefonen":
      return <Phone />;
    case "kvallen":
      return <Evening />;
    case "lagat":
      return <Seen />;
    case "ratta":
      return <Correct key={second} id={second} part={third} />;
    default:
      return <Gone />;
  }
}

/** Something broke. Nothing that was saved is touched, and 112 is a link of its own. */
function Broken({ again }: { again: () => void }) {
  return (
    <div class="app">
      <main class="start">
        <h1>{t("broken.title")}</h1>
        <p class="lead">{t("broken.lead")}</p>
        <button type="button" class="main" onClick={again}>
          {t("retry")}
        </button>
        <a class="side" href="tel:112">
          {t("sos.call")}
        </a>
      </main>
    </div>
  );
}
