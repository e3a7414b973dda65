import { icons } from "virtual:icons?printer,refresh-cw,x";
import type { Uuid, WalkCardView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { pictureOf } from "../../parts/qr";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { TroubleCard } from "../parts/StateCard";
import { plainDate, shortMoment } from "../time/stockholm";

/** By which everybody who walked sees how it goes, also who had no phone of their own. */
export function WalkCard({ walk }: { walk: Uuid }) {
  const card = useLoad<WalkCardView>(`/api/walks/${walk}/card`, 30_000);
  const sending = useSubmit();
  const none = card.trouble?.kind === "missing";
  const shown = none ? null : card.data;
  if (none && card.trouble?.problem?.code === "card_too_late") return null;
  if (!shown && !none && !card.trouble) return null;
  const make = (said: string) => void sending.send(said, operation("walk.make_card", walk, {}));
  return (
    <section aria-labelledby="walkcard">
      <h2 id="walkcard">{t("walkcard.title")}</h2>
      {shown ? (
        <Card card={shown} walk={walk}>
          <details>
            <summary class="btn plain">{t("walkcard.replace")}</summary>
            <p class="quiet">{t("walkcard.replace_means")}</p>
            <p class="acts">
              <button type="button" class="btn" disabled={sending.busy} onClick={() => make(t("walkcard.made"))}>
                <Icon drawing={icons["refresh-cw"] ?? ""} />
                {t("walkcard.make_new")}
              </button>
              <button
                type="button"
                class="btn"
                disabled={sending.busy}
                onClick={() => void sending.send(t("walkcard.is_shut"), operation("walk.shut_card", walk, {}))}
              >
                <Icon drawing={icons.x ?? ""} />
                {t("walkcard.shut")}
              </button>
            </p>
          </details>
        </Card>
      ) : !none && card.trouble ? (
        <TroubleCard trouble={card.trouble} again={card.again} />
      ) : (
        <>
          <p>{t("walkcard.none")}</p>
          <p>
            <button type="button" class="btn" disabled={sending.busy} onClick={() => make(t("walkcard.first"))}>
              {t("walkcard.make")}
            </button>
          </p>
        </>
      )}
      <Problem text={sending.problem} />
    </section>
  );
}

function Card({ card, walk, children }: { card: WalkCardView; walk: Uuid; children: preact.ComponentChildren }) {
  return (
    <div class="invite handout">
      <img class="qr" alt={t("walkcard.qr")} src={pictureOf(card.qr_svg)} />
      <div class="stack">
        <p>{t("walkcard.lead")}</p>
        <dl class="facts">
          <dt>{t("walkcard.code")}</dt>
          <dd class="num nowrap">
            <b>{card.code}</b>
          </dd>
          <dt>{t("walkcard.address")}</dt>
          <dd>{card.address.replace(/^https?:\/\//, "")}</dd>
          <dt>{t("walkcard.through")}</dt>
          <dd>
            {plainDate(card.through)} {card.through.slice(0, 4)}
          </dd>
          {card.made_at && (
            <>
              <dt>{t("walkcard.made_by")}</dt>
              <dd>
                {card.made_by}, {shortMoment(card.made_at)}
              </dd>
            </>
          )}
        </dl>
        <p>
          <a class="btn" href={`/api/walks/${walk}/card/slips`} target="_blank" rel="noopener">
            <Icon drawing={icons.printer ?? ""} />
            {t("walkcard.print")}
          </a>
        </p>
        {children}
      </div>
    </div>
  );
}
