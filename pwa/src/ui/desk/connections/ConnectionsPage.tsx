import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { ApiKeyRow, Connections, WebhookRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, SelectField, TextField } from "../parts/Fields";
import { say } from "../parts/live";
import { Page } from "../parts/Page";
import { Ready } from "../parts/StateCard";
import { shortMoment } from "../time/stockholm";
import { Log } from "./Log";
import { Partners } from "./Partners";
import { digestOf, newKey } from "./secrets";

const POLL_MS = 15_000;

/** Other systems: who may hand in, where tasks are sent, who is told, and what went wrong. */
export function ConnectionsPage() {
  const found = useLoad<Connections>("/api/connections", POLL_MS);
  return (
    <Page title={t("connections.title")}>
      <h1 tabIndex={-1}>{t("connections.title")}</h1>
      <p class="lead">{t("connections.lead")}</p>
      <Ready of={found}>
        {(all) => (
          <>
            <Keys keys={all.keys} endpoint={all.endpoint} />
            <Partners partners={all.partners} parties={all.parties} />
            <Webhooks webhooks={all.webhooks} units={all.units} />
            <Log deliveries={all.deliveries} calls={all.calls} webhooks={all.webhooks} />
          </>
        )}
      </Ready>
    </Page>
  );
}

function Keys({ keys, endpoint }: { keys: ApiKeyRow[]; endpoint: string }) {
  const [name, setName] = useState("");
  const [made, setMade] = useState("");
  const sending = useSubmit();
  async function make(event: Event) {
    event.preventDefault();
    const key = newKey();
    const body = { name: name.trim(), secret_hash: await digestOf(key), organisation: null };
    if (!(await sending.send(t("key.made"), operation("api_key.create", uuid7(), body)))) return;
    setMade(key);
    setName("");
  }
  return (
    <section class="group stack" aria-labelledby="keys">
      <h2 id="keys">{t("key.title")}</h2>
      <p class="quiet">{t("key.about")}</p>
      <p>
        {t("key.endpoint")} <code>{endpoint}</code>
      </p>
      {keys.length > 0 && (
        <ul class="left">
          {keys.map((key) => (
            <KeyLine key={key.id} it={key} />
          ))}
        </ul>
      )}
      {made && <Shown label={t("key.copy_now")} secret={made} />}
      <form class="stack" onSubmit={(event) => void make(event)}>
        <TextField label={t("key.name")} hint={t("key.name_hint")} value={name} onValue={setName} max={80} />
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !name.trim()}>
            {t("key.make")}
          </button>
        </p>
      </form>
    </section>
  );
}

function KeyLine({ it }: { it: ApiKeyRow }) {
  const sending = useSubmit();
  return (
    <li>
      {it.name} <span class="quiet num">{shortMoment(it.created_at)}</span>{" "}
      {it.revoked_at ? (
        <span class="quiet">{t("key.is_revoked")}</span>
      ) : (
        <button
          type="button"
          class="btn"
          disabled={sending.busy}
          aria-label={t("key.revoke_this", { name: it.name })}
          onClick={() => void sending.send(t("key.revoked"), operation("api_key.revoke", it.id, {}))}
        >
          {t("key.revoke")}
        </button>
      )}
      <Problem text={sending.problem} />
    </li>
  );
}

/** Something to copy. It is not kept here, and nobody can ask for it again. */
function Shown({ label, secret }: { label: string; secret: string }) {
  return (
    <div class="card stack" role="status">
      <p>{label}</p>
      <p>
        <code class="secret">{secret}</code>
      </p>
      <p>
        <button
          type="button"
          class="btn"
          onClick={() => void navigator.clipboard?.writeText(secret).then(() => say(t("key.copied")))}
        >
          {t("key.copy")}
        </button>
      </p>
    </div>
  );
}

function Webhooks({ webhooks, units }: Pick<Connections, "webhooks" | "units">) {
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [unit, setUnit] = useState("");
  const sending = useSubmit();
  async function add(event: Event) {
    event.preventDefault();
    const body = { name: name.trim(), url: url.trim(), unit: unit || null };
    if (!(await sending.send(t("webhook.added"), operation("webhook.create", uuid7(), body)))) return;
    setName("");
    setUrl("");
  }
  return (
    <section class="group stack" aria-labelledby="webhooks">
      <h2 id="webhooks">{t("webhook.title")}</h2>
      <p class="quiet">{t("webhook.about")}</p>
      {webhooks.map((it) => (
        <WebhookCard key={it.id} it={it} unit={units.find((one) => one.id === it.unit)?.name} />
      ))}
      <form class="stack" onSubmit={(event) => void add(event)}>
        <SelectField
          label={t("webhook.what")}
          value={unit}
          onValue={setUnit}
          options={[
            { value: "", name: t("webhook.public") },
            ...units.map((one) => ({ value: one.id, name: t("webhook.work", { unit: one.name }) })),
          ]}
        />
        <TextField label={t("webhook.name")} value={name} onValue={setName} max={80} />
        <TextField label={t("webhook.url")} hint={t("connections.https")} value={url} onValue={setUrl} max={300} />
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !name.trim() || !url.trim()}>
            {t("webhook.add")}
          </button>
        </p>
      </form>
    </section>
  );
}

function WebhookCard({ it, unit }: { it: WebhookRow; unit?: string | undefined }) {
  const sending = useSubmit();
  return (
    <section class="card stack">
      <h3>{it.name}</h3>
      <p>{unit ? t("webhook.work", { unit }) : t("webhook.public")}</p>
      <p>
        <code class="secret">{it.url}</code>
      </p>
      {it.ended_at ? (
        <p class="quiet">{t("webhook.is_ended")}</p>
      ) : (
        <>
          <details>
            <summary>{t("webhook.secret")}</summary>
            <p>
              <code class="secret">{it.secret}</code>
            </p>
          </details>
          <p>
            <button
              type="button"
              class="btn"
              disabled={sending.busy}
              onClick={() => void sending.send(t("webhook.ended"), operation("webhook.end", it.id, {}))}
            >
              {t("webhook.end")}
            </button>
          </p>
        </>
      )}
      <Problem text={sending.problem} />
    </section>
  );
}
