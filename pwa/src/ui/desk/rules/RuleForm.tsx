import { useEffect, useRef, useState } from "preact/hooks";
import type { Rule } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { CheckField, GuardedText, Problem, SelectField, TextField } from "../parts/Fields";
import { AreaDrawing } from "./AreaDrawing";
import { corners, cornerText, drawn, type Known, missing, ringOf } from "./draft";
import { Several } from "./TableForms";

interface FormProps extends Known {
  rule: Rule;
  busy: boolean;
  onSave: (rule: Rule) => void;
  onLeave: () => void;
}

/** One rule in plain words: what it asks for, who gets it, and what that one is told. */
export function RuleForm({ rule: before, busy, municipality, choices, onSave, onLeave }: FormProps) {
  const [rule, setRule] = useState(before);
  const [area, setArea] = useState(cornerText(ringOf(before)));
  const [wrong, setWrong] = useState<ReturnType<typeof missing>>({});
  const [stopped, setStopped] = useState("");
  const guard = useGuard();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("input")?.focus(), []);
  const set = (changes: Partial<Rule>) => setRule({ ...rule, ...changes });
  const save = () => {
    const found = missing(rule, area);
    setWrong(found);
    if (Object.keys(found).length > 0) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    const objection = guard([rule.name, rule.because]);
    setStopped(objection ?? "");
    if (!objection)
      onSave(drawn({ ...rule, name: rule.name.trim(), because: rule.because.trim() }, corners(area) ?? []));
  };
  const departments = municipality.departments;
  const grounds = choices.ground.map((id) => ({ id, name: departments.find((it) => it.id === id)?.name ?? id }));
  return (
    <form
      ref={form}
      class="box stack"
      aria-label={t("rules.form")}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <TextField
        label={t("rules.name")}
        value={rule.name}
        max={60}
        onValue={(name) => set({ name })}
        {...(wrong.name ? { error: wrong.name } : {})}
      />
      <fieldset class="stack">
        <legend class="field-label">{t("rules.when")}</legend>
        <p class="quiet hint">{t("rules.when_hint")}</p>
        <Several
          label={t("rules.tiles")}
          named={municipality.tiles}
          chosen={rule.tiles}
          onChosen={(tiles) => set({ tiles })}
        />
        <Several
          label={t("rules.categories")}
          named={municipality.categories
            .filter((it) => it.kind === "F" || it.kind === "M")
            .map(({ code, name }) => ({ id: code, name }))}
          chosen={rule.categories}
          onChosen={(categories) => set({ categories })}
        />
        <Several
          label={t("rules.place_types")}
          named={choices.place_types}
          chosen={rule.place_types}
          onChosen={(place_types) => set({ place_types })}
        />
        <Several
          label={t("rules.areas")}
          named={municipality.areas.map((name) => ({ id: name, name }))}
          chosen={rule.areas}
          onChosen={(areas) => set({ areas })}
        />
        <Several
          label={t("rules.owners")}
          named={grounds}
          chosen={rule.owners}
          onChosen={(owners) => set({ owners })}
        />
        <Several
          label={t("rules.answers")}
          named={choices.questions}
          chosen={rule.answers}
          onChosen={(answers) => set({ answers })}
        />
        <Several
          label={t("rules.severities")}
          named={[1, 2, 3].map((n) => ({ id: `${n}`, name: `${n}` }))}
          chosen={rule.severities.map(String)}
          onChosen={(severities) => set({ severities: severities.map(Number) })}
        />
        <details open={area !== ""}>
          <summary>{t("rules.area")}</summary>
          <AreaDrawing
            municipality={municipality}
            text={area}
            onText={setArea}
            {...(wrong.area ? { error: wrong.area } : {})}
          />
        </details>
      </fieldset>
      <SelectField
        label={t("rules.department")}
        value={rule.department}
        onValue={(department) => set({ department })}
        options={[
          { value: "", name: t("rules.choose") },
          ...choices.owners.map(({ id, name }) => ({ value: id, name })),
        ]}
        {...(wrong.department ? { error: wrong.department } : {})}
      />
      <TextField
        label={t("rules.days")}
        hint={t("rules.days_hint")}
        type="number"
        value={rule.deadline_days === null ? "" : `${rule.deadline_days}`}
        onValue={(days) => set({ deadline_days: days === "" ? null : Math.max(0, Math.round(Number(days))) })}
        optional
      />
      <GuardedText
        label={t("rules.because")}
        hint={t("rules.because_hint")}
        value={rule.because}
        max={200}
        onValue={(because) => set({ because })}
        {...(wrong.because ? { error: wrong.because } : {})}
      />
      <CheckField
        label={t("rules.authority")}
        hint={t("rules.authority_hint")}
        checked={rule.authority}
        onValue={(authority) => set({ authority })}
      />
      <Problem text={stopped} />
      <div class="acts">
        <button type="submit" class="btn go" disabled={busy}>
          {t("rules.keep")}
        </button>
        <button type="button" class="btn" onClick={onLeave}>
          {t("rules.leave")}
        </button>
      </div>
    </form>
  );
}
