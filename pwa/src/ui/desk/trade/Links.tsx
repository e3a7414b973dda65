import { uuid7 } from "../../../domain/ids";
import type { TradeCardRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { dateIn, plainDate } from "../time/stockholm";

/** Links by which a party without an account tells its week and confirms its card: sent to the card's address, and shut. */
export function Links({ it }: { it: TradeCardRow }) {
  const sending = useSubmit();
  return (
    <>
      {it.links.length > 0 && (
        <ul class="stack">
          {it.links.map((link) => (
            <li key={link.id}>
              {t("trade.link.row", { to: link.to, day: plainDate(dateIn(link.made_at)) })}{" "}
              {link.used_at && t("trade.link.used", { day: plainDate(dateIn(link.used_at)) })}{" "}
              {t(`trade.link.standing.${link.standing}`)}{" "}
              {link.standing === "open" && (
                <button
                  type="button"
                  class="btn"
                  disabled={sending.busy}
                  onClick={() =>
                    void sending.send(t("trade.link.revoked_now"), operation("trade.unlink", it.id, { link: link.id }))
                  }
                >
                  {t("trade.link.revoke")}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Problem text={sending.problem} />
      {it.may_send && (
        <p>
          <button
            type="button"
            class="btn"
            disabled={sending.busy}
            onClick={() => void sending.send(t("trade.link.sent"), operation("trade.link", it.id, { link: uuid7() }))}
          >
            {t("trade.link.send")}
          </button>
        </p>
      )}
    </>
  );
}
