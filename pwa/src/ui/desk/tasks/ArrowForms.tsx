import { icons } from "virtual:icons?user-check,calendar-check,calendar-clock,wrench,circle-dot,eye,hourglass,forward,undo-2,circle-minus,rotate-ccw,signpost,scale,message-square";
import { useEffect, useRef, useState } from "preact/hooks";
import type { DueDates, OperationType } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { me } from "../data/session";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, RadioField, SelectField, TextField } from "../parts/Fields";
import { query } from "../router";
import { addDays, dateIn } from "../time/stockholm";
import { AfterPhoto, type Uploaded } from "./AfterPhoto";
import {
  type Arrow,
  bodyFrom,
  type FieldSpec,
  fieldsOf,
  formsFor,
  mainArrow,
  missingFrom,
  type Values,
} from "./arrows";
import { dueOf, whyDue } from "./dueDates";
import { isClosed } from "./lateness";
import { isAsked, type Owner, ownersOf } from "./owners";
import { type Given, myself, PersonField } from "./PersonField";
import { PublicField } from "./PublicField";
import { beforeOf, type WholeTask } from "./TaskPage";

const ICONS: Record<Arrow, string> = {
  "task.assign": "signpost",
  "task.accept": "user-check",
  "task.plan": "calendar-check",
  "task.replan": "calendar-clock",
  "task.start": "wrench",
  "task.finish": "circle-dot",
  "task.verify": "eye",
  "task.wait": "hourglass",
  "task.refer": "forward",
  "task.hand_over": "scale",
  "task.decline": "undo-2",
  "task.refuse": "circle-minus",
  "task.reopen": "rotate-ccw",
  "task.uphold": "message-square",
};

interface Props {
  task: WholeTask;
  departments: Owner[];
}

interface FormsProps extends Props {
  /** Only these of the steps that may be taken; one alone is opened at once. */
  among?: readonly OperationType[];
  onDone?: () => void;
}

/** The steps this person may take now, each with its form. Without any, it says who has the next step. */
export function ArrowForms({ task, departments, among, onDone }: FormsProps) {
  const all = formsFor(task.arrows);
  const wanted = all.filter((arrow) => !among || among.includes(arrow));
  // What was asked for cannot be done from here: say so, and show what can.
  const allowed = wanted.length > 0 ? wanted : all;
  const main = mainArrow(allowed);
  const [open, setOpen] = useState<Arrow | null>(among && wanted.length === 1 ? (wanted[0] ?? null) : null);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open && (onDone || query.value.has("steg"))) first.current?.focus();
  }, []);
  // The task has moved on, perhaps by somebody else: the open form may no longer fit.
  const shown = open && allowed.includes(open) ? open : null;
  if (allowed.length === 0) return <p class="quiet">{t(isClosed(task.state) ? "arrow.closed" : "arrow.none")}</p>;
  const ordered = main ? [main, ...allowed.filter((arrow) => arrow !== main)] : allowed;
  return (
    <section class="stack arrows" aria-labelledby="next-step">
      <h2 id="next-step">{t("arrow.title")}</h2>
      {wanted.length === 0 && <p class="note">{t("arrow.not_from_here")}</p>}
      <div class="arrow-buttons">
        {ordered.map((arrow, i) => (
          <button
            key={arrow}
            ref={i === 0 ? first : null}
            type="button"
            class={`btn${arrow === main ? " go" : ""}`}
            aria-expanded={arrow === shown}
            onClick={() => setOpen(arrow === shown ? null : arrow)}
          >
            <Icon drawing={icons[ICONS[arrow]] ?? ""} />
            {t(`arrow.${arrow}`)}
          </button>
        ))}
      </div>
      {shown && (
        <ArrowForm
          key={shown}
          arrow={shown}
          task={task}
          departments={departments}
          onDone={() => {
            setOpen(null);
            onDone?.();
          }}
        />
      )}
    </section>
  );
}

/** Believable first values: who I am, today, in a week. The person changes what is wrong. */
function firstValues(arrow: Arrow, task: WholeTask): Values {
  const today = dateIn(new Date());
  return {
    ...myself(),
    department: task.department ?? task.proposed?.department ?? "",
    explanation: task.explanation,
    due_on: "",
    planned_on: addDays(today, 7),
    next_look_on: addDays(today, 14),
    seen_on: today,
    said_on: today,
    handed_on: today,
    extent: arrow === "task.finish" ? "full" : "",
  };
}

interface FormProps extends Props {
  arrow: Arrow;
  onDone: () => void;
  /** Words from somewhere else, to begin with; whoever reads them takes out what not everybody should. */
  draft?: string;
}

export function ArrowForm({ arrow, task, departments, onDone, draft }: FormProps) {
  const kept = `desk.arrow.${task.id}.${arrow}`;
  const [values, setValues] = useState<Values>(() => ({
    ...firstValues(arrow, task),
    ...(JSON.parse(sessionStorage.getItem(kept) ?? "{}") as Values),
    ...(draft ? { public_text: draft } : {}),
  }));
  const coordinator = me.value?.user.role === "coordinator";
  const fields = fieldsOf(arrow, task.state, coordinator);
  const [photos, setPhotos] = useState<Uploaded[]>([]);
  const [tried, setTried] = useState(false);
  const [stopped, setStopped] = useState("");
  const due = useLoad<DueDates>(fields.some(({ name }) => name === "due_on") ? `/api/deadlines?task=${task.id}` : null);
  const times = due.data?.deadlines[task.id];
  const sending = useSubmit();
  const guard = useGuard();
  const form = useRef<HTMLFormElement>(null);
  const missing = missingFrom(fields, arrow, values, photos.length);
  const owner = departments.find((found) => found.id === values.department);
  const asking = arrow === "task.assign" && isAsked(owner?.kind);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, []);
  useEffect(() => {
    const said = dueOf(times, task.priority);
    if (said) setValues((now) => (now.due_on ? now : { ...now, due_on: said }));
  }, [times]);
  useEffect(() => sessionStorage.setItem(kept, JSON.stringify(values)), [kept, values]);

  async function take(event: Event) {
    event.preventDefault();
    setTried(true);
    if (missing.length > 0) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    const texts = fields
      .filter(
        (field) =>
          field.kind === "public" || field.kind === "internal" || field.kind === "line" || field.kind === "person",
      )
      .map((field) => values[field.name] ?? "");
    const objection = guard(texts);
    setStopped(objection ?? "");
    if (objection) return;
    const body = bodyFrom(
      arrow,
      values,
      photos.map((photo) => photo.id),
    );
    if (await sending.send(t(`arrow.done.${arrow}`), operation(arrow, task.id, body, task.version))) {
      sessionStorage.removeItem(kept);
      onDone();
    }
  }

  return (
    <form ref={form} class="box stack" onSubmit={take} noValidate aria-label={t(`arrow.${arrow}`)}>
      <p class="quiet">
        {arrow === "task.refuse" && coordinator
          ? t("arrow.refuse_for", { unit: task.department_name ?? "" })
          : t(`arrow.means.${arrow}`)}
      </p>
      {fields.map((field) => (
        <FieldOf
          key={field.name}
          field={field}
          arrow={arrow}
          task={task}
          value={values[field.name] ?? ""}
          onValue={(value) => setValues({ ...values, [field.name]: value })}
          given={{ person: values.person ?? "", assignee: values.assignee ?? "" }}
          onGiven={(given) => setValues({ ...values, ...given })}
          error={
            tried && (missing.includes(field.name) || (field.name === "public_text" && missing.includes("evidence")))
              ? t(
                  missing.includes("evidence") && field.name === "public_text"
                    ? "field.error.evidence"
                    : `field.error.${field.kind}`,
                )
              : ""
          }
          departments={departments}
          photos={photos}
          setPhotos={setPhotos}
          body={() =>
            bodyFrom(
              arrow,
              values,
              photos.map((photo) => photo.id),
            )
          }
          ready={missing.length === 0}
          hint={field.name === "due_on" ? whyDue(times, task.priority, values.due_on ?? "") : ""}
        />
      ))}
      {asking && <p class="note">{t("task.asking", { unit: owner?.name })}</p>}
      <Problem text={stopped || sending.problem} />
      <button type="submit" class="btn go tall" disabled={sending.busy}>
        {asking ? t("arrow.ask_owner") : t(`arrow.now.${arrow}`)}
      </button>
    </form>
  );
}

interface FieldOfProps {
  field: FieldSpec;
  arrow: Arrow;
  task: WholeTask;
  value: string;
  onValue: (value: string) => void;
  given: Given;
  onGiven: (given: Given) => void;
  error: string;
  departments: Owner[];
  photos: Uploaded[];
  setPhotos: (photos: Uploaded[]) => void;
  body: () => object;
  ready: boolean;
  hint: string;
}

function FieldOf(props: FieldOfProps) {
  const { field, arrow, task, value, onValue, error, departments, photos, setPhotos } = props;
  const label = t(`field.${field.name}`);
  const shared = { value, onValue, ...(error ? { error } : {}) };
  const optional = field.required || arrow === "task.finish" ? {} : { optional: true };
  switch (field.kind) {
    case "line":
      return <TextField label={label} max={120} {...shared} {...optional} />;
    case "person":
      return <PersonField given={props.given} onGiven={props.onGiven} {...(error ? { error } : {})} />;
    case "date":
      return <TextField label={label} type="date" {...(props.hint ? { hint: props.hint } : {})} {...shared} />;
    case "choice":
      return (
        <RadioField
          label={label}
          {...shared}
          options={(field.options ?? []).map((option) => ({ value: option, name: t(`field.${field.name}.${option}`) }))}
        />
      );
    case "department":
      return (
        <SelectField
          label={label}
          {...shared}
          options={[
            { value: "", name: t(field.required ? "decide.choose" : "field.unknown_owner") },
            ...ownersOf(departments).map((found) => ({ value: found.id, name: found.name })),
          ]}
        />
      );
    case "internal":
      return <GuardedText label={label} hint={t("form.internal_hint")} {...shared} {...optional} />;
    case "public":
      return (
        <PublicField label={label} {...shared} arrow={arrow} task={task} body={props.ready ? props.body() : null} />
      );
    case "photos":
      return <AfterPhoto task={task.id} before={beforeOf(task)} photos={photos} onPhotos={setPhotos} />;
  }
}
