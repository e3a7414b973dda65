import { icons } from "virtual:icons?hammer,link,circle-minus,merge,eye-off,eye,undo-2,map";
import { useState } from "preact/hooks";
import type { DismissReason, FindingRow, MunicipalityState, Operation } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, RadioField, SelectField, TextField } from "../parts/Fields";
import { useKeys } from "../parts/keys";
import { isAsked, ownersOf } from "../tasks/owners";
import { addDays, dateIn, plainDate } from "../time/stockholm";
import { type Choice, choicesFor, DISMISSALS, makeTask, priorityOf, type Reviewed, reviewOf } from "./decisions";
import { placeOf } from "./Inbox";

interface DecideProps {
  finding: FindingRow;
  seen: Reviewed;
  municipality: MunicipalityState;
  others: FindingRow[];
  onDecided: () => void;
}

const ICONS: Record<Choice, string> = {
  make_task: "hammer",
  link: "link",
  dismiss: "circle-minus",
  lagesbild: "map",
  merge: "merge",
  withhold: "eye-off",
  release: "eye",
  unmerge: "undo-2",
};

/** How long a department gets when no rule has an opinion. */
const DEFAULT_DAYS = 30;

/** The choices as numbered buttons; each opens its own small form, and the same number on the keyboard does too. */
export function Decide(props: DecideProps) {
  const { finding, seen, municipality } = props;
  // A changed category may make it social: the choices follow what the reviewer now says it is.
  const kind = municipality.categories.find((found) => found.code === seen.category)?.kind ?? finding.kind;
  const choices = choicesFor({ ...finding, kind });
  const [open, setOpen] = useState<Choice | null>(null);
  useKeys(Object.fromEntries(choices.map((choice, i) => [`${i + 1}`, () => setOpen(choice)])));
  if (choices.length === 0) return <p class="quiet">{t(`finding.settled.${finding.state}`)}</p>;
  return (
    <section class="decide stack" aria-label={t("decide.title")}>
      {kind === "S" && <p class="note">{t("decide.social_why")}</p>}
      {finding.suggestion && choices.includes("make_task") && (
        <p>
          {t("decide.suggestion")} <b>{finding.suggestion.department_name}</b>. {finding.suggestion.reason}{" "}
          {t("decide.by", { date: plainDate(finding.suggestion.due_on) })}
        </p>
      )}
      <div class="acts">
        {choices.map((choice, i) => (
          <button
            key={choice}
            type="button"
            class={`btn${i === 0 ? " go" : ""}`}
            aria-expanded={open === choice}
            onClick={() => setOpen(open === choice ? null : choice)}
          >
            <Icon drawing={icons[ICONS[choice]] ?? ""} />
            {t(`decide.${choice}`)} <kbd>{i + 1}</kbd>
          </button>
        ))}
      </div>
      {open && choices.includes(open) && <Form key={open} choice={open} {...props} />}
    </section>
  );
}

function Form({ choice, ...props }: DecideProps & { choice: Choice }) {
  const { finding, seen, onDecided } = props;
  const sending = useSubmit();
  const guard = useGuard();
  const [stopped, setStopped] = useState("");

  async function act(texts: string[], ...operations: Operation[]) {
    const objection = guard([...texts, seen.note]);
    setStopped(objection ?? "");
    if (objection) return;
    const undoing = choice === "release" || choice === "unmerge" || choice === "withhold";
    const review = undoing ? [] : reviewOf(finding, seen);
    if (await sending.send(t(`decide.done.${choice}`, { number: finding.number }), ...review, ...operations))
      onDecided();
  }
  const shared = { ...props, act, busy: sending.busy };
  return (
    <div class="box stack">
      {choice === "make_task" && <TaskForm {...shared} />}
      {choice === "link" && <LinkForm {...shared} />}
      {choice === "dismiss" && <DismissForm {...shared} />}
      {choice === "lagesbild" && <PublicForm {...shared} reason="lagesbild" />}
      {choice === "merge" && <MergeForm {...shared} />}
      {choice === "withhold" && <WithholdForm {...shared} />}
      {(choice === "release" || choice === "unmerge") && (
        <>
          <p>{t(`decide.${choice}_means`)}</p>
          <Send
            busy={sending.busy}
            act={() =>
              act(
                [],
                choice === "release"
                  ? operation("observation.release", finding.id, {})
                  : operation("observation.unmerge", finding.id, {}),
              )
            }
            word={t(`decide.${choice}`)}
          />
        </>
      )}
      <Problem text={stopped || sending.problem} />
    </div>
  );
}

type FormProps = DecideProps & { act: (texts: string[], ...operations: Operation[]) => Promise<void>; busy: boolean };

function Send({ busy, act, word, disabled }: { busy: boolean; act: () => void; word: string; disabled?: boolean }) {
  return (
    <p>
      <button type="button" class="btn go" disabled={busy || disabled} onClick={act}>
        {word}
      </button>
    </p>
  );
}

function TaskForm({ finding, seen, municipality, act, busy }: FormProps) {
  const category = municipality.categories.find((found) => found.code === seen.category)?.name ?? seen.category;
  const rule = finding.suggestion;
  const [title, setTitle] = useState(category);
  const owners = ownersOf(municipality.departments);
  // Where the rules leave it to the coordination, the coordinator chooses: nothing is chosen beforehand.
  const ruled = owners.some((found) => found.id === rule?.department);
  const [department, setDepartment] = useState(ruled ? (rule?.department ?? "") : "");
  const [why, setWhy] = useState(ruled ? (rule?.reason ?? "") : "");
  const [due, setDue] = useState(rule?.due_on ?? addDays(dateIn(new Date()), DEFAULT_DAYS));
  const [priority, setPriority] = useState(`${priorityOf(seen.severity)}`);
  const own = department !== rule?.department;
  const owner = owners.find((found) => found.id === department);
  const asked = isAsked(owner?.kind);
  return (
    <>
      <TextField label={t("task.title")} value={title} max={100} onValue={setTitle} />
      <SelectField
        label={t("task.department")}
        value={department}
        onValue={(id) => {
          setDepartment(id);
          setWhy(id === rule?.department ? rule.reason : "");
        }}
        options={[
          { value: "", name: t("decide.choose") },
          ...owners.map((found) => ({ value: found.id, name: found.name })),
        ]}
      />
      {asked && <p class="note">{t("task.asking", { unit: owner?.name })}</p>}
      <GuardedText
        label={t("task.explanation")}
        hint={own ? t("task.explanation_own") : t("task.explanation_rule")}
        value={why}
        max={300}
        onValue={setWhy}
      />
      <div class="cols2">
        <TextField label={t("task.due")} type="date" value={due} onValue={setDue} />
        <SelectField
          label={t("task.priority")}
          value={priority}
          onValue={setPriority}
          options={[1, 2, 3].map((n) => ({ value: `${n}`, name: t(`priority.${n}`) }))}
        />
      </div>
      <Send
        busy={busy}
        disabled={!title.trim() || !why.trim() || !due || !department}
        word={t(asked ? "decide.ask_owner" : "decide.make_task")}
        act={() =>
          void act(
            [title, why],
            ...makeTask(finding, {
              title: title.trim(),
              department,
              explanation: why.trim(),
              due_on: due,
              priority: Number(priority) as 1 | 2 | 3,
            }),
          )
        }
      />
    </>
  );
}

function LinkForm({ finding, act, busy }: FormProps) {
  return (
    <>
      <p class="quiet">{t("decide.link_means")}</p>
      <ul class="choices">
        {finding.near.map((near) => (
          <li key={near.task}>
            <button
              type="button"
              class="side"
              disabled={busy}
              onClick={() => void act([], operation("task.link", near.task, { observation: finding.id }))}
            >
              <span>
                <b>{near.title}</b>
                <span class="quiet block">
                  {t("decide.near", { m: Math.round(near.distance_m) })}. {t(`task.word.${near.state}`)}.
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function DismissForm(props: FormProps) {
  const [reason, setReason] = useState<DismissReason | "">("");
  return (
    <>
      <RadioField
        label={t("decide.reason")}
        value={reason}
        onValue={(value) => setReason(value as DismissReason)}
        options={DISMISSALS.map((value) => ({ value, name: t(`dismiss.${value}`) }))}
      />
      {reason === "personal_matter" && <p class="note">{t("decide.personal_matter_help")}</p>}
      {reason && <PublicForm key={reason} {...props} reason={reason} />}
    </>
  );
}

/** The reason and the text the walker reads. A ready sentence per reason can be sent as it is. */
function PublicForm({ finding, act, busy, reason }: FormProps & { reason: DismissReason }) {
  const [text, setText] = useState(t(`dismiss.text.${reason}`));
  return (
    <>
      <GuardedText label={t("form.public")} hint={t("form.public_hint")} value={text} onValue={setText} />
      <Send
        busy={busy}
        disabled={!text.trim()}
        word={t(reason === "lagesbild" ? "decide.lagesbild" : "decide.dismiss_now")}
        act={() => void act([text], operation("observation.dismiss", finding.id, { reason, public_text: text.trim() }))}
      />
    </>
  );
}

function MergeForm({ finding, others, municipality, act, busy }: FormProps) {
  const [into, setInto] = useState("");
  const name = (code: string) => municipality.categories.find((found) => found.code === code)?.name ?? code;
  if (others.length === 0) return <p class="quiet">{t("decide.merge_none")}</p>;
  return (
    <>
      <SelectField
        label={t("decide.merge_into")}
        hint={t("decide.merge_means")}
        value={into}
        onValue={setInto}
        options={[
          { value: "", name: t("decide.choose") },
          ...others.map((row) => ({ value: row.id, name: `${row.number}: ${name(row.category)}. ${placeOf(row)}` })),
        ]}
      />
      <Send
        busy={busy}
        disabled={!into}
        word={t("decide.merge")}
        act={() => void act([], operation("observation.merge", finding.id, { into }))}
      />
    </>
  );
}

function WithholdForm({ finding, act, busy }: FormProps) {
  const [reason, setReason] = useState("");
  return (
    <>
      <GuardedText
        label={t("decide.withhold_reason")}
        hint={t("decide.withhold_means")}
        value={reason}
        onValue={setReason}
      />
      <Send
        busy={busy}
        disabled={!reason.trim()}
        word={t("decide.withhold")}
        act={() => void act([reason], operation("observation.withhold", finding.id, { reason: reason.trim() }))}
      />
    </>
  );
}
