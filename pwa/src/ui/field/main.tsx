import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/field.css";
import { render } from "preact";
import { go, listenForBack } from "../parts/path";
import { applyTheme } from "../parts/theme";
import { speak } from "../parts/words";
import words from "../words/field.words.json";
import { App } from "./App";
import { secretIn } from "./code";
import { invite } from "./invite";
import { fetchLater } from "./Later";
import { startSending } from "./sending";
import { follow, load, noteTrouble } from "./store";
import { listenForUpdate } from "./update";

/** The link's secret is taken out of the address at once: it must not stay in the history or be shared by mistake. */
function takeInvitation(): void {
  const secret = secretIn(location.hash);
  if (!secret) return;
  invite({ secret });
  go("/ga-med", { replace: true });
}

speak("sv", words);
applyTheme();
takeInvitation();
listenForBack();
addEventListener("hashchange", takeInvitation);
addEventListener("unhandledrejection", (event) => noteTrouble(event.reason));

const root = document.getElementById("app");
if (root) render(<App />, root);
await load();
follow();

// After the first paint: nothing below stands between the person and the camera.
setTimeout(() => {
  void import("../styles/font.css");
  void fetchLater();
  listenForUpdate();
  void startSending();
}, 0);
