import { icons as drawings } from "virtual:icons?arrow-up,badge-check,check,chevron-left,circle-question-mark,clock,hand,hard-drive,key-round,list-checks,map-pin,minus,pencil-line,phone,plus,rotate-ccw,smartphone,users,wifi,wifi-off,x";

export function drawing(name: string): string {
  return drawings[name] ?? drawings["circle-question-mark"] ?? "";
}
