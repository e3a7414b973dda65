import type { DeliveryRow, WebhookCall, WebhookRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { href } from "../router";
import { shortMoment } from "../time/stockholm";
import { deliveryReason } from "./reasons";

interface Props {
  deliveries: (DeliveryRow & { number: string })[];
  calls: WebhookCall[];
  webhooks: WebhookRow[];
}

/** What was sent lately, and what came of it. */
export function Log({ deliveries, calls, webhooks }: Props) {
  return (
    <section class="group stack" aria-labelledby="log">
      <h2 id="log">{t("delivery.log")}</h2>
      {deliveries.length + calls.length === 0 && <p>{t("delivery.none")}</p>}
      {deliveries.length > 0 && (
        <ul class="left">
          {deliveries.map((it) => (
            <li key={it.id}>
              <a href={href(`/atgarder/${it.about}`)}>{it.number}</a> {t("delivery.to", { name: it.party })}:{" "}
              {t(`delivery.state.${it.state}`)}
              {it.reason && <> ({deliveryReason(it.reason)})</>}{" "}
              <span class="quiet num">{shortMoment(it.changed_at)}</span>
            </li>
          ))}
        </ul>
      )}
      {calls.length > 0 && (
        <ul class="left">
          {calls.map((it) => (
            <li key={it.id}>
              {webhooks.find((one) => one.id === it.webhook)?.name}: {t(`webhook.state.${it.state}`)}{" "}
              {it.task && <a href={href(`/atgarder/${it.task}`)}>{t("webhook.task")}</a>}
              {it.reason && <> ({deliveryReason(it.reason)})</>}{" "}
              <span class="quiet num">{shortMoment(it.changed_at)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
