import { useEffect, useRef, useState } from "preact/hooks";
import type { DismissReason, FindingRow, MunicipalityState, Operation, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { GuardedText, SelectField, TextField } from "../parts/Fields";
import { useKeys } from "../parts/keys";
import { AsRead } from "../tasks/AsRead";
import { dueOf, whyDue } from "../tasks/dueDates";
import { FindTask } from "../tasks/FindTask";
import { isAsked, ownersOf } from "../tasks/owners";
import { DISMISSALS, makeTask, priorityOf, type Reviewed, reviewOf } from "./decisions";
import { placeRead, placeSaid } from "./moderated";

export interface FormProps {
  finding: FindingRow;
  base: number; // the version that was opened
  seen: Reviewed;
  municipality: MunicipalityState;
  act: (texts: string[], ...operations: Operation[]) => Promise<void>;
  busy: boolean;
}

interface SendProps {
  busy: boolean;
  act: () => void;
  word: string;
  disabled?: boolean;
  focused?: boolean; // Enter is the next key
}

export function Send({ busy, act, word, disabled, focused }: SendProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focused) button.current?.focus();
  }, [focused]);
  return (
    <p>
      <button ref={button} type="button" class="btn go" disabled={busy || disabled} onClick={act}>
        {word}
      </button>
    </p>
  );
}

/** Numbered choices: the number on the keyboard chooses, and Enter then sends. */
function Numbered({ label, names, onChoose }: { label: string; names: string[]; onChoose: (at: number) => void }) {
  useKeys(Object.fromEntries(names.map((_, at) => [`${at + 1}`, () => onChoose(at)])));
  return (
    <fieldset class="field-row">
      <legend class="field-label">{label}</legend>
      <div class="reasons">
        {names.map((name, at) => (
          <button key={name} type="button" class="side" onClick={() => onChoose(at)}>
            <kbd>{at + 1}</kbd> {name}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

/** What the person has written; what they have not touched follows the category and what the rules say of it. */
interface Own {
  title?: string;
  place?: string;
  department?: string;
  why?: string | undefined;
  due?: string;
  priority?: string;
}

export function TaskForm({ finding, seen, municipality, act, busy }: FormProps) {
  const rule = finding.suggestion;
  const [opened] = useState(finding);
  const [own, setOwn] = useState<Own>({});
  const owners = ownersOf(municipality.departments);
  // Where the rules leave it to the coordination, the coordinator chooses: nothing is chosen beforehand.
  const ruled = owners.find((found) => found.id === rule?.department)?.id ?? "";
  const department = own.department ?? ruled;
  const isRuled = Boolean(rule) && department === ruled;
  const category = municipality.categories.find((found) => found.code === seen.category)?.name ?? seen.category;
  const title = own.title ?? category;
  const place = own.place ?? placeRead(finding);
  const why = own.why ?? (isRuled && rule ? rule.reason : "");
  const priority = own.priority ?? `${rule?.priority ?? priorityOf(seen.severity)}`;
  const due = own.due ?? dueOf(rule?.times, priority);
  const owner = owners.find((found) => found.id === department);
  const asked = isAsked(owner?.kind);
  const set = (some: Own) => setOwn({ ...own, ...some });
  return (
    <>
      <TextField label={t("task.title")} value={title} max={100} onValue={(it) => set({ title: it })} />
      <TextField
        label={t("task.place")}
        {...(finding.place_words ? { hint: t("task.place_theirs", { words: finding.place_words }) } : {})}
        value={place}
        max={120}
        onValue={(it) => set({ place: it })}
      />
      <SelectField
        label={t("task.department")}
        value={department}
        onValue={(id) => set({ department: id, why: undefined })}
        options={[
          { value: "", name: t("decide.choose") },
          ...owners.map((found) => ({ value: found.id, name: found.name })),
        ]}
      />
      {asked && <p class="note">{t("task.asking", { unit: owner?.name })}</p>}
      <GuardedText
        label={t("task.explanation")}
        hint={isRuled ? t("task.explanation_rule") : t("task.explanation_own")}
        value={why}
        max={300}
        onValue={(it) => set({ why: it })}
      />
      <div class="cols2">
        <TextField label={t("task.due")} type="date" value={due} onValue={(it) => set({ due: it })} />
        <SelectField
          label={t("task.priority")}
          value={priority}
          onValue={(it) => set({ priority: it })}
          options={[1, 2, 3].map((n) => ({ value: `${n}`, name: t(`priority.${n}`) }))}
        />
      </div>
      {rule && <p class="quiet">{whyDue(rule.times, priority, due)}</p>}
      <Send
        busy={busy}
        disabled={!title.trim() || !why.trim() || !due || !department || !(place.trim() || finding.position)}
        word={t(asked ? "decide.ask_owner" : "decide.make_task")}
        act={() =>
          void act(
            [title, place, why],
            ...(place.trim() === placeRead(opened)
              ? []
              : [operation("observation.moderate", opened.id, { place: placeSaid(opened, place) })]),
            ...makeTask(opened, {
              title: title.trim(),
              department,
              explanation: why.trim(),
              due_on: due,
              priority: Number(priority) as 1 | 2 | 3,
              ...(Number(priority) === rule?.priority ? { priority_reason: rule.priority_reason } : {}),
            }),
          )
        }
      />
    </>
  );
}

export function LinkForm({ finding, act, busy }: FormProps) {
  const near = finding.near.filter(({ task }) => task);
  const join = (task: Uuid) => void act([], operation("task.link", task, { observation: finding.id }));
  return (
    <>
      {near.length > 0 && <p class="quiet">{t("decide.link_means")}</p>}
      {near.length > 0 && (
        <ul class="choices">
          {near.map(
            ({ task, title, distance_m, state }) =>
              task && (
                <li key={task}>
                  <button type="button" class="side" disabled={busy} onClick={() => join(task)}>
                    <span>
                      <b>{title}</b>
                      <span class="quiet block">
                        {t("decide.near", { m: Math.round(distance_m) })}. {t(`task.word.${state}`)}.
                      </span>
                    </span>
                  </button>
                </li>
              ),
          )}
        </ul>
      )}
      <FindTask
        label={t(near.length > 0 ? "find_task.another" : "find_task.label")}
        except={finding.tasks}
        from={finding.point}
        busy={busy}
        onChoose={({ id }) => join(id)}
      />
    </>
  );
}

export function DismissForm(props: FormProps) {
  const [reason, setReason] = useState<DismissReason | "">("");
  if (reason) return <PublicForm key={reason} {...props} reason={reason} focused />;
  return (
    <Numbered
      label={t("decide.reason")}
      names={DISMISSALS.map((value) => t(`dismiss.${value}`))}
      onChoose={(at) => setReason(DISMISSALS[at] ?? "")}
    />
  );
}

type PublicProps = FormProps & { reason: DismissReason; focused?: boolean };

/** The reason and the text the walker reads. A ready sentence per reason can be sent as it is. */
export function PublicForm({ finding, municipality, base, seen, act, busy, reason, focused }: PublicProps) {
  const [text, setText] = useState(t(`dismiss.text.${reason}`));
  const turned = operation("observation.dismiss", finding.id, { reason, public_text: text.trim() }, base);
  const acts = [...reviewOf(finding, seen, base), turned];
  const turnTo = reason === "personal_matter" ? (municipality.turn_to ?? []) : [];
  return (
    <>
      <p>
        <b>{t(`dismiss.${reason}`)}</b>
      </p>
      {reason === "personal_matter" && <p class="note">{t("decide.personal_matter_help")}</p>}
      <GuardedText label={t("form.public")} hint={t("form.public_hint")} value={text} onValue={setText} />
      <AsRead reads={text.trim() ? [{ id: finding.id, name: finding.number, place: placeRead(finding), acts }] : []} />
      {turnTo.length > 0 && (
        <div>
          <p class="field-label">{t("decide.turn_to")}</p>
          <ul class="turn-to">
            {turnTo.map((it) => (
              <li key={it.when}>
                {it.when} {it.who} {it.phone} {it.url}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Send
        busy={busy}
        disabled={!text.trim()}
        focused={focused ?? false}
        word={t(reason === "lagesbild" ? "decide.lagesbild" : "decide.dismiss_now")}
        act={() => void act([text], turned)}
      />
    </>
  );
}

/** What was turned away is taken up again: the answer that was given goes, and why stays with the finding. */
export function ReopenForm({ finding, base, seen, act, busy }: FormProps) {
  const [reason, setReason] = useState("");
  const body = { category: seen.category, severity: seen.severity, note: reason.trim() };
  return (
    <>
      <p>{t("decide.reopen_means")}</p>
      <GuardedText label={t("decide.reopen_why")} hint={t("form.internal_hint")} value={reason} onValue={setReason} />
      <Send
        busy={busy}
        disabled={!reason.trim()}
        word={t("decide.reopen")}
        act={() => void act([reason], operation("observation.review", finding.id, body, base))}
      />
    </>
  );
}

const READY = ["person", "home", "words"] as const;

export function WithholdForm({ finding, act, busy }: FormProps) {
  const [reason, setReason] = useState("");
  const [chosen, setChosen] = useState(0);
  return (
    <>
      <p class="quiet">{t("decide.withhold_means")}</p>
      <Numbered
        label={t("decide.withhold_reason")}
        names={READY.map((word) => t(`withhold.${word}`))}
        onChoose={(at) => {
          setReason(t(`withhold.${READY[at]}`));
          setChosen(chosen + 1);
        }}
      />
      <GuardedText label={t("decide.withhold_own")} value={reason} onValue={setReason} />
      <Send
        key={chosen}
        busy={busy}
        disabled={!reason.trim()}
        focused={chosen > 0}
        word={t("decide.withhold")}
        act={() => void act([reason], operation("observation.withhold", finding.id, { reason: reason.trim() }))}
      />
    </>
  );
}
