import { useState } from "preact/hooks";
import type { MailView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { shortMoment } from "../time/stockholm";
import { MailCard } from "./MailCard";

const STEP = 50;
type State = "unread" | "settled";

/** Every mail that has come in; a unit sees what is about its own tasks. */
export function Mail() {
  const [state, setState] = useState<State>("unread");
  const [skip, setSkip] = useState(0);
  const found = useLoad<MailView>(`/api/mail?state=${state}&skip=${skip}`, 60_000);
  const show = (next: State) => {
    setState(next);
    setSkip(0);
  };
  return (
    <Page title={t("mejl.title")}>
      <h1 tabIndex={-1}>{t("mejl.title")}</h1>
      <p class="lead">{t("mejl.lead")}</p>
      <Ready of={found}>
        {(all) => (
          <>
            {all.mailbox?.reason && (
              <p class="note" role="status">
                {t("mejl.away", { when: shortMoment(all.mailbox.since) })}
              </p>
            )}
            <fieldset class="seg">
              <legend class="sr">{t("mejl.show")}</legend>
              <button
                type="button"
                class={state === "unread" ? "on" : ""}
                aria-pressed={state === "unread"}
                onClick={() => show("unread")}
              >
                {t("mejl.unread", { n: all.counts.unread })}
              </button>
              <button
                type="button"
                class={state === "settled" ? "on" : ""}
                aria-pressed={state === "settled"}
                onClick={() => show("settled")}
              >
                {t("mejl.settled", { n: all.counts.settled })}
              </button>
            </fieldset>
            {all.rows.length === 0 && <Nothing state={state} />}
            {all.rows.map((it) => (
              <MailCard key={it.id} it={it} />
            ))}
            <p class="acts">
              {skip > 0 && (
                <button type="button" class="btn" onClick={() => setSkip(Math.max(0, skip - STEP))}>
                  {t("mejl.newer")}
                </button>
              )}
              {all.more && (
                <button type="button" class="btn" onClick={() => setSkip(skip + STEP)}>
                  {t("mejl.older")}
                </button>
              )}
            </p>
          </>
        )}
      </Ready>
    </Page>
  );
}

function Nothing({ state }: { state: State }) {
  if (state === "settled") return <EmptyCard title={t("mejl.empty_settled")} text={t("mejl.empty_settled_text")} />;
  return <EmptyCard title={t("mejl.empty")} text={t("mejl.empty_text")} />;
}
