import { useState } from "preact/hooks";
import type { TaskRow, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { TextField } from "../parts/Fields";
import type { Point } from "../parts/projection";
import { Candidate } from "./Candidate";
import { COLUMNS } from "./filter";
import { byDistance, metresBetween } from "./nearest";
import { useTyped } from "./useTyped";

const OPEN = [...COLUMNS.new, ...COLUMNS.active, ...COLUMNS.waiting];
const MOST = 8;

interface FindTaskProps {
  label: string;
  /** Those that are there already. */
  except: readonly Uuid[];
  /** What they are compared with, for how far away each is. */
  from: Point | null;
  busy: boolean;
  onChoose: (task: TaskRow) => void;
}

/** An open task wherever it lies, by its number, a walker's receipt, its street or words of it. */
export function FindTask({ label, except, from, busy, onChoose }: FindTaskProps) {
  const [words, setWords] = useState("");
  const asked = useTyped(words);
  const found = useLoad<{ tasks: TaskRow[]; photos: Record<Uuid, Uuid> }>(
    asked ? `/api/tasks?state=${OPEN.join(",")}&counts=0&photos=1&q=${encodeURIComponent(asked)}` : null,
  );
  const tasks = asked ? (found.data?.tasks ?? []).filter(({ id }) => !except.includes(id)) : [];
  const rows = tasks.map((task) => ({ task, metres: metresTo(task, from) }));
  return (
    <div class="stack">
      <TextField label={label} hint={t("find_task.hint")} value={words} onValue={setWords} max={80} />
      <p class="quiet" role="status">
        {asked && found.trouble && t("find_task.trouble")}
        {asked &&
          found.data &&
          t(tasks.length > MOST ? "find_task.more" : "find_task.found", { n: tasks.length, most: MOST })}
      </p>
      <ul class="choices">
        {byDistance(rows)
          .slice(0, MOST)
          .map(({ task, metres }) => (
            <Candidate
              key={task.id}
              name={`${task.number}: ${task.title}`}
              said={`${task.place && `${task.place}. `}${t(`task.word.${task.state}`)}.`}
              metres={metres}
              photo={found.data?.photos[task.id] ?? null}
              busy={busy}
              onChoose={() => onChoose(task)}
            />
          ))}
      </ul>
    </div>
  );
}

function metresTo({ lat, lon }: TaskRow, from: Point | null): number | null {
  return from && lat !== null && lon !== null ? metresBetween(from, { lat, lon }) : null;
}
