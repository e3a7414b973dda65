import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { dayWords } from "../../domain/times";
import type { WalkCardView } from "../../domain/wire";
import { walkCard } from "../../sync/walkcard";
import { pictureOf } from "../parts/qr";
import { StateCard } from "../parts/StateCard";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { Heading, Key, Screen } from "./Screen";
import { sendNow } from "./sending";
import { db, walk, who } from "./store";

/** Undefined until the phone has answered. */
function useCard(): WalkCardView | null | undefined {
  const found = useSignal<WalkCardView | null | undefined>(undefined);
  const me = who.value;
  useEffect(() => {
    if (!me) return;
    walkCard(db, me).then(
      (card) => {
        found.value = card;
      },
      () => {
        found.value = null;
      },
    );
  }, [me?.walk, walk.value]);
  return found.value;
}

/** For those who walked along without a phone of their own: big enough to be photographed, and shown without a network. */
export function WalkCard() {
  const card = useCard();
  return card ? <Card card={card} title /> : null;
}

function Card({ card, title }: { card: WalkCardView; title?: boolean }) {
  const share = async () => {
    try {
      await navigator.share({ title: t("walkcard.title"), text: t("walkcard.shared", words(card)) });
    } catch {
      // Whoever changes their mind has shared nothing.
    }
  };
  return (
    <section class="card codecard">
      {title && <h2 class="q">{t("walkcard.title")}</h2>}
      <p>{t("walkcard.lead")}</p>
      <img class="qr" alt={t("walkcard.qr")} src={pictureOf(card.qr_svg)} />
      <p class="cardcode num">{card.code}</p>
      <p class="where">{t("walkcard.where", words(card))}</p>
      <p class="quiet">
        {t("walkcard.through", {
          day: dayWords(card.through).split(" ").slice(1).join(" "),
          year: card.through.slice(0, 4),
        })}
      </p>
      {"share" in navigator && (
        <Key class="side" icon="arrow-up" onClick={() => void share()}>
          {t("walkcard.share")}
        </Key>
      )}
    </section>
  );
}

function words(card: WalkCardView) {
  return { code: card.code, address: card.address.replace(/^https?:\/\//, "") };
}

/** The card alone, from the answers: somebody asks for it a week later. */
export function Shown() {
  const card = useCard();
  return (
    <Screen back="/svar">
      <Heading>{t("walkcard.title")}</Heading>
      {card && <Card card={card} />}
      {card === null && (
        <StateCard
          drawing={drawing("users")}
          title={t("walkcard.none")}
          step={
            <Key class="side" icon="refresh-cw" onClick={sendNow}>
              {t("retry")}
            </Key>
          }
        >
          <p>{t("walkcard.nonehelp")}</p>
        </StateCard>
      )}
    </Screen>
  );
}
