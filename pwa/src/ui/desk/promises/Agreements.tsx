import { icons } from "virtual:icons?plus,external-link,eye,eye-off";
import type { AgreementsView, PromiseRow } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { href } from "../router";
import { fullDate } from "../time/stockholm";
import { NewPromise } from "./NewPromise";

type Agreement = AgreementsView["agreements"][number];

/** Every agreement with its promises: what is signed, how it stands, and what of it everybody reads. */
export function Agreements() {
  const found = useLoad<AgreementsView>("/api/agreements");
  return (
    <Page title={t("room.loften")}>
      <div class="spread head">
        <h1 tabIndex={-1}>{t("room.loften")}</h1>
        <p class="acts">
          {found.data && (
            <a class="btn" href={found.data.public_path} target="_blank" rel="noopener">
              <Icon drawing={icons["external-link"] ?? ""} />
              {t("promise.public_page")}
            </a>
          )}
          <a class="btn go" href={href("/loften/ny")}>
            <Icon drawing={icons.plus ?? ""} />
            {t("promise.new_agreement")}
          </a>
        </p>
      </div>
      <Ready of={found}>
        {(view) =>
          view.agreements.length === 0 ? (
            <EmptyCard title={t("promise.none.title")} text={t("promise.none.text")} />
          ) : (
            view.agreements.map((it) => <OneAgreement key={it.id} it={it} tiles={view.tiles} />)
          )
        }
      </Ready>
    </Page>
  );
}

/** "1 januari 2024 till 31 december 2025", or that no time was agreed. */
export function period(it: { valid_from: string | null; valid_to: string | null }): string {
  if (it.valid_from && it.valid_to)
    return t("promise.period", { from: fullDate(it.valid_from), to: fullDate(it.valid_to) });
  return it.valid_from ? t("promise.from", { from: fullDate(it.valid_from) }) : t("promise.no_period");
}

function OneAgreement({ it, tiles }: { it: Agreement; tiles: AgreementsView["tiles"] }) {
  return (
    <section class="group">
      <h2>{it.title}</h2>
      <p>{it.parties.map((party) => party.called).join(", ")}</p>
      <p class={it.validity === "expired" ? "tag t-need" : "quiet"}>
        {t(`promise.validity.${it.validity}`)} {period(it)}
        {it.days_left !== null && ` ${t("promise.days_left", { n: it.days_left })}`}
      </p>
      {it.review_on && <p class="quiet">{t("promise.review_by", { day: fullDate(it.review_on) })}</p>}
      <ul class="walkrows">
        {it.promises.map((promise) => (
          <Row key={promise.id} it={promise} />
        ))}
      </ul>
      <NewPromise agreement={it} tiles={tiles} />
    </section>
  );
}

function Row({ it }: { it: PromiseRow }) {
  const isPublic = it.release === "public";
  return (
    <li>
      <div>
        <a class="row-link" href={href(`/loften/${it.id}`)}>
          {it.heading || it.text}
        </a>
        <p class="quiet">{it.heading ? it.text : ""}</p>
      </div>
      <p>
        {t(`promise.state.${it.state}`)}
        <span class="quiet block">{t("promise.reports", { n: it.reports })}</span>
      </p>
      <p class="tag">
        <Icon drawing={icons[isPublic ? "eye" : "eye-off"] ?? ""} />
        {t(`promise.release.${it.release}`)}
      </p>
    </li>
  );
}
