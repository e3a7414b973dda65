import { useState } from "preact/hooks";
import type { FeedbackRow, FeedbackView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { href } from "../router";
import { shortMoment } from "../time/stockholm";

const STEP = 100;
type State = FeedbackRow["state"];

/** What readers of the public page wrote. The coordinator closes it; a registrator reads it. */
export function Feedback() {
  const [state, setState] = useState<State>("open");
  const [skip, setSkip] = useState(0);
  const found = useLoad<FeedbackView>(`/api/feedback?state=${state}&skip=${skip}`);
  const show = (next: State) => {
    setState(next);
    setSkip(0);
  };
  return (
    <Page title={t("synpunkt.title")}>
      <h1 tabIndex={-1}>{t("synpunkt.title")}</h1>
      <p class="lead">{t("synpunkt.lead")}</p>
      <Ready of={found}>
        {(all) => (
          <>
            <fieldset class="seg">
              <legend class="sr">{t("synpunkt.show")}</legend>
              <button
                type="button"
                class={state === "open" ? "on" : ""}
                aria-pressed={state === "open"}
                onClick={() => show("open")}
              >
                {t("synpunkt.open", { n: all.counts.open })}
              </button>
              <button
                type="button"
                class={state === "closed" ? "on" : ""}
                aria-pressed={state === "closed"}
                onClick={() => show("closed")}
              >
                {t("synpunkt.closed", { n: all.counts.closed })}
              </button>
            </fieldset>
            {all.rows.length === 0 && <Nothing state={state} />}
            {all.rows.map((it) => (
              <One key={it.id} it={it} all={all} />
            ))}
            <p class="acts">
              {skip > 0 && (
                <button type="button" class="btn" onClick={() => setSkip(Math.max(0, skip - STEP))}>
                  {t("synpunkt.newer")}
                </button>
              )}
              {all.more && (
                <button type="button" class="btn" onClick={() => setSkip(skip + STEP)}>
                  {t("synpunkt.older")}
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
  if (state === "closed")
    return <EmptyCard title={t("synpunkt.empty_closed")} text={t("synpunkt.empty_closed_text")} />;
  return <EmptyCard title={t("synpunkt.empty")} text={t("synpunkt.empty_text")} />;
}

function One({ it, all }: { it: FeedbackRow; all: FeedbackView }) {
  return (
    <article class="card stack" aria-labelledby={`n-${it.id}`}>
      <h2 id={`n-${it.id}`} class="num">
        {it.number}
      </h2>
      <p>
        <span class="tag">{t("synpunkt.helped", { svar: t(`synpunkt.helped.${it.helped}`) })}</span>
      </p>
      {it.text ? <p class="said">{it.text}</p> : <p class="quiet">{t("synpunkt.no_text")}</p>}
      <p class="quiet">{t("synpunkt.came", { when: shortMoment(it.received_at) })}</p>
      {it.closed_at && (
        <p class="quiet">{t("synpunkt.closed_by", { when: shortMoment(it.closed_at), who: it.closed_by })}</p>
      )}
      {it.receipt && <p>{t("synpunkt.handed_over", { receipt: it.receipt })}</p>}
      {it.contact && (
        <p>
          <a href={`mailto:${encodeURIComponent(it.contact)}?subject=${encodeURIComponent(it.number)}`}>
            {t("synpunkt.contact", { mail: it.contact })}
          </a>
          <br />
          <span class="quiet">{t("synpunkt.contact_about")}</span>
        </p>
      )}
      <Found it={it} may={all.may_close} />
      {all.may_close && it.state === "open" && <Close it={it} url={all.tell_on_url} />}
    </article>
  );
}

/** What tells of a fault goes the way of every finding. Once it is one, the row leads there. */
function Found({ it, may }: { it: FeedbackRow; may: boolean }) {
  const sending = useSubmit();
  if (it.finding && !it.finding.number) return <p class="quiet">{t("synpunkt.found_gone")}</p>;
  if (it.finding) return <FoundAs number={it.finding.number} to={may ? `/inkommet?fynd=${it.finding.id}` : ""} />;
  if (!may || !it.text) return null;
  return (
    <>
      <p class="quiet" id={`f-${it.id}`}>
        {t("synpunkt.find_about")}
      </p>
      <Problem text={sending.problem} />
      <p class="acts">
        <button
          type="button"
          class="btn"
          disabled={sending.busy}
          aria-label={t("synpunkt.find_it", { number: it.number })}
          aria-describedby={`f-${it.id}`}
          onClick={() => {
            const act = operation("feedback.make_finding", it.id, {}, it.version);
            void sending.send(t("synpunkt.find_done", { number: it.number }), act);
          }}
        >
          {t("synpunkt.find")}
        </button>
      </p>
    </>
  );
}

/** `to` "": a registrator reads the number, and has no inbox. */
function FoundAs({ number, to }: { number: string; to: string }) {
  const said = t("synpunkt.found", { number });
  return <p>{to ? <a href={href(to)}>{said}</a> : said}</p>;
}

function Close({ it, url }: { it: FeedbackRow; url: string }) {
  const [receipt, setReceipt] = useState("");
  const sending = useSubmit();
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const act = operation("feedback.close", it.id, { receipt: receipt.trim() }, it.version);
        void sending.send(t("synpunkt.done", { number: it.number }), act);
      }}
    >
      <TextField
        label={t("synpunkt.receipt")}
        hint={t("synpunkt.receipt_about")}
        value={receipt}
        onValue={setReceipt}
        max={40}
        optional
      />
      <Problem text={sending.problem} />
      <p class="acts">
        <button
          type="submit"
          class="btn"
          disabled={sending.busy}
          aria-label={t("synpunkt.close_it", { number: it.number })}
        >
          {t("synpunkt.close")}
        </button>
        {url && (
          <a class="btn" href={url} target="_blank" rel="noreferrer">
            {t("synpunkt.tell")}
          </a>
        )}
      </p>
    </form>
  );
}
