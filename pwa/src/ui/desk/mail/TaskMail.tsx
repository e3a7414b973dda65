import { useState } from "preact/hooks";
import type { TaskMail as Found, MailRow, OperationType } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { ArrowForm } from "../tasks/ArrowForms";
import { type Arrow, formsFor } from "../tasks/arrows";
import type { Owner } from "../tasks/owners";
import type { WholeTask } from "../tasks/TaskPage";
import { MailCard } from "./MailCard";

/** The steps that somebody who answers by mail may have meant. */
const MEANT: readonly OperationType[] = [
  "task.accept",
  "task.plan",
  "task.replan",
  "task.wait",
  "task.finish",
  "task.decline",
  "task.refuse",
];

/** What was answered by mail about this task; nothing where nothing was. */
export function TaskMail({ task, departments }: { task: WholeTask; departments: Owner[] }) {
  const found = useLoad<Found>(`/api/tasks/${task.id}/mail`, 60_000);
  const rows = found.data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="task-mail">
      <h2 id="task-mail">{t("mejl.section")}</h2>
      {rows.map((it) => (
        <MailCard key={it.id} it={it} on="task">
          {it.state === "unread" && <UseIt it={it} task={task} departments={departments} />}
        </MailCard>
      ))}
    </section>
  );
}

/** One press opens the ordinary form with the mail's words in it; sent, the mail is used. */
function UseIt({ it, task, departments }: { it: MailRow; task: WholeTask; departments: Owner[] }) {
  const [open, setOpen] = useState<Arrow | null>(null);
  const sending = useSubmit();
  const steps = formsFor(task.arrows).filter((arrow) => MEANT.includes(arrow));
  if (steps.length === 0) return null;
  const shown = open && steps.includes(open) ? open : null;
  return (
    <div class="stack">
      <b>{t("mejl.use")}</b>
      <div class="arrow-buttons">
        {steps.map((arrow) => (
          <button
            key={arrow}
            type="button"
            class="btn"
            aria-expanded={arrow === shown}
            aria-label={t("mejl.use_in", { step: t(`arrow.${arrow}`), number: it.number })}
            onClick={() => setOpen(arrow === shown ? null : arrow)}
          >
            {t(`arrow.${arrow}`)}
          </button>
        ))}
      </div>
      <Problem text={sending.problem} />
      {shown && (
        <>
          <p class="note">{t("mejl.use_about")}</p>
          <ArrowForm
            key={shown}
            arrow={shown}
            task={task}
            departments={departments}
            draft={it.text}
            onDone={() => {
              setOpen(null);
              void sending.send(
                t("mejl.now_used", { number: it.number }),
                operation("incoming_mail.use", it.id, {}, it.version),
              );
            }}
          />
        </>
      )}
    </div>
  );
}
