import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { RegisterDue } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { dateIn, plainDate } from "../time/stockholm";

/** What is purged by time: nothing without the nämnd's decision, and then only when somebody says so. */
export function Gallring({ series, mayDecide }: { series: readonly RegisterDue[]; mayDecide: boolean }) {
  return (
    <section class="stack" aria-labelledby="gallring">
      <h2 id="gallring">{t("register.gallring")}</h2>
      <p class="quiet">{t("register.gallring_means")}</p>
      {series.map((it) => (
        <Series key={it.series} of={it} mayDecide={mayDecide} />
      ))}
    </section>
  );
}

function Series({ of, mayDecide }: { of: RegisterDue; mayDecide: boolean }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <article class="card stack">
      <h3>{t(`register.series.${of.series}`)}</h3>
      <p>
        {of.rule
          ? t("register.rule", { days: of.rule.keep_days, reference: of.rule.reference, by: of.rule.decided_by })
          : t("register.no_rule")}
      </p>
      {of.due && of.due.count === 0 && <p class="quiet">{t("register.nothing_due")}</p>}
      {of.due && of.due.count > 0 && (
        <p>
          {t("register.due", { n: of.due.count, date: plainDate(of.due.until) })}
          {of.due.held > 0 && ` ${t("register.due_held", { n: of.due.held })}`}
        </p>
      )}
      {mayDecide && of.due && of.due.count > 0 && <Purge of={of} due={of.due} />}
      {mayDecide && (
        <p>
          <button type="button" class="btn" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {t("register.set_rule")}
          </button>
        </p>
      )}
      {isOpen && <Rule of={of} done={() => setOpen(false)} />}
    </article>
  );
}

function Purge({ of, due }: { of: RegisterDue; due: NonNullable<RegisterDue["due"]> }) {
  const sending = useSubmit();
  const [name, setName] = useState("");
  const body = { series: of.series, items: due.items, until: due.until, name: name.trim() };
  return (
    <div class="box stack">
      {due.oldest && <p class="quiet">{t("register.oldest", { date: plainDate(dateIn(new Date(due.oldest))) })}</p>}
      <TextField label={t("register.name")} hint={t("register.name_hint")} value={name} max={80} onValue={setName} />
      <p>
        <button
          type="button"
          class="btn go"
          disabled={sending.busy || name.trim().length < 2}
          onClick={() => void sending.send(t("register.purging"), operation("gallring.decide", uuid7(), body))}
        >
          {t("register.purge", { n: due.count })}
        </button>
      </p>
      <Problem text={sending.problem} />
    </div>
  );
}

function Rule({ of, done }: { of: RegisterDue; done: () => void }) {
  const sending = useSubmit();
  const [days, setDays] = useState(`${of.rule?.keep_days ?? ""}`);
  const [reference, setReference] = useState("");
  const [name, setName] = useState("");
  const send = async () => {
    const body = { series: of.series, keep_days: Number(days), reference: reference.trim(), name: name.trim() };
    if (await sending.send(t("register.rule_set"), operation("retention.decide", uuid7(), body))) done();
  };
  const isReady = /^[1-9]\d{0,4}$/.test(days) && reference.trim() !== "" && name.trim().length > 1;
  return (
    <div class="box stack">
      <TextField label={t("register.days")} type="number" value={days} onValue={setDays} />
      <TextField label={t("register.rule_reference")} value={reference} max={120} onValue={setReference} />
      <TextField label={t("register.name")} hint={t("register.name_hint")} value={name} max={80} onValue={setName} />
      <p>
        <button type="button" class="btn go" disabled={sending.busy || !isReady} onClick={() => void send()}>
          {t("register.save_rule")}
        </button>
      </p>
      <Problem text={sending.problem} />
    </div>
  );
}
