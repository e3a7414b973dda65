import type { TaskEvent, TaskSpent, TaskWord } from "../../../domain/wire";
import { t } from "../../parts/words";
import { dateIn, shortDate } from "../time/stockholm";
import { isClosed } from "./lateness";

export interface Stretch {
  word: TaskWord;
  from: number;
  to: number;
}

/** How long the task stood where, in order; what is closed takes no time. */
export function stretchesOf(events: readonly TaskEvent[], now: number): Stretch[] {
  const made: Stretch[] = [];
  for (const event of events) {
    if (event.from === event.to) continue;
    const last = made.at(-1);
    const at = Math.max(Date.parse(event.at), last?.from ?? 0);
    if (last) last.to = at;
    made.push({ word: event.to, from: at, to: now });
  }
  return made.filter((stretch) => stretch.word !== "done" && !isClosed(stretch.word) && stretch.to > stretch.from);
}

const WIDTH = 100;
const LEAST = 1.5;

function kindOf(word: TaskWord): "ours" | "waiting" | "referred" {
  return word === "waiting" || word === "referred" ? word : "ours";
}

/** "3 dygn", "5 timmar": as exact as anybody needs. */
export function longWords(hours: number): string {
  return hours >= 48 ? t("time.days", { n: Math.round(hours / 24) }) : t("time.hours", { n: hours });
}

/** A line of the time so far, and the same in a table. Waiting, and lying with somebody else, are counted apart. */
export function TimeLine({ events, spent }: { events: TaskEvent[]; spent: TaskSpent }) {
  const parts = stretchesOf(events, Date.now());
  const whole = parts.reduce((sum, part) => sum + part.to - part.from, 0);
  if (whole === 0) return null;
  let x = 0;
  const drawn = parts.map((part) => {
    const width = Math.max(((part.to - part.from) / whole) * WIDTH, LEAST);
    const at = x;
    x += width;
    return { ...part, x: at, width };
  });
  return (
    <figure class="timeline">
      <svg viewBox={`0 0 ${x} 6`} preserveAspectRatio="none" aria-hidden="true">
        {drawn.map((part) => (
          <rect
            key={part.from}
            x={part.x}
            y={0}
            width={part.width - 0.3}
            height={6}
            class={`tl-${kindOf(part.word)}`}
          />
        ))}
      </svg>
      <figcaption class="spread quiet small">
        <span>{shortDate(dateIn(new Date(parts[0]?.from ?? 0)))}</span>
        <span>{shortDate(dateIn(new Date(parts.at(-1)?.to ?? 0)))}</span>
      </figcaption>
      <table class="plain numbers">
        <caption class="sr">{t("time.caption")}</caption>
        <tbody>
          {(
            [
              ["ours", spent.working],
              ["waiting", spent.waiting],
              ["referred", spent.referred],
            ] as const
          ).map(([kind, hours]) => (
            <tr key={kind}>
              <th scope="row">
                <i class={`tl-key tl-${kind}`} /> {t(`time.${kind}`)}
              </th>
              <td>{longWords(hours)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
