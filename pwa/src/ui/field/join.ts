/** From the opened link to "Redo utan nät": asked for once on a phone, so in a file of its own with its own words. */
import words from "../words/field-join.words.json";
import "../styles/field-join.css";
import { icons } from "virtual:icons?landmark,square-dashed,square-plus";
import { addWords } from "../parts/words";
import { alsoDraw } from "./icons";

export { Join } from "./Join";
export { Ready } from "./Ready";

addWords(words);
alsoDraw(icons);
