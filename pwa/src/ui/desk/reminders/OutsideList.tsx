import { icons } from "virtual:icons?unplug";
import type { ComponentChildren } from "preact";
import type { Operation, OperationType, Outside } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { deliveryReason } from "../connections/reasons";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { href } from "../router";
import { shortMoment } from "../time/stockholm";

/** What has not come through to other systems, why, and a press to try again. Nothing is drawn when all has. */
export function OutsideList({ it }: { it: Outside }) {
  if (it.undone.length + it.tasks.length + it.silent.length + it.webhooks.length === 0) return null;
  return (
    <section aria-labelledby="outside">
      <h2 id="outside">{t("late.outside")}</h2>
      <ul class="phonelist">
        {it.undone.map((row) => (
          <Card
            key={row.id}
            title={<a href={href(`/atgarder/${row.id}`)}>{t("late.outside.undone", { ...row })}</a>}
            again={null}
          >
            <p>{t("late.outside.undone_about", { party: row.party, day: shortMoment(row.since) })}</p>
          </Card>
        ))}
        {it.tasks.map((row) => (
          <Card
            key={`${row.id} ${row.turn}`}
            title={<a href={href(`/atgarder/${row.id}`)}>{t("late.outside.task", { ...row })}</a>}
            again={
              row.may_retry ? { name: row.number, op: operation("delivery.retry", row.id, { turn: row.turn }) } : null
            }
          >
            <p>
              {t(row.state === "failed" ? "late.outside.failed" : "late.outside.waits", {
                day: shortMoment(row.since),
              })}{" "}
              {row.reason && deliveryReason(row.reason)}
            </p>
            {row.state === "failed" && !row.may_retry && <p>{t("late.outside.elsewhere")}</p>}
          </Card>
        ))}
        {it.silent.map((row) => (
          <Card key={row.party} title={t("late.outside.silent", row)} again={null}>
            <p>
              {t("late.outside.silent_since", { day: shortMoment(row.since) })}{" "}
              {t("late.outside.silent_tasks", { n: row.tasks })}
            </p>
          </Card>
        ))}
        {it.webhooks.map((row) => (
          <Card key={row.id} title={row.name} again={{ name: row.name, op: operation("webhook.retry", row.id, {}) }}>
            <p>
              {t("late.outside.calls", { n: row.calls, day: shortMoment(row.since) })}{" "}
              {row.reason && deliveryReason(row.reason)}
            </p>
          </Card>
        ))}
      </ul>
    </section>
  );
}

interface CardProps {
  title: ComponentChildren;
  again: { name: string; op: Operation<OperationType> } | null;
  children: ComponentChildren;
}

function Card({ title, again, children }: CardProps) {
  const sending = useSubmit();
  return (
    <li class="card stack">
      <h3 class="tag t-need">
        <Icon drawing={icons.unplug ?? ""} />
        <span>{title}</span>
      </h3>
      {children}
      {again && (
        <p>
          <button
            type="button"
            class="btn"
            disabled={sending.busy}
            aria-label={t("late.outside.again_this", { name: again.name })}
            onClick={() => void sending.send(t("late.outside.again_done"), again.op)}
          >
            {t("late.outside.again")}
          </button>
        </p>
      )}
      <Problem text={sending.problem} />
    </li>
  );
}
