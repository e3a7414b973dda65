import { useState } from "preact/hooks";
import type { TradeCardRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";

/** A party leaves the group: its contacts go, its links end and nothing is asked of it any more. */
export function Leave({ it }: { it: TradeCardRow }) {
  const [reason, setReason] = useState("");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  function leave(event: Event) {
    event.preventDefault();
    const objection = guard([reason]);
    setStopped(objection ?? "");
    if (objection) return;
    const gone = operation("trade.leave", it.id, { reason: reason.trim() }, it.version);
    void sending.send(t("trade.left_now"), gone);
  }
  return (
    <details>
      <summary class="btn plain">{t("trade.leave_group")}</summary>
      <form class="stack" onSubmit={leave}>
        <p class="quiet">{t("trade.leave_lead")}</p>
        <TextField label={t("trade.leave_why")} value={reason} onValue={setReason} max={300} />
        <Problem text={stopped || sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !reason.trim()}>
            {t("trade.leave_group")}
          </button>
        </p>
      </form>
    </details>
  );
}
