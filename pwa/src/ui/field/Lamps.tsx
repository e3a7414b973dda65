import type { StopBody } from "../../domain/wire";
import { StringOfLamps } from "../parts/StringOfLamps";
import { t } from "../parts/words";
import { litStops, stops } from "./store";

export function Lamps({ stop }: { stop: StopBody }) {
  const all = stops.value;
  const lit = all.map(({ id }) => litStops.value.has(id));
  return (
    <StringOfLamps
      lit={lit}
      here={all.findIndex(({ id }) => id === stop.id)}
      words={t("lamps", { n: stop.number, all: all.length, lit: lit.filter(Boolean).length })}
    />
  );
}
