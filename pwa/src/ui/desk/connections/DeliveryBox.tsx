import type { DeliveryRow, TaskRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { me } from "../data/session";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { shortMoment } from "../time/stockholm";
import { deliveryReason } from "./reasons";

/** Where the task is with the other system. Nothing is drawn for a party that has none. */
export function DeliveryBox({ task }: { task: TaskRow }) {
  const found = useLoad<{ deliveries: DeliveryRow[]; expects: boolean }>(`/api/tasks/${task.id}/deliveries`, 15_000);
  const latest = found.data?.deliveries[0];
  if (!latest && !(found.data?.expects && task.state === "assigned")) return null;
  return (
    <section class="card stack" aria-labelledby="delivery">
      <h2 id="delivery">{t("delivery.title")}</h2>
      {latest ? <Latest it={latest} /> : <p>{t("delivery.state.pending")}</p>}
    </section>
  );
}

function Latest({ it }: { it: DeliveryRow }) {
  const sending = useSubmit();
  const mayRetry = it.state === "failed" && me.value?.user.role === "coordinator";
  return (
    <>
      <p>
        <b>{t("delivery.to", { name: it.party })}:</b> {t(`delivery.state.${it.state}`)}{" "}
        <span class="quiet num">{shortMoment(it.changed_at)}</span>
      </p>
      {it.remote_id && <p>{t("delivery.number", { number: it.remote_id })}</p>}
      {it.reason && <p>{deliveryReason(it.reason)}</p>}
      {it.remote_status && (
        <p class="quiet">
          {t("delivery.they_say", { status: it.remote_status })} {it.remote_text && `”${it.remote_text}”`}
        </p>
      )}
      {it.state === "acknowledged" && (
        <p class="quiet num">
          {it.asked_at ? t("delivery.heard", { when: shortMoment(it.asked_at) }) : t("delivery.unheard")}
        </p>
      )}
      {mayRetry && (
        <p>
          <button
            type="button"
            class="btn"
            disabled={sending.busy}
            onClick={() =>
              void sending.send(t("delivery.again_done"), operation("delivery.retry", it.about, { turn: it.turn }))
            }
          >
            {t("delivery.again")}
          </button>
        </p>
      )}
      <Problem text={sending.problem} />
    </>
  );
}
