import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { RotaLinkRow, RotaParty, RotaView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, SelectField, TextField } from "../parts/Fields";
import { useAsking } from "../promises/useAsking";
import { dateIn, fullDate, plainDate } from "../time/stockholm";

/** Whom each party is reached by, and the links they answer with. */
export function Parties({ view, again }: { view: RotaView; again: () => void }) {
  const reached = view.parties.filter((it) => it.contact);
  const others = view.parties.filter((it) => !it.contact);
  return (
    <section class="group" aria-labelledby="rota-parties">
      <h2 id="rota-parties">{t("rota.parties")}</h2>
      <p class="quiet">{t("rota.parties_lead")}</p>
      {reached.length === 0 && <p>{t("rota.parties_none")}</p>}
      <ul class="phonelist rota-wrap">
        {reached.map((it) => (
          <Party key={`${it.id} ${it.contact?.id}`} it={it} again={again} />
        ))}
      </ul>
      {others.length > 0 && (
        <details>
          <summary class="btn plain">{t("rota.contact_add")}</summary>
          <ContactForm key={reached.length} parties={others} again={again} />
        </details>
      )}
    </section>
  );
}

function Party({ it, again }: { it: RotaParty; again: () => void }) {
  const sending = useSubmit();
  const asking = useAsking(again);
  const contact = it.contact;
  if (!contact) return null;
  const forget = () =>
    void asking.ask("/api/rota/contact", { party: it.id, function: "", mail: "" }, t("rota.contact_gone"));
  return (
    <li class="stack">
      <h3>{it.name}</h3>
      <p>
        {contact.function}, {contact.address}
      </p>
      {it.forgotten_on && <p class="quiet">{t("rota.forgotten_on", { day: fullDate(it.forgotten_on) })}</p>}
      {it.links.length > 0 && (
        <ul class="stack">
          {it.links.map((link) => (
            <Link key={link.id} link={link} />
          ))}
        </ul>
      )}
      <Problem text={sending.problem || asking.problem} />
      <p class="acts">
        <button
          type="button"
          class="btn"
          disabled={sending.busy}
          onClick={() =>
            void sending.send(
              t("rota.link_sent"),
              operation("rota.link", uuid7(), { party: it.id, contact: contact.id }),
            )
          }
        >
          {t("rota.link_send")}
        </button>
        <button type="button" class="btn plain" disabled={asking.busy} onClick={forget}>
          {t("rota.contact_forget")}
        </button>
      </p>
      <details>
        <summary class="btn plain">{t("rota.contact_change")}</summary>
        <ContactForm parties={[it]} again={again} />
      </details>
    </li>
  );
}

function Link({ link }: { link: RotaLinkRow }) {
  const sending = useSubmit();
  return (
    <li>
      {t("rota.link_row", { day: plainDate(dateIn(link.made_at)) })}{" "}
      {link.used_at && t("rota.link_used", { day: plainDate(dateIn(link.used_at)) })}{" "}
      {t(`rota.link.${link.standing}`, { day: fullDate(dateIn(link.ends_at)) })}{" "}
      {link.standing === "open" && (
        <button
          type="button"
          class="btn"
          disabled={sending.busy}
          onClick={() => void sending.send(t("rota.link_shut_now"), operation("rota.unlink", link.id, {}))}
        >
          {t("rota.link_shut")}
        </button>
      )}
      <Problem text={sending.problem} />
    </li>
  );
}

function ContactForm({ parties, again }: { parties: readonly RotaParty[]; again: () => void }) {
  const was = parties.length === 1 ? parties[0]?.contact : null;
  const [party, setParty] = useState(parties[0]?.id ?? "");
  const [function_, setFunction] = useState(was?.function ?? "");
  const [mail, setMail] = useState(was?.address ?? "");
  const asking = useAsking(again);
  function save(event: Event) {
    event.preventDefault();
    const body = { party, function: function_.trim(), mail: mail.trim() };
    void asking.ask("/api/rota/contact", body, t("rota.contact_saved"));
  }
  return (
    <form class="stack" onSubmit={save}>
      <div class="cols2">
        {!was && (
          <SelectField
            label={t("rota.party")}
            value={party}
            onValue={setParty}
            options={parties.map((it) => ({ value: it.id, name: it.name }))}
          />
        )}
        <TextField
          label={t("rota.function")}
          hint={t("rota.function_hint")}
          value={function_}
          onValue={setFunction}
          max={80}
        />
        <TextField label={t("rota.mail")} hint={t("rota.mail_hint")} value={mail} onValue={setMail} max={254} />
      </div>
      <Problem text={asking.problem} />
      <p>
        <button type="submit" class="btn" disabled={asking.busy || !function_.trim() || !mail.trim()}>
          {t("rota.save")}
        </button>
      </p>
    </form>
  );
}
