import { icons } from "virtual:icons?arrow-up";
import type { Bodies, RaiseState } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { href } from "../router";
import { dateIn, plainDate } from "../time/stockholm";

/** What more lamps say of a task that is here already, and why. Nothing moves before somebody presses. */
export function Raise({ it, named }: { it: RaiseState; named?: boolean }) {
  const sending = useSubmit();
  const body: Bodies["task.change"] = {
    reason: it.because,
    priority: it.priority,
    ...(it.due_on ? { due_on: it.due_on } : {}),
  };
  const raise = () =>
    void sending.send(
      t("raise.done", { number: it.number, to: t(`priority.${it.priority}`) }),
      operation("task.change", it.task, body, it.version),
    );
  return (
    <div class="note stack">
      <p>
        {named && (
          <a href={href(`/atgarder/${it.task}`)}>
            {it.number}: {it.title}
          </a>
        )}{" "}
        {it.because} {t("raise.stands", { from: t(`priority.${it.stands}`), to: t(`priority.${it.priority}`) })}
        {it.due_on && ` ${t("raise.due", { date: plainDate(dateIn(`${it.due_on}T12:00:00Z`)) })}`}
      </p>
      <p>
        <button type="button" class="btn" disabled={sending.busy} onClick={raise}>
          <Icon drawing={icons["arrow-up"] ?? ""} />
          {named ? t("raise.this", { number: it.number }) : t("raise.now")}
        </button>
      </p>
      <Problem text={sending.problem} />
    </div>
  );
}
