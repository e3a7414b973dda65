import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { AgreementHead, AgreementsView, EvidenceKind } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, Field, Problem, SelectField, TextField } from "../parts/Fields";

const EVIDENCE: readonly EvidenceKind[] = ["reported", "yearly", "walks", "street"];

/** One more promise of an agreement: the signed words, who signed them, and what can show how it goes. */
export function NewPromise({
  agreement,
  tiles,
}: {
  agreement: AgreementHead & { promises: { number: number }[] };
  tiles: AgreementsView["tiles"];
}) {
  const last = Math.max(0, ...agreement.promises.map((each) => each.number));
  return (
    <details>
      <summary class="btn plain">{t("promise.add")}</summary>
      <Form key={last} agreement={agreement} number={last + 1} tiles={tiles} />
    </details>
  );
}

function Form({
  agreement,
  number,
  tiles,
}: {
  agreement: AgreementHead;
  number: number;
  tiles: AgreementsView["tiles"];
}) {
  const [text, setText] = useState("");
  const [heading, setHeading] = useState("");
  const [by, setBy] = useState<readonly string[]>([]);
  const [evidence, setEvidence] = useState<EvidenceKind>("reported");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [reportBy, setReportBy] = useState("");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  function enter(event: Event) {
    event.preventDefault();
    const objection = guard([heading]);
    setStopped(objection ?? "");
    if (objection) return;
    const body = {
      agreement: agreement.id,
      number,
      by: [...by],
      text: text.trim(),
      heading,
      evidence,
      tiles: evidence === "street" ? [...chosen] : [],
      report_by: reportBy || null,
    };
    void sending.send(t("promise.entered"), operation("promise.enter", uuid7(), body));
  }
  return (
    <form class="stack" onSubmit={enter}>
      <Field label={t("promise.text")} hint={t("promise.text_hint")}>
        {(at) => (
          <textarea
            {...at}
            class="input area"
            rows={4}
            maxLength={1000}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <TextField
        label={t("promise.heading")}
        hint={t("promise.heading_hint")}
        value={heading}
        onValue={setHeading}
        max={80}
        optional
      />
      <fieldset class="field-row">
        <legend class="field-label">{t("promise.by")}</legend>
        {agreement.parties.map((party) => (
          <Choice key={party.id} id={party.id} label={party.called} chosen={by} onChosen={setBy} />
        ))}
      </fieldset>
      <SelectField
        label={t("promise.evidence")}
        value={evidence}
        onValue={(value) => setEvidence(value as EvidenceKind)}
        options={EVIDENCE.map((kind) => ({ value: kind, name: t(`promise.evidence.${kind}`) }))}
      />
      {evidence === "street" && (
        <fieldset class="field-row">
          <legend class="field-label">{t("promise.tiles")}</legend>
          {tiles.map((tile) => (
            <Choice key={tile.id} id={tile.id} label={tile.name} chosen={chosen} onChosen={setChosen} />
          ))}
        </fieldset>
      )}
      <TextField label={t("promise.report_by")} type="date" value={reportBy} onValue={setReportBy} optional />
      <Problem text={stopped || sending.problem} />
      <p>
        <button type="submit" class="btn" disabled={sending.busy || !text.trim() || by.length === 0}>
          {t("promise.enter")}
        </button>
      </p>
    </form>
  );
}

function Choice({
  id,
  label,
  chosen,
  onChosen,
}: {
  id: string;
  label: string;
  chosen: readonly string[];
  onChosen: (chosen: readonly string[]) => void;
}) {
  return (
    <CheckField
      label={label}
      checked={chosen.includes(id)}
      onValue={(on) => onChosen(on ? [...chosen, id] : chosen.filter((each) => each !== id))}
    />
  );
}
