import { icons as drawings } from "virtual:icons?arrow-up,badge-check,camera,camera-off,car,chevron-left,chevron-right,circle-question-mark,construction,eye-off,flashlight,footprints,hand,hard-drive,image,key-round,lightbulb-off,list-checks,map,map-pin,map-pin-off,pencil-line,phone,refresh-cw,rotate-ccw,search,server-off,smartphone,spray-can,trees,triangle-alert,undo-2,users,volume-2,wifi,wifi-off,wine";

/** The drawing with this name. A tile from a newer server may name one this app has never seen. */
export function drawing(name: string): string {
  return drawings[name] ?? drawings["circle-question-mark"] ?? "";
}

/** What only later screens draw comes with them. */
export function alsoDraw(more: Readonly<Record<string, string>>): void {
  Object.assign(drawings, more);
}
