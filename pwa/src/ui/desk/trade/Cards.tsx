import { icons } from "virtual:icons?calendar-clock";
import type { TradeCardRow, TradeContact, TradeView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { EmptyCard } from "../parts/StateCard";
import { dateIn, fullDate } from "../time/stockholm";
import { CardForm } from "./CardForm";
import { Leave } from "./Leave";
import { Links } from "./Links";

/** One card for each party. They go along in the phone's own contacts, or on paper. */
export function Cards({ view }: { view: TradeView }) {
  return (
    <section class="group contacts" aria-labelledby="contacts">
      <h2 id="contacts">{t("trade.cards")}</h2>
      {view.cards.length === 0 ? (
        <EmptyCard title={t("trade.cards_none.title")} text={t("trade.cards_none.text")} />
      ) : (
        <>
          <p class="acts unprinted">
            <a class="btn" href="/api/trade/contacts.vcf" download>
              {t("trade.save_cards")}
            </a>{" "}
            <button type="button" class="btn" onClick={() => print()}>
              {t("trade.print")}
            </button>
          </p>
          <p class="quiet unprinted">{t("trade.save_cards_hint")}</p>
          <ul class="phonelist partycards">
            {view.cards.map((it) => (
              <Card key={it.id} it={it} />
            ))}
          </ul>
        </>
      )}
      {view.left.length > 0 && <Gone view={view} />}
      {view.is_coordinator && (
        <details class="unprinted">
          <summary class="btn plain">{t("trade.card.add")}</summary>
          <CardForm key={view.cards.length} view={view} />
        </details>
      )}
    </section>
  );
}

function Card({ it }: { it: TradeCardRow }) {
  const sending = useSubmit();
  const [now, ...before] = it.contacts;
  if (!now) return null;
  return (
    <li class="card stack">
      <h3>{it.party_name}</h3>
      <p>
        {now.function}
        <br />
        <a href={`tel:${now.phone.replaceAll(/[^+\d]/g, "")}`}>{now.phone}</a>
        <br />
        <a href={`mailto:${now.mail}`}>{now.mail}</a>
        {now.hours && (
          <>
            <br />
            {now.hours}
          </>
        )}
      </p>
      <p class="quiet">
        {it.is_due && (
          <span class="tag t-need">
            <Icon drawing={icons["calendar-clock"] ?? ""} />
            {t("trade.due")}
          </span>
        )}{" "}
        {t("trade.confirmed", { day: fullDate(it.confirmed_on) })}
      </p>
      {it.may_write && (
        <div class="stack unprinted">
          <p>
            <button
              type="button"
              class="btn"
              disabled={sending.busy}
              onClick={() =>
                void sending.send(t("trade.confirmed_now"), operation("trade.confirm", it.id, {}, it.version))
              }
            >
              {t("trade.confirm")}
            </button>
          </p>
          <Problem text={sending.problem} />
          <details>
            <summary class="btn plain">{t("trade.card.change")}</summary>
            <CardForm key={it.version} before={it} />
          </details>
          <Links it={it} />
          {before.length > 0 && <Before contacts={before} />}
          {it.may_send && <Leave it={it} />}
        </div>
      )}
    </li>
  );
}

function Gone({ view }: { view: TradeView }) {
  return (
    <details class="unprinted">
      <summary>{t("trade.left")}</summary>
      <ul class="stack">
        {view.left.flatMap((it) =>
          it.left.map((each) => (
            <li key={`${it.party} ${each.at}`}>
              {t("trade.left_row", {
                party: it.party_name,
                day: fullDate(dateIn(each.at)),
                by: each.by,
                reason: each.reason,
              })}
            </li>
          )),
        )}
      </ul>
    </details>
  );
}

function Before({ contacts }: { contacts: readonly TradeContact[] }) {
  return (
    <details>
      <summary>{t("trade.card.before")}</summary>
      <ul class="stack">
        {contacts.map((it) => (
          <li key={it.said_at}>
            {t("trade.card.was", {
              contact: [it.function, it.phone, it.mail, it.hours].filter(Boolean).join(", "),
              day: fullDate(dateIn(it.said_at)),
              by: it.said_by,
            })}
          </li>
        ))}
      </ul>
    </details>
  );
}
