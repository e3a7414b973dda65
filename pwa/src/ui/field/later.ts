/**
 * The screens no photo waits for, with their words, drawings and looks, in one file of their own that is fetched right
 * after the first paint and precached.
 */
import words from "../words/field-later.words.json";
import "../styles/field-later.css";
import { icons } from "virtual:icons?arrow-down,arrow-left,arrow-right,check,frown,lamp,landmark,meh,minus,moon,plus,smile,square-dashed,square-plus,trash-2,x,zap";
import { addWords } from "../parts/words";
import { alsoDraw } from "./icons";

export { Checklist } from "./Checklist";
export { Danger } from "./Danger";
export { Feeling } from "./Feeling";
export { HandIn } from "./HandIn";
export { Mask } from "./Mask";
export { More } from "./More";
export { MoveIt } from "./MoveIt";
export { Outbox } from "./Outbox";
export { Phone } from "./Phone";
export { Privacy } from "./Privacy";
export { Replies } from "./Replies";
export { RoutePage } from "./RoutePage";
export { Revisits } from "./rewalk/Revisits";
export { Sent } from "./Sent";
export { Shown } from "./WalkCard";

addWords(words);
alsoDraw(icons);
