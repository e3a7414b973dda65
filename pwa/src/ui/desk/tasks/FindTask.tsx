import { useEffect, useState } from "preact/hooks";
import type { TaskRow, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { TextField } from "../parts/Fields";
import { COLUMNS } from "./filter";

const OPEN = [...COLUMNS.new, ...COLUMNS.active, ...COLUMNS.waiting];
const PAUSE_MS = 400;
const SHORTEST = 2;
const MOST = 8;

interface FindTaskProps {
  label: string;
  /** Those that are there already. */
  except: readonly Uuid[];
  busy: boolean;
  onChoose: (task: TaskRow) => void;
}

/** An open task wherever it lies, by its number, a walker's receipt or words of it. */
export function FindTask({ label, except, busy, onChoose }: FindTaskProps) {
  const [words, setWords] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(words.trim().length < SHORTEST ? "" : words.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [words]);
  const found = useLoad<{ tasks: TaskRow[] }>(
    asked ? `/api/tasks?state=${OPEN.join(",")}&q=${encodeURIComponent(asked)}` : null,
  );
  const tasks = asked ? (found.data?.tasks ?? []).filter(({ id }) => !except.includes(id)) : [];
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
        {tasks.slice(0, MOST).map((task) => (
          <li key={task.id}>
            <button type="button" class="side" disabled={busy} onClick={() => onChoose(task)}>
              <span>
                <b>
                  {task.number}: {task.title}
                </b>
                <span class="quiet block">
                  {task.place && `${task.place}. `}
                  {t(`task.word.${task.state}`)}.
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
