import { useState } from "preact/hooks";
import type { PromiseView, ReportResult } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, GuardedText, Problem, RadioField, SelectField, TextField } from "../parts/Fields";
import { dateIn } from "../time/stockholm";

const RESULTS: readonly ReportResult[] = ["going_on", "done", "not_done"];

/** What a party has told, written down for it: who, when, of which days, and whether it may be shown. */
export function ReportForm({ view }: { view: PromiseView }) {
  const { promise, agreement } = view;
  const today = dateIn(new Date());
  const isYearly = promise.evidence === "yearly";
  const [party, setParty] = useState(promise.by[0] ?? "");
  const [toldBy, setToldBy] = useState("");
  const [toldOn, setToldOn] = useState(today);
  const [first, setFirst] = useState(agreement.valid_from ?? today);
  const [last, setLast] = useState(agreement.validity === "expired" ? (agreement.valid_to ?? today) : today);
  const [result, setResult] = useState("");
  const [text, setText] = useState("");
  const [n, setN] = useState("");
  const [of, setOf] = useState("");
  const [unit, setUnit] = useState("");
  const [counted, setCounted] = useState("");
  const [may, setMay] = useState(false);
  const [stopped, setStopped] = useState("");
  const isThings = counted === "things" && !isYearly;
  const sending = useSubmit();
  const guard = useGuard();
  function tell(event: Event) {
    event.preventDefault();
    const objection = guard([text, unit, toldBy]);
    setStopped(objection ?? "");
    if (objection) return;
    if (n && !isYearly && !counted) {
      setStopped(t("promise.people_unsaid"));
      return;
    }
    const isNot = result === "not_done";
    const count = n
      ? { n: Number(n), of: of && isThings ? Number(of) : null, unit: unit.trim(), are_people: !isThings }
      : null;
    const body = {
      party,
      told_by: toldBy.trim(),
      told_on: toldOn,
      first,
      last,
      result: result as ReportResult,
      text: isNot ? "" : text.trim(),
      reason: isNot ? text.trim() : "",
      count,
      may_publish: may,
    };
    void sending.send(t("promise.report_kept"), operation("promise.report", promise.id, body));
  }
  return (
    <details>
      <summary class="btn plain">{t("promise.write_report")}</summary>
      <form class="stack" onSubmit={tell}>
        <div class="cols2">
          <SelectField
            label={t("promise.party")}
            value={party}
            onValue={setParty}
            options={agreement.parties.map((each) => ({ value: each.id, name: each.called }))}
          />
          <TextField
            label={t("promise.told_by")}
            hint={t("promise.told_by_hint")}
            value={toldBy}
            onValue={setToldBy}
            max={80}
          />
        </div>
        <div class="cols2">
          <TextField label={t("promise.told_on")} type="date" value={toldOn} onValue={setToldOn} />
          <TextField label={t("promise.first_of")} type="date" value={first} onValue={setFirst} />
          <TextField label={t("promise.last_of")} type="date" value={last} onValue={setLast} />
        </div>
        <RadioField
          label={t("promise.how")}
          value={result}
          onValue={setResult}
          options={RESULTS.map((each) => ({ value: each, name: t(`promise.result.${each}`) }))}
        />
        <GuardedText
          label={t(result === "not_done" ? "promise.why_not" : "promise.what")}
          hint={t(isYearly ? "promise.no_cases" : "promise.public_words")}
          value={text}
          onValue={setText}
          max={1000}
        />
        <div class="cols2">
          <TextField label={t("promise.n")} type="number" value={n} onValue={setN} optional />
          <TextField label={t("promise.unit")} value={unit} onValue={setUnit} max={40} optional />
        </div>
        {n && !isYearly && (
          <RadioField
            label={t("promise.counted")}
            value={counted}
            onValue={setCounted}
            options={[
              { value: "people", name: t("promise.counted.people") },
              { value: "things", name: t("promise.counted.things") },
            ]}
          />
        )}
        {n && !isThings && (isYearly || counted) && <p class="quiet">{t("promise.people_hint")}</p>}
        {n && isThings && <TextField label={t("promise.of")} type="number" value={of} onValue={setOf} optional />}
        <CheckField label={t("promise.may")} hint={t("promise.may_hint")} checked={may} onValue={setMay} />
        <Problem text={stopped || sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !result || !toldBy.trim()}>
            {t("promise.keep_report")}
          </button>
        </p>
      </form>
    </details>
  );
}
