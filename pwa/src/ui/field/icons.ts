import { icons as drawings } from "virtual:icons?arrow-down,arrow-left,arrow-right,arrow-up,badge-check,camera,camera-off,car,check,chevron-left,chevron-right,circle-question-mark,construction,eye-off,flashlight,footprints,frown,hand,hard-drive,image,key-round,landmark,lamp,lightbulb-off,list-checks,map,map-pin,map-pin-off,meh,minus,moon,pencil-line,phone,plus,refresh-cw,rotate-ccw,search,server-off,smartphone,smile,spray-can,square-dashed,square-plus,trash-2,trees,triangle-alert,undo-2,users,volume-2,wifi,wifi-off,wine,x,zap";

/** The drawing with this name. A tile from a newer server may name one this app has never seen. */
export function drawing(name: string): string {
  return drawings[name] ?? drawings["circle-question-mark"] ?? "";
}
