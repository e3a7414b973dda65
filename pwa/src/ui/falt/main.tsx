import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/field.css";
import "../styles/field-join.css";
import "../styles/field-later.css";
import "./falt.css";
import { render } from "preact";
import { listenForBack } from "../parts/path";
import { applyTheme } from "../parts/theme";
import { speak } from "../parts/words";
import words from "../words/falt.words.json";
import { App } from "./App";
import { listenForUpdate, startSending } from "./sending";
import { follow, load } from "./store";

speak("sv", words);
applyTheme();
listenForBack();

const root = document.getElementById("app");
if (root) render(<App />, root);
await load();
follow();

// After the first paint: nothing below stands between the person and the entry.
setTimeout(() => {
  void import("../styles/font.css");
  listenForUpdate();
  startSending();
}, 0);
