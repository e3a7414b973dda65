import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { FindingRow, Operation, TaskRow, TogetherRow, TogetherTask, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { me } from "../data/session";
import { useSubmit } from "../data/useSubmit";
import { CheckField, GuardedText, Problem, SelectField, TextField } from "../parts/Fields";
import { href } from "../router";
import { FindTask } from "../tasks/FindTask";

type Joined = TaskRow & { findings: FindingRow[]; together?: TogetherRow };

/** What the task has to do with others. The coordinator merges, splits, takes apart and takes back. */
export function Together({ task }: { task: Joined }) {
  const sending = useSubmit();
  const guard = useGuard();
  const [stopped, setStopped] = useState("");
  const it = task.together;
  if (!it) return null;
  async function act(done: string, texts: string[], ...operations: Operation[]) {
    const objection = guard(texts);
    setStopped(objection ?? "");
    if (!objection) await sending.send(done, ...operations);
  }
  const triage = me.value?.user.role === "coordinator";
  const gone = it.retracted || it.merged_into !== null;
  const forms = { task, act, busy: sending.busy };
  if (!gone && !triage && it.absorbed.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="together">
      <h2 id="together">{t("together.title")}</h2>
      {it.retracted && <p class="note">{t("together.retracted")}</p>}
      {it.merged_into && (
        <div>
          <p>
            {t("together.merged_into")} <Named one={it.merged_into} />
          </p>
          {triage && <Apart id={task.id} number={task.number} {...forms} />}
        </div>
      )}
      {it.absorbed.map((one) => (
        <div key={one.number}>
          <p>
            {t("together.absorbed")} <Named one={one} />
          </p>
          {triage && one.id && <Apart id={one.id} number={one.number} {...forms} />}
        </div>
      ))}
      {triage && !gone && (
        <>
          <MergeTasks near={it.near} {...forms} />
          {task.findings.length > 1 && <Split {...forms} />}
          {task.findings.length > 1 && <Unlink {...forms} />}
          {(task.state === "new" || task.state === "assigned") && it.absorbed.length === 0 && <TakeBack {...forms} />}
        </>
      )}
      <Problem text={stopped || sending.problem} />
    </section>
  );
}

function Named({ one }: { one: TogetherTask }) {
  return one.id ? (
    <a href={href(`/atgarder/${one.id}`)}>
      {one.number}: {one.title}
    </a>
  ) : (
    <b>{one.number}</b>
  );
}

interface FormProps {
  task: Joined;
  busy: boolean;
  act: (done: string, texts: string[], ...operations: Operation[]) => Promise<void>;
}

function Apart({ id, number, act, busy }: FormProps & { id: Uuid; number: string }) {
  return (
    <p>
      <button
        type="button"
        class="btn"
        disabled={busy}
        onClick={() => void act(t("together.apart_done", { number }), [], operation("task.unmerge", id, {}))}
      >
        {t("together.apart")}
      </button>
    </p>
  );
}

function MergeTasks({ task, near, act, busy }: FormProps & { near: TogetherRow["near"] }) {
  const [into, setInto] = useState<Uuid>("");
  const [found, setFound] = useState<TogetherTask[]>([]);
  const choices = [...near, ...found.filter(({ id }) => !near.some((one) => one.id === id))];
  return (
    <details class="review">
      <summary class="btn plain">{t("together.merge")}</summary>
      <div class="stack">
        <p class="quiet">{t("together.merge_means")}</p>
        <FindTask
          label={t("find_task.label")}
          except={[task.id]}
          from={task.lat !== null && task.lon !== null ? { lat: task.lat, lon: task.lon } : null}
          busy={busy}
          onChoose={(one) => {
            setFound([one]);
            setInto(one.id);
          }}
        />
        {choices.length > 0 && (
          <SelectField
            label={t("together.merge_into")}
            value={into}
            onValue={setInto}
            options={[
              { value: "", name: t("decide.choose") },
              ...choices.map((one) => ({ value: one.id ?? "", name: `${one.number}: ${one.title}` })),
            ]}
          />
        )}
        <p>
          <button
            type="button"
            class="btn"
            disabled={busy || !into}
            onClick={() =>
              void act(t("together.merged", { number: task.number }), [], operation("task.merge", task.id, { into }))
            }
          >
            {t("together.merge_now")}
          </button>
        </p>
      </div>
    </details>
  );
}

function Split({ task, act, busy }: FormProps) {
  const [leaving, setLeaving] = useState<Uuid[]>([]);
  const [title, setTitle] = useState(task.title);
  const toggle = (id: Uuid, on: boolean) => setLeaving(on ? [...leaving, id] : leaving.filter((each) => each !== id));
  return (
    <details class="review">
      <summary class="btn plain">{t("together.split")}</summary>
      <div class="stack">
        <p class="quiet">{t("together.split_means")}</p>
        {task.findings.map((finding) => (
          <CheckField
            key={finding.id}
            label={`${finding.number}${finding.text ? `: ${finding.text}` : ""}`}
            checked={leaving.includes(finding.id)}
            onValue={(on) => toggle(finding.id, on)}
          />
        ))}
        <TextField label={t("task.title")} value={title} max={100} onValue={setTitle} />
        <p>
          <button
            type="button"
            class="btn"
            disabled={busy || leaving.length === 0 || leaving.length === task.findings.length || !title.trim()}
            onClick={() =>
              void act(
                t("together.split_done"),
                [title],
                operation("task.split", uuid7(), {
                  task: task.id,
                  title: title.trim(),
                  observations: leaving,
                  priority: task.priority,
                }),
              )
            }
          >
            {t("together.split_now")}
          </button>
        </p>
      </div>
    </details>
  );
}

function Unlink({ task, act, busy }: FormProps) {
  const [leaving, setLeaving] = useState<Uuid>("");
  const finding = task.findings.find(({ id }) => id === leaving);
  return (
    <details class="review">
      <summary class="btn plain">{t("together.unlink")}</summary>
      <div class="stack">
        <p class="quiet">{t("together.unlink_means")}</p>
        <SelectField
          label={t("together.unlink_which")}
          value={leaving}
          onValue={setLeaving}
          options={[
            { value: "", name: t("decide.choose") },
            ...task.findings.map(({ id, number, text }) => ({ value: id, name: text ? `${number}: ${text}` : number })),
          ]}
        />
        <p>
          <button
            type="button"
            class="btn"
            disabled={busy || !finding}
            onClick={() =>
              finding &&
              void act(
                t("together.unlink_done", { number: finding.number }),
                [],
                operation("task.unlink", task.id, { observation: finding.id }),
              )
            }
          >
            {t("together.unlink_now")}
          </button>
        </p>
      </div>
    </details>
  );
}

function TakeBack({ task, act, busy }: FormProps) {
  const [reason, setReason] = useState("");
  return (
    <details class="review">
      <summary class="btn plain">{t("together.retract")}</summary>
      <div class="stack">
        <GuardedText
          label={t("together.reason")}
          hint={t("together.retract_means")}
          value={reason}
          onValue={setReason}
        />
        <p>
          <button
            type="button"
            class="btn"
            disabled={busy || !reason.trim()}
            onClick={() =>
              void act(
                t("together.retract_done", { number: task.number }),
                [reason],
                operation("task.retract", task.id, { reason: reason.trim() }),
              )
            }
          >
            {t("together.retract_now")}
          </button>
        </p>
      </div>
    </details>
  );
}
