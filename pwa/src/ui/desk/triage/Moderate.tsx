import { useState } from "preact/hooks";
import type { Bodies, FindingRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, TextField } from "../parts/Fields";
import { changedWords, placeRead, type Typed } from "./moderated";

/** What the walker wrote, and what everybody else reads instead when that is something else. */
export function Words({ finding }: { finding: FindingRow }) {
  return (
    <>
      <Text finding={finding} />
      {finding.place_words && <Place finding={finding} />}
    </>
  );
}

/** Where it is in the walker's own words: nobody else reads them until somebody here says so. */
function Place({ finding }: { finding: FindingRow }) {
  const sending = useSubmit();
  const isRead = finding.moderated_place === finding.place_words;
  const read = finding.moderated_place ?? finding.registered_place;
  const let_out = operation("observation.moderate", finding.id, { place: finding.place_words });
  return (
    <div>
      <p class="field-label">{t("moderate.their_place")}</p>
      <blockquote class="said">{finding.place_words}</blockquote>
      {isRead ? (
        <p class="quiet">{t("moderate.place_is_read")}</p>
      ) : (
        <>
          <p class="quiet">{read ? t("moderate.others_read_place", { place: read }) : t("moderate.no_place")}</p>
          <p>
            <button
              type="button"
              class="btn plain"
              disabled={sending.busy}
              onClick={() => void sending.send(t("moderate.place_let_out", { number: finding.number }), let_out)}
            >
              {t("moderate.let_place_out")}
            </button>
          </p>
          <Problem text={sending.problem} />
        </>
      )}
    </div>
  );
}

function Text({ finding }: { finding: FindingRow }) {
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
  const [typed, setTyped] = useState<Typed>({ text: null, place: null });
  const sending = useSubmit();
  const guard = useGuard();
  const [stopped, setStopped] = useState("");

  const changed = changedWords(finding, typed);

  async function save(words: Bodies["observation.moderate"]) {
    const objection = guard([words.text ?? "", words.place ?? ""]);
    setStopped(objection ?? "");
    if (objection) return;
    const done = await sending.send(
      t(words.text === null ? "moderate.undone" : "moderate.done", { number: finding.number }),
      operation("observation.moderate", finding.id, words),
    );
    if (done) setTyped({ text: null, place: null });
  }
  return (
    <details class="review" id="moderate">
      <summary class="btn plain">
        {t("moderate.title")} <kbd>t</kbd>
      </summary>
      <div class="stack">
        <GuardedText
          label={t("moderate.label")}
          hint={t("moderate.hint")}
          value={typed.text ?? finding.moderated ?? finding.text}
          onValue={(text) => setTyped({ ...typed, text })}
        />
        <TextField
          label={t("moderate.place")}
          hint={t("moderate.place_hint")}
          value={typed.place ?? placeRead(finding)}
          max={120}
          onValue={(place) => setTyped({ ...typed, place })}
        />
        <p class="acts">
          <button
            type="button"
            class="btn"
            disabled={sending.busy || Object.keys(changed).length === 0}
            onClick={() => void save(changed)}
          >
            {t("moderate.save")}
          </button>
          {finding.moderated !== null && (
            <button type="button" class="btn" disabled={sending.busy} onClick={() => void save({ text: null })}>
              {t("moderate.back")}
            </button>
          )}
        </p>
        <Problem text={stopped || sending.problem} />
      </div>
    </details>
  );
}
