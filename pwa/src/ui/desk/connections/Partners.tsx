import { useState } from "preact/hooks";
import type { PartnerRow, Party } from "../../../domain/wire";
import { t } from "../../parts/words";
import { asTrouble, request } from "../data/api";
import { operation } from "../data/operations";
import { troubleText } from "../data/troubleWords";
import { useSubmit } from "../data/useSubmit";
import { CheckField, Field, Problem, RadioField, SelectField, TextField } from "../parts/Fields";
import { shortMoment } from "../time/stockholm";
import { attributesAsText, attributesIn } from "./attributes";
import { type Codes, Services } from "./Services";

/** Systems that tasks are handed to: one for each party that does not sign in here. */
export function Partners({ partners, parties }: { partners: PartnerRow[]; parties: Party[] }) {
  return (
    <section class="group stack" aria-labelledby="partners">
      <h2 id="partners">{t("partner.title")}</h2>
      <p class="quiet">{t("partner.about")}</p>
      {partners.map((it) => (
        <section key={it.id} class="card stack">
          <h3>{it.name}</h3>
          <p>
            <code class="secret">{it.endpoint}</code>
          </p>
          <p class="quiet">{t(it.is_open ? "partner.is_on" : "partner.is_off")}</p>
          {it.heard_at && <p class="quiet num">{t("partner.heard", { when: shortMoment(it.heard_at) })}</p>}
          <details>
            <summary>{t("partner.change")}</summary>
            <Form party={{ id: it.organisation, name: it.name, partner: it.id }} before={it} />
          </details>
        </section>
      ))}
      <New parties={parties.filter((party) => !partners.some((it) => it.organisation === party.id))} />
    </section>
  );
}

function New({ parties }: { parties: Party[] }) {
  const [id, setId] = useState("");
  const chosen = parties.find((party) => party.id === id);
  if (parties.length === 0) return null;
  return (
    <div class="stack">
      <SelectField
        label={t("partner.party")}
        value={id}
        onValue={setId}
        options={[{ value: "", name: t("partner.choose") }, ...parties.map(({ id: value, name }) => ({ value, name }))]}
      />
      {chosen && <Form key={chosen.id} party={chosen} before={null} />}
    </div>
  );
}

function Form({ party, before }: { party: Party; before: PartnerRow | null }) {
  const [endpoint, setEndpoint] = useState(before?.endpoint ?? "");
  const [jurisdiction, setJurisdiction] = useState(before?.jurisdiction ?? "");
  const [codes, setCodes] = useState<Codes>(() => Object.entries(before?.services ?? {}));
  const isCoded = codes.some(([category]) => category === "") && codes.every(([, code]) => code.trim());
  const [format, setFormat] = useState(before?.format ?? "json");
  const [key, setKey] = useState("");
  const [attributes, setAttributes] = useState(() => attributesAsText(before?.attributes ?? {}));
  const [repeats, setRepeats] = useState(before?.knows_repeats ?? false);
  const [open, setOpen] = useState(before?.is_open ?? true);
  const [problem, setProblem] = useState("");
  const sending = useSubmit();
  async function save(event: Event) {
    event.preventDefault();
    setProblem("");
    let sealed: string | null = null;
    try {
      if (key.trim())
        sealed = (await request<{ sealed: string }>("POST", "/api/connections/seal", { text: key.trim() })).sealed;
    } catch (error) {
      const trouble = asTrouble(error);
      return setProblem(trouble.problem?.detail ?? troubleText(trouble.kind).text);
    }
    const body = {
      organisation: party.id,
      endpoint: endpoint.trim(),
      jurisdiction: jurisdiction.trim(),
      format,
      services: Object.fromEntries(codes.map(([category, code]) => [category, code.trim()])),
      sealed_key: sealed,
      knows_repeats: repeats,
      is_open: open,
      attributes: attributesIn(attributes),
    };
    if (await sending.send(t("partner.saved", { name: party.name }), operation("partner.set", party.partner, body)))
      setKey("");
  }
  return (
    <form class="stack" onSubmit={(event) => void save(event)}>
      <TextField
        label={t("partner.endpoint")}
        hint={t("connections.https")}
        value={endpoint}
        onValue={setEndpoint}
        max={300}
      />
      <TextField label={t("partner.jurisdiction")} value={jurisdiction} onValue={setJurisdiction} max={120} optional />
      <Services codes={codes} onCodes={setCodes} />
      <Field label={t("partner.attributes")} hint={t("partner.attributes_hint")} optional>
        {(at) => (
          <textarea
            {...at}
            class="input area"
            rows={3}
            value={attributes}
            maxLength={5_000}
            onInput={(event) => setAttributes(event.currentTarget.value)}
          />
        )}
      </Field>
      <TextField
        label={t("partner.key")}
        hint={t(before?.has_key ? "partner.key_kept" : "partner.key_hint")}
        value={key}
        onValue={setKey}
        max={500}
        optional
      />
      <RadioField
        label={t("partner.format")}
        value={format}
        onValue={(value) => setFormat(value === "xml" ? "xml" : "json")}
        options={[
          { value: "json", name: "JSON" },
          { value: "xml", name: "XML" },
        ]}
      />
      <CheckField
        label={t("partner.repeats")}
        hint={t("partner.repeats_hint")}
        checked={repeats}
        onValue={setRepeats}
      />
      <CheckField label={t("partner.open")} hint={t("partner.open_hint")} checked={open} onValue={setOpen} />
      <Problem text={problem || sending.problem} />
      <p>
        <button type="submit" class="btn" disabled={sending.busy || !endpoint.trim() || !isCoded}>
          {t("partner.save")}
        </button>
      </p>
    </form>
  );
}
