import { icons } from "virtual:icons?navigation,map";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";

interface WayProps {
  lat: number;
  lon: number;
}

/** The way there in the phone's own map; and a page for phones that open no such address. Nobody is asked before a press. */
export function Way({ lat, lon }: WayProps) {
  return (
    <span class="ways">
      <a class="tag way" href={`geo:${lat},${lon}`}>
        <Icon drawing={icons.navigation ?? ""} />
        {t("task.way")}
      </a>
      <a
        class="tag way"
        href={`https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=18/${lat}/${lon}`}
        target="_blank"
        rel="noreferrer"
      >
        <Icon drawing={icons.map ?? ""} />
        {t("task.way_page")}
      </a>
    </span>
  );
}
