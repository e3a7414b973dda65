import type { Place } from "../parts/projection";
import { RouteMap } from "../parts/RouteMap";
import { t } from "../parts/words";
import { hereStop, litStops, stops } from "./store";
import { where } from "./where";

/** Tonight's stops as the drawing wants them. */
export function mapStops(withHere: boolean) {
  const here = withHere ? hereStop.value?.id : null;
  return stops.value.map((stop) => ({
    lat: stop.lat,
    lon: stop.lon,
    number: stop.number,
    state: stop.id === here ? ("here" as const) : litStops.value.has(stop.id) ? ("done" as const) : ("ahead" as const),
  }));
}

interface Props {
  class: "map tall" | "map short";
  /** Show which stop we are at. */
  around?: boolean;
  pin?: Place | null;
  onTap?: (place: Place) => void;
}

export function Route(props: Props) {
  const short = props.class === "map short";
  return (
    <div class={props.class}>
      <RouteMap
        stops={mapStops(props.around ?? false)}
        me={where.value.fix}
        pin={props.pin ?? null}
        width={390}
        height={short ? 196 : 340}
        plain={short}
        scaleWord={(n) => t("map.metres", { n })}
        {...(props.onTap ? { onTap: props.onTap } : {})}
      />
    </div>
  );
}
