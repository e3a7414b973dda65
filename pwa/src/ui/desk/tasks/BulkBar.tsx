import { icons } from "virtual:icons?calendar-check,user-check";
import { useState } from "preact/hooks";
import type { TaskRow, TaskWord } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { me } from "../data/session";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { addDays, dateIn } from "../time/stockholm";

type Bulk = "accept" | "plan";
/** The states each step may start from; the others in the choice are left as they are, and the bar says how many. */
const FROM: Record<Bulk, readonly TaskWord[]> = { accept: ["assigned"], plan: ["accepted", "waiting"] };

/** Several tasks at once: take them on, or set one day for them all. Only in the department that owns them. */
export function BulkBar({ tasks, onDone }: { tasks: TaskRow[]; onDone: () => void }) {
  const [open, setOpen] = useState<Bulk | null>(null);
  const [person, setPerson] = useState(me.value?.user.function ?? "");
  const [day, setDay] = useState(addDays(dateIn(new Date()), 7));
  const sending = useSubmit();
  const mine = me.value?.organisation.id;
  const can = (bulk: Bulk) => tasks.filter((task) => task.department === mine && FROM[bulk].includes(task.state));
  async function act(bulk: Bulk) {
    const made = can(bulk).map((task) =>
      bulk === "accept"
        ? operation("task.accept", task.id, { person }, task.version)
        : operation("task.plan", task.id, { planned_on: day }, task.version),
    );
    if (await sending.send(t(`bulk.done.${bulk}`, { n: made.length }), ...made)) {
      setOpen(null);
      onDone();
    }
  }
  return (
    <div class="bulk">
      {tasks.length > 0 && (
        <>
          <p>
            <b>{t("bulk.chosen", { n: tasks.length })}</b>
          </p>
          <button
            type="button"
            class="btn"
            aria-expanded={open === "accept"}
            disabled={can("accept").length === 0}
            onClick={() => setOpen(open === "accept" ? null : "accept")}
          >
            <Icon drawing={icons["user-check"] ?? ""} />
            {t("bulk.accept")} ({can("accept").length})
          </button>
          <button
            type="button"
            class="btn"
            aria-expanded={open === "plan"}
            disabled={can("plan").length === 0}
            onClick={() => setOpen(open === "plan" ? null : "plan")}
          >
            <Icon drawing={icons["calendar-check"] ?? ""} />
            {t("bulk.plan")} ({can("plan").length})
          </button>
        </>
      )}
      <p class="keys">
        <kbd>j</kbd> <kbd>k</kbd> {t("keys.go")} <kbd>x</kbd> {t("keys.choose")} <kbd>s</kbd> {t("keys.status")}
      </p>
      {open && tasks.length > 0 && (
        <div class="bulk-form">
          {open === "accept" ? (
            <TextField label={t("field.person")} value={person} onValue={setPerson} max={80} />
          ) : (
            <TextField label={t("field.planned_on")} type="date" value={day} onValue={setDay} />
          )}
          <button
            type="button"
            class="btn go"
            disabled={sending.busy || !person.trim() || !day}
            onClick={() => void act(open)}
          >
            {t(`bulk.now.${open}`, { n: can(open).length })}
          </button>
          <Problem text={sending.problem} />
        </div>
      )}
    </div>
  );
}
