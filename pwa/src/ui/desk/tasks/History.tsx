import { icons } from "virtual:icons?forward,lock-keyhole";
import { clock } from "../../../domain/times";
import type { TaskEvent } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { Lamp } from "../parts/Lamp";
import { dateIn, shortDate } from "../time/stockholm";
import { LAMPS } from "./TaskStatus";

/** Oldest first: date, lantern, what was done and by whom, and the words that came with it. */
export function History({ events }: { events: TaskEvent[] }) {
  const sorted = [...events].sort((a, b) => a.at.localeCompare(b.at));
  return (
    <ol class="hist">
      {sorted.map((event) => (
        <li key={`${event.at}${event.type}${event.internal}`}>
          <time dateTime={event.at} title={clock(event.at)}>
            {shortDate(dateIn(event.at))}
          </time>
          {event.type === "task.refer" ? (
            <Icon drawing={icons.forward ?? ""} />
          ) : (
            <Lamp name={LAMPS[event.to] ?? "off"} />
          )}
          <div>
            <b>{t(`event.${event.type}`)}</b> <span class="quiet">{event.by}.</span>
            {event.text && <span class="block">{event.text}</span>}
            {event.internal && event.text && (
              <span class="tag t-quiet small">
                <Icon drawing={icons["lock-keyhole"] ?? ""} />
                {t("task.internal_only")}
              </span>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
