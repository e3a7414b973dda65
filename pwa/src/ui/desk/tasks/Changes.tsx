import { icons } from "virtual:icons?pencil,users";
import { useState } from "preact/hooks";
import type { Bodies, DueDates } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, RadioField, TextField } from "../parts/Fields";
import { dueOf, whyDue } from "./dueDates";
import { PersonField } from "./PersonField";
import type { WholeTask } from "./TaskPage";

type Which = "task.change" | "task.hand_on";
const ICONS: Record<Which, string> = { "task.change": "pencil", "task.hand_on": "users" };
const ALL: readonly Which[] = ["task.change", "task.hand_on"];

/** What can be put right without the task moving anywhere. */
export function Changes({ task }: { task: WholeTask }) {
  const [open, setOpen] = useState<Which | null>(null);
  const may = ALL.filter((one) => task.changes.includes(one));
  if (may.length === 0) return null;
  const done = () => setOpen(null);
  return (
    <section class="stack" aria-label={t("change.title")}>
      <div class="acts">
        {may.map((one) => (
          <button
            key={one}
            type="button"
            class="btn"
            aria-expanded={open === one}
            onClick={() => setOpen(open === one ? null : one)}
          >
            <Icon drawing={icons[ICONS[one]] ?? ""} />
            {t(`change.${one}`)}
          </button>
        ))}
      </div>
      {open === "task.change" && <ChangeForm task={task} onDone={done} />}
      {open === "task.hand_on" && <HandOnForm task={task} onDone={done} />}
    </section>
  );
}

interface FormProps {
  task: WholeTask;
  onDone: () => void;
}

/** As it was when the form was opened: what somebody else changes meanwhile is not overwritten in silence. */
function useAsOpened(task: WholeTask): WholeTask {
  const [opened] = useState(task);
  return opened;
}

function ChangeForm({ task: now, onDone }: FormProps) {
  const task = useAsOpened(now);
  const [title, setTitle] = useState(task.title);
  const [place, setPlace] = useState(task.place);
  const [priority, setPriority] = useState(`${task.priority}`);
  const [own, setDue] = useState<string | null>(null);
  const days = useLoad<DueDates>(task.due_on ? `/api/deadlines?task=${task.id}` : null);
  const times = days.data?.deadlines[task.id];
  // Another priority has another time, unless the person says which day.
  const due = own ?? (priority === `${task.priority}` ? task.due_on : dueOf(times, priority) || task.due_on) ?? "";
  const [reason, setReason] = useState("");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  const samePlace = place.trim() === task.place;
  const sameWords = title.trim() === task.title && samePlace;
  const isSame = sameWords && priority === `${task.priority}` && due === (task.due_on ?? "");

  async function save(event: Event) {
    event.preventDefault();
    if (isSame || !reason.trim() || !title.trim() || (task.due_on && !due)) {
      setStopped(t(isSame ? "change.same" : "change.missing"));
      return;
    }
    const objection = guard([title, place, reason]);
    setStopped(objection ?? "");
    if (objection) return;
    const body: Bodies["task.change"] = {
      reason: reason.trim(),
      ...(title.trim() === task.title ? {} : { title: title.trim() }),
      ...(samePlace ? {} : { place: place.trim() }),
      ...(priority === `${task.priority}` ? {} : { priority: Number(priority) as 1 | 2 | 3 }),
      ...(due && due !== task.due_on ? { due_on: due } : {}),
    };
    if (await sending.send(t("change.done"), operation("task.change", task.id, body, task.version))) onDone();
  }

  return (
    <form class="box stack" onSubmit={save} noValidate aria-label={t("change.task.change")}>
      <TextField label={t("change.name")} max={120} value={title} onValue={setTitle} />
      <TextField label={t("task.place")} max={120} value={place} onValue={setPlace} />
      <RadioField
        label={t("task.priority")}
        value={priority}
        onValue={setPriority}
        options={(["1", "2", "3"] as const).map((one) => ({ value: one, name: t(`priority.${one}`) }))}
      />
      {task.due_on && (
        <TextField
          label={t("task.due")}
          {...(times ? { hint: whyDue(times, priority, due) } : {})}
          type="date"
          value={due}
          onValue={setDue}
        />
      )}
      <GuardedText label={t("change.reason")} hint={t("change.reason_hint")} value={reason} onValue={setReason} />
      <Problem text={stopped || sending.problem} />
      <button type="submit" class="btn go tall" disabled={sending.busy}>
        {t("change.save")}
      </button>
    </form>
  );
}

function HandOnForm({ task: now, onDone }: FormProps) {
  const task = useAsOpened(now);
  const [given, setGiven] = useState({ person: task.person, assignee: task.assignee ?? "" });
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();

  async function save(event: Event) {
    event.preventDefault();
    const person = given.person.trim();
    if (!person || (person === task.person && given.assignee === (task.assignee ?? ""))) {
      setStopped(t(person ? "change.same" : "field.error.line"));
      return;
    }
    const objection = guard([person]);
    setStopped(objection ?? "");
    if (objection) return;
    const body = { person, assignee: given.assignee || null };
    const handed = operation("task.hand_on", task.id, body, task.version);
    if (await sending.send(t("change.handed_on"), handed)) onDone();
  }

  return (
    <form class="box stack" onSubmit={save} noValidate aria-label={t("change.task.hand_on")}>
      <PersonField given={given} onGiven={setGiven} />
      <Problem text={stopped || sending.problem} />
      <button type="submit" class="btn go tall" disabled={sending.busy}>
        {t("change.save")}
      </button>
    </form>
  );
}
