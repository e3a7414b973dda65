import { useState } from "preact/hooks";
import type { FindingRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem } from "../parts/Fields";

/** What the walker wrote, and what everybody else reads instead when that is something else. */
export function Words({ finding }: { finding: FindingRow }) {
  if (finding.moderated === null) return finding.text ? <blockquote class="said">{finding.text}</blockquote> : null;
  return (
    <div class="stack">
      <div>
        <p class="field-label">{t("moderate.others_read")}</p>
        {finding.moderated ? (
          <blockquote class="said">{finding.moderated}</blockquote>
        ) : (
          <p class="quiet">{t("moderate.nothing")}</p>
        )}
      </div>
      <div>
        <p class="field-label">{t("moderate.original")}</p>
        <blockquote class="said quiet">{finding.text || "–"}</blockquote>
      </div>
    </div>
  );
}

export function Moderate({ finding }: { finding: FindingRow }) {
  const [text, setText] = useState(finding.moderated ?? finding.text);
  const sending = useSubmit();
  const guard = useGuard();
  const [stopped, setStopped] = useState("");

  async function save(words: string | null) {
    const objection = words === null ? null : guard([words]);
    setStopped(objection ?? "");
    if (objection) return;
    await sending.send(
      t(words === null ? "moderate.undone" : "moderate.done", { number: finding.number }),
      operation("observation.moderate", finding.id, { text: words }),
    );
  }
  return (
    <details class="review" id="moderate">
      <summary class="btn plain">
        {t("moderate.title")} <kbd>t</kbd>
      </summary>
      <div class="stack">
        <GuardedText label={t("moderate.label")} hint={t("moderate.hint")} value={text} onValue={setText} />
        <p class="acts">
          <button
            type="button"
            class="btn"
            disabled={sending.busy || text.trim() === (finding.moderated ?? finding.text)}
            onClick={() => void save(text.trim())}
          >
            {t("moderate.save")}
          </button>
          {finding.moderated !== null && (
            <button type="button" class="btn" disabled={sending.busy} onClick={() => void save(null)}>
              {t("moderate.back")}
            </button>
          )}
        </p>
        <Problem text={stopped || sending.problem} />
      </div>
    </details>
  );
}
