/** A survey on a shared tablet: its screen and words in a file of their own, precached with the rest. */
import words from "../words/field-tablet.words.json";
import "../styles/field-later.css";
import { icons } from "virtual:icons?frown,meh,smile,x";
import { addWords } from "../parts/words";
import { alsoDraw } from "./icons";

export { OnTablet } from "./OnTablet";

addWords(words);
alsoDraw(icons);
