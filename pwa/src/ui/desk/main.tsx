import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/base-desk.css";
import "../styles/font.css";
import "./desk.css";
import { render } from "preact";
import { applyTheme } from "../parts/theme";
import { speak } from "../parts/words";
import words from "../words/desk.words.json";
import { App } from "./App";
import { whoAmI } from "./data/session";
import { listen } from "./router";

applyTheme();
speak("sv", words);
listen();
void whoAmI();
const root = document.getElementById("app");
if (root) render(<App />, root);
