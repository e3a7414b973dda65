import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { AgreementHead, AgreementKind, AgreementsView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Field, Problem, SelectField, TextField } from "../parts/Fields";
import { Page } from "../parts/Page";
import { Ready } from "../parts/StateCard";
import { go } from "../router";
import { partiesOf } from "./parties";

const KINDS: readonly AgreementKind[] = ["medborgarlofte", "samverkansoverenskommelse", "trygghetsoverenskommelse"];

export function NewAgreement() {
  const found = useLoad<AgreementsView>("/api/agreements");
  return (
    <Page title={t("promise.new_agreement")}>
      <h1 tabIndex={-1}>{t("promise.new_agreement")}</h1>
      <Ready of={found}>{(view) => <Form known={view.agreements} />}</Ready>
    </Page>
  );
}

function Form({ known }: { known: readonly AgreementHead[] }) {
  const [kind, setKind] = useState<AgreementKind>("medborgarlofte");
  const [title, setTitle] = useState("");
  const [purpose, setPurpose] = useState("");
  const [parties, setParties] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [keeper, setKeeper] = useState("");
  const [before, setBefore] = useState("");
  const [partOf, setPartOf] = useState("");
  const [stopped, setStopped] = useState("");
  const [review, setReview] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  const others = [{ value: "", name: t("promise.no_other") }, ...known.map((it) => ({ value: it.id, name: it.title }))];
  async function enter(event: Event) {
    event.preventDefault();
    const objection = guard([title, parties, keeper]);
    setStopped(objection ?? "");
    if (objection) return;
    const body = {
      kind,
      title: title.trim(),
      purpose,
      parties: partiesOf(parties),
      valid_from: from || null,
      valid_to: to || null,
      keeper: keeper.trim(),
      part_of: partOf || null,
      predecessor: before || null,
      review_on: review || null,
    };
    if (await sending.send(t("promise.agreement_entered"), operation("agreement.enter", uuid7(), body))) go("/loften");
  }
  return (
    <form class="stack" onSubmit={enter}>
      <SelectField
        label={t("promise.kind")}
        value={kind}
        onValue={(value) => setKind(value as AgreementKind)}
        options={KINDS.map((each) => ({ value: each, name: t(`promise.kind.${each}`) }))}
      />
      <TextField label={t("promise.title")} value={title} onValue={setTitle} max={120} />
      <Text label={t("promise.purpose")} hint={t("promise.text_hint")} value={purpose} onValue={setPurpose} />
      <Text label={t("promise.parties")} hint={t("promise.parties_hint")} value={parties} onValue={setParties} />
      <div class="cols2">
        <TextField label={t("promise.first_day")} type="date" value={from} onValue={setFrom} optional />
        <TextField label={t("promise.last_day")} type="date" value={to} onValue={setTo} optional />
      </div>
      <TextField
        label={t("promise.review")}
        hint={t("promise.review_hint")}
        type="date"
        value={review}
        onValue={setReview}
        optional
      />
      <TextField
        label={t("promise.keeper")}
        hint={t("promise.keeper_hint")}
        value={keeper}
        onValue={setKeeper}
        max={120}
      />
      <SelectField label={t("promise.before")} value={before} onValue={setBefore} options={others} />
      <SelectField label={t("promise.part_of")} value={partOf} onValue={setPartOf} options={others} />
      <Problem text={stopped || sending.problem} />
      <p>
        <button type="submit" class="btn go" disabled={sending.busy || !title.trim() || !keeper.trim()}>
          {t("promise.enter")}
        </button>
      </p>
    </form>
  );
}

function Text(it: { label: string; hint: string; value: string; onValue: (value: string) => void }) {
  return (
    <Field label={it.label} hint={it.hint}>
      {(at) => (
        <textarea
          {...at}
          class="input area"
          rows={3}
          maxLength={2000}
          value={it.value}
          onInput={(event) => it.onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
