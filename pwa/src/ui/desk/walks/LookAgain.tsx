import { icons } from "virtual:icons?footprints,chevron-left";
import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import { dayOf } from "../../../domain/times";
import type { MunicipalityState, TaskRow, Uuid } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useList, useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, Problem, SelectField, TextField } from "../parts/Fields";
import { MapDrawing } from "../parts/MapDrawing";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { go, href, query, setQuery } from "../router";
import { dateIn, plainDate } from "../time/stockholm";
import { bodyOf, newDraft, startingAt } from "./draft";

const CAP = 20;
/** What one walk has time for (domain/rewalks.py). */
const MOST_STOPS = 40;

interface Found {
  tasks: TaskRow[];
  next: string | null;
  counts: Record<string, number>;
}
interface Named {
  name: string;
  place: string;
}

/** A walk made of what is said to be mended and nobody else has seen: all of it, one place's or one walk's. */
export function LookAgain() {
  const walk = query.value.get("vandring") ?? "";
  const area = query.value.get("omrade") ?? "";
  const asked = new URLSearchParams({ state: "done", ...(walk && { walk }), ...(area && { area }) });
  const found = useList<Found>(
    `/api/tasks?${asked}`,
    ({ tasks }) => tasks,
    (page, tasks) => ({ ...page, tasks }),
  );
  const municipality = useLoad<MunicipalityState>("/api/municipality");
  const first = useLoad<Named>(walk ? `/api/walks/${walk.split(",")[0]}` : null);
  const named: Named = first.data ?? { name: area || (municipality.data?.name ?? ""), place: area };
  return (
    <Page title={t("rewalk.title")}>
      <p>
        <a class="back-link" href={href("/vandringar")}>
          <Icon drawing={icons["chevron-left"] ?? ""} />
          {t("room.vandringar")}
        </a>
      </p>
      <h1 tabIndex={-1}>{t("rewalk.title")}</h1>
      <div class="joined">
        <SelectField
          label={t("tasks.area")}
          value={area}
          onValue={(omrade) => setQuery({ omrade })}
          options={[
            { value: "", name: t("tasks.any_area") },
            ...(municipality.data?.areas ?? []).map((name) => ({ value: name, name })),
          ]}
        />
        {walk && (
          <p>
            {t("rewalk.of_walk")}{" "}
            <button type="button" class="btn" onClick={() => setQuery({ vandring: "" })}>
              {t("rewalk.of_all")}
            </button>
          </p>
        )}
      </div>
      <Ready of={found}>
        {({ tasks, counts }) =>
          tasks.length === 0 ? (
            <EmptyCard title={t("rewalk.empty")} text={t("rewalk.empty_text")} />
          ) : (
            <Chosen
              key={`${walk} ${area}`}
              tasks={tasks}
              n={counts.done ?? tasks.length}
              more={found.more}
              named={named}
            />
          )
        }
      </Ready>
    </Page>
  );
}

interface ChosenProps {
  tasks: TaskRow[];
  n: number;
  more: (() => void) | null;
  named: Named;
}

/** As many as one walk has time for are chosen from the start, the first that were mended. */
function Chosen({ tasks, n, more, named }: ChosenProps) {
  const placed = tasks.filter(({ lat }) => lat !== null);
  const nowhere = tasks.filter(({ lat }) => lat === null);
  const [left, setLeft] = useState<Uuid[]>([]);
  const [taken, setTaken] = useState<Uuid[]>([]);
  const fits = new Set(placed.slice(0, MOST_STOPS).map(({ id }) => id));
  const isIn = (id: Uuid) => taken.includes(id) || (fits.has(id) && !left.includes(id));
  const put = (id: Uuid, on: boolean) => {
    setTaken(on ? [...taken, id] : taken.filter((each) => each !== id));
    setLeft(on ? left.filter((each) => each !== id) : [...left, id]);
  };
  const chosen = placed.filter(({ id }) => isIn(id));
  return (
    <>
      <p class="lead">{t("rewalk.lead", { n })}</p>
      <MapDrawing
        label={t("rewalk.map")}
        marks={chosen.flatMap(({ id, title, lat, lon }) =>
          lat !== null && lon !== null ? [{ id, number: "", name: title, lat, lon, light: "half" as const }] : [],
        )}
        together
      />
      <fieldset class="stack">
        <legend>{t("rewalk.chosen", { n: chosen.length, of: placed.length })}</legend>
        <p class="acts">
          <button
            type="button"
            class="btn"
            onClick={() => {
              setTaken([]);
              setLeft([]);
            }}
          >
            {t("rewalk.first", { n: fits.size })}
          </button>
          <button
            type="button"
            class="btn"
            onClick={() => {
              setTaken([]);
              setLeft(placed.map(({ id }) => id));
            }}
          >
            {t("rewalk.none")}
          </button>
        </p>
        {placed.map((task) => (
          <CheckField
            key={task.id}
            label={`${task.number}: ${task.title}`}
            hint={factsOf(task)}
            checked={isIn(task.id)}
            onValue={(on) => put(task.id, on)}
          />
        ))}
        {more && (
          <p>
            <button type="button" class="btn" onClick={more}>
              {t("rewalk.more")}
            </button>
          </p>
        )}
      </fieldset>
      {chosen.length > MOST_STOPS && <p class="note">{t("rewalk.too_many", { n: MOST_STOPS })}</p>}
      {nowhere.length > 0 && (
        <p>
          {t("rewalk.nowhere", { n: nowhere.length })}{" "}
          {nowhere.map(({ id, number }) => (
            <a key={id} class="tag" href={href(`/atgarder/${id}`)}>
              {number}
            </a>
          ))}
        </p>
      )}
      {placed.length > 0 && <Form key={named.name} tasks={chosen.map(({ id }) => id)} named={named} />}
    </>
  );
}

function factsOf({ department_name: unit, done_on: done, extent, place }: TaskRow): string {
  const said = done && plainDate(dateIn(`${done}T12:00:00Z`));
  return [unit, said && t(extent === "partly" ? "rewalk.partly_on" : "rewalk.done_on", { day: said }), place]
    .filter(Boolean)
    .map((words) => `${words}.`)
    .join(" ");
}

function Form({ tasks, named }: { tasks: Uuid[]; named: Named }) {
  const [draft, setDraft] = useState(() => ({
    ...newDraft(dayOf(new Date())),
    name: t("rewalk.name", { name: named.name }).slice(0, 120),
    place: named.place || named.name,
  }));
  const sending = useSubmit();
  const [id] = useState(uuid7);
  const set = (more: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...more }));
  async function plan(event: Event) {
    event.preventDefault();
    const { stops: _stops, recording: _recording, ...body } = bodyOf(draft);
    const done = await sending.send(
      t("rewalk.done"),
      operation("rewalk.plan", id, { ...body, tasks, stops: tasks.map(() => uuid7()) }),
      operation("walk.invite", id, { cap: CAP }),
    );
    if (done) go(`/vandringar/${id}`);
  }
  return (
    <form class="stack" onSubmit={plan}>
      <TextField label={t("rewalk.called")} max={120} value={draft.name} onValue={(name) => set({ name })} />
      <div class="joined">
        <TextField label={t("rewalk.date")} type="date" value={draft.date} onValue={(date) => set({ date })} />
        <TextField
          label={t("rewalk.from")}
          type="time"
          value={draft.from}
          onValue={(from) => set(startingAt(from, draft))}
        />
        <TextField label={t("rewalk.to")} type="time" value={draft.to} onValue={(to) => set({ to })} />
      </div>
      <TextField label={t("rewalk.leader")} max={80} value={draft.leader} onValue={(leader) => set({ leader })} />
      <TextField
        label={t("rewalk.meet")}
        max={160}
        value={draft.meeting_point}
        onValue={(meeting_point) => set({ meeting_point })}
      />
      <Problem text={sending.problem} />
      <p>
        <button type="submit" class="btn go" disabled={sending.busy || tasks.length === 0}>
          <Icon drawing={icons.footprints ?? ""} />
          {t("rewalk.plan")}
        </button>
      </p>
    </form>
  );
}
