import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { CommitmentRow, PlansView, Rhythm, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { asTrouble, request } from "../data/api";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { troubleText } from "../data/troubleWords";
import { useSubmit } from "../data/useSubmit";
import { CheckField, GuardedText, Problem, SelectField, TextField } from "../parts/Fields";

const RHYTHMS: readonly Rhythm[] = ["once", "month", "quarter", "tertial", "half_year", "year"];

export function NewCommitment({ plan, view }: { plan: Uuid; view: PlansView }) {
  return (
    <details>
      <summary class="btn plain">{t("commitment.add")}</summary>
      <CommitmentForm plan={plan} view={view} />
    </details>
  );
}

/** A commitment of a plan: new, or `before` with another day, another rhythm or more that it leads to. */
export function CommitmentForm({ plan, view, before }: { plan: Uuid; view: PlansView; before?: CommitmentRow }) {
  const [executor, setExecutor] = useState(before?.executor ?? "");
  const [text, setText] = useState(before?.text ?? "");
  const [dueOn, setDueOn] = useState(before?.due_on ?? "");
  const [rhythm, setRhythm] = useState<Rhythm>(before?.rhythm ?? "quarter");
  const [promises, setPromises] = useState<readonly Uuid[]>(before?.promises.map((it) => it.id) ?? []);
  const [numbers, setNumbers] = useState(before?.tasks.map((it) => it.number).join(" ") ?? "");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  async function enter(event: Event) {
    event.preventDefault();
    const objection = guard([text]);
    setStopped(objection ?? "");
    if (objection) return;
    const found = await tasksBy(numbers, before);
    if ("stopped" in found) return setStopped(found.stopped);
    const body = {
      plan,
      executor,
      text: text.trim(),
      due_on: dueOn,
      rhythm,
      promises: [...promises],
      tasks: found.ids,
    };
    await sending.send(
      t("commitment.entered"),
      operation("commitment.enter", before?.id ?? uuid7(), body, before?.version ?? null),
    );
  }
  return (
    <form class="stack" onSubmit={enter}>
      {!before && (
        <SelectField
          label={t("commitment.executor")}
          value={executor}
          onValue={setExecutor}
          options={[
            { value: "", name: t("commitment.choose") },
            ...view.executors.map((each) => ({ value: each.id, name: each.name })),
          ]}
        />
      )}
      <GuardedText
        label={t("commitment.text")}
        hint={t("commitment.text_hint")}
        value={text}
        onValue={setText}
        max={1000}
      />
      <div class="cols2">
        <TextField
          label={t("commitment.due")}
          hint={t("commitment.due_hint")}
          type="date"
          value={dueOn}
          onValue={setDueOn}
        />
        <SelectField
          label={t("commitment.rhythm")}
          value={rhythm}
          onValue={(value) => setRhythm(value as Rhythm)}
          options={RHYTHMS.map((each) => ({ value: each, name: t(`commitment.rhythm.${each}`) }))}
        />
      </div>
      {view.promises.length > 0 && (
        <details>
          <summary>{t("commitment.leads")}</summary>
          {view.promises.map((it) => (
            <CheckField
              key={it.id}
              label={it.heading}
              checked={promises.includes(it.id)}
              onValue={(on) => setPromises(on ? [...promises, it.id] : promises.filter((each) => each !== it.id))}
            />
          ))}
        </details>
      )}
      <TextField
        label={t("commitment.numbers")}
        hint={t("commitment.numbers_hint")}
        value={numbers}
        onValue={setNumbers}
        max={200}
        optional
      />
      <Problem text={stopped || sending.problem} />
      <p>
        <button type="submit" class="btn" disabled={sending.busy || !executor || !text.trim() || !dueOn}>
          {t("plans.save")}
        </button>
      </p>
    </form>
  );
}

type Found = { ids: Uuid[] } | { stopped: string };

/** The tasks of these numbers; those the commitment has already are not asked for again. */
async function tasksBy(numbers: string, before?: CommitmentRow): Promise<Found> {
  const ids: Uuid[] = [];
  try {
    for (const number of numbers
      .toUpperCase()
      .split(/[\s,]+/)
      .filter(Boolean)) {
      const known = before?.tasks.find((it) => it.number === number) ?? (await taskBy(number));
      if (!known) return { stopped: t("commitment.number_unknown", { number }) };
      ids.push(known.id);
    }
  } catch (error) {
    return { stopped: troubleText(asTrouble(error).kind).text };
  }
  return { ids };
}

type Numbered = { id: Uuid; number: string };

async function taskBy(number: string): Promise<Numbered | undefined> {
  const page = await request<{ tasks: Numbered[] }>("GET", `/api/tasks?q=${encodeURIComponent(number)}`);
  return page.tasks.find((it) => it.number === number);
}
