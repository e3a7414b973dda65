import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { CommitmentRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { dateIn, plainDate } from "../time/stockholm";

/** Links an executor without an account answers by: sent, and shut. */
export function ReportLinks({ it }: { it: CommitmentRow }) {
  const sending = useSubmit();
  return (
    <>
      {it.links.length > 0 && (
        <ul class="stack">
          {it.links.map((link) => (
            <li key={link.id}>
              {t("commitment.link.row", { to: link.to, day: plainDate(dateIn(link.made_at)) })}{" "}
              {link.used_at && t("commitment.link.used", { day: plainDate(dateIn(link.used_at)) })}{" "}
              {t(`commitment.link.standing.${link.standing}`)}{" "}
              {link.standing === "open" && (
                <button
                  type="button"
                  class="btn"
                  disabled={sending.busy}
                  onClick={() =>
                    void sending.send(
                      t("commitment.link.revoked_now"),
                      operation("report_link.revoke", it.id, { link: link.id }),
                    )
                  }
                >
                  {t("commitment.link.revoke")}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Problem text={sending.problem} />
      {(it.state === "planned" || it.state === "under_way") && it.asked_for && <SendForm it={it} />}
    </>
  );
}

function SendForm({ it }: { it: CommitmentRow }) {
  const [to, setTo] = useState(it.mail);
  const sending = useSubmit();
  function send(event: Event) {
    event.preventDefault();
    const body = { link: uuid7(), to: to.trim() };
    void sending.send(t("commitment.link.sent"), operation("report_link.send", it.id, body));
  }
  return (
    <details>
      <summary class="btn plain">{t("commitment.link.send")}</summary>
      <form class="stack" onSubmit={send}>
        <TextField
          label={t("commitment.link.to")}
          hint={t("commitment.link.to_hint")}
          value={to}
          onValue={setTo}
          max={254}
        />
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !to.trim()}>
            {t("commitment.link.go")}
          </button>
        </p>
      </form>
    </details>
  );
}
