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

// The phone's storage is asked first: it answers while the frame is being drawn.
const loaded = load();
const root = document.getElementById("app");
if (root) render(<App />, root);
void loaded.then(() => {
  follow();
  afterPaint(() => {
    void import("../styles/font.css").catch(() => undefined);
    void fetchLater();
    listenForUpdate();
    void startSending();
  });
});

/** Nothing in `work` stands between the person and the camera. A page that is not looked at paints nothing, and goes on. */
function afterPaint(work: () => void): void {
  let waiting = true;
  const once = () => {
    if (waiting) setTimeout(work);
    waiting = false;
  };
  requestAnimationFrame(() => requestAnimationFrame(once));
  setTimeout(once, 1_000);
}
