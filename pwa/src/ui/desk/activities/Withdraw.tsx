import { useState } from "preact/hooks";
import type { ActivityRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";

/** It counts nowhere any more; what was said of it stays in its history. */
export function Withdraw({ it }: { it: ActivityRow }) {
  const [reason, setReason] = useState("");
  const sending = useSubmit();
  function withdraw(event: Event) {
    event.preventDefault();
    const gone = operation("activity.withdraw", it.id, { reason: reason.trim() }, it.version);
    void sending.send(t("activity.withdrawn_now"), gone);
  }
  return (
    <details>
      <summary class="btn plain">{t("activity.withdraw")}</summary>
      <form class="stack" onSubmit={withdraw}>
        <TextField label={t("activity.withdraw_why")} value={reason} onValue={setReason} max={300} />
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !reason.trim()}>
            {t("activity.withdraw")}
          </button>
        </p>
      </form>
    </details>
  );
}
