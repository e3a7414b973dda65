import { icons } from "virtual:icons?arrow-up,arrow-down,pencil,trash-2,triangle-alert";
import type { ComponentChildren } from "preact";
import type { Rule, RuleFault, RulesData } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { conditions, faultText, type Known, nameIn, titleOf } from "./draft";

interface ListProps extends Known {
  rules: RulesData;
  faults: readonly RuleFault[];
  /** Rules that nothing in history reached. */
  never?: readonly string[];
  /** Given while a draft is written. */
  edit?: {
    busy: boolean;
    onMove: (at: number, by: 1 | -1) => void;
    onOpen: (rule: Rule) => void;
    onRemove: (rule: Rule) => void;
    /** The rule that is open, and its form, which stands in its place. */
    open: string | null;
    form: ComponentChildren;
  };
}

/** The rules in the order they are asked. */
export function RuleList({ rules, faults, never = [], edit, ...known }: ListProps) {
  const last = rules.rules.length - 1;
  const loose = faults.filter((it) => it.rule === "");
  return (
    <>
      {loose.map((fault) => (
        <FaultLine key={`${fault.code}${fault.about}`} fault={fault} rules={rules} />
      ))}
      <ol class="rulelist">
        {rules.rules.map((rule, at) =>
          edit?.open === rule.id ? (
            <li key={rule.id}>{edit.form}</li>
          ) : (
            <li key={rule.id} class="card">
              <div class="stack">
                <h3>
                  {at + 1}. {titleOf(rule)}
                </h3>
                <p>{conditions(rule, known).join(" ") || t("rules.if.everything")}</p>
                <p>
                  <b>{nameIn(known.municipality.departments, rule.department)}</b>
                  {rule.deadline_days !== null && ` · ${t("rules.within", { n: rule.deadline_days })}`}
                  {rule.authority && ` · ${t("rules.is_authority")}`}
                </p>
                {rule.name && <p class="quiet">”{rule.because}”</p>}
                {faults
                  .filter((it) => it.rule === rule.id)
                  .map((fault) => (
                    <FaultLine key={`${fault.code}${fault.about}`} fault={fault} rules={rules} />
                  ))}
                {never.includes(rule.id) && <p class="note">{t("rules.never_one")}</p>}
              </div>
              {edit && (
                <div class="acts">
                  <Tool
                    icon="arrow-up"
                    label={t("rules.up", { name: titleOf(rule) })}
                    off={edit.busy || at === 0}
                    act={() => edit.onMove(at, -1)}
                  />
                  <Tool
                    icon="arrow-down"
                    label={t("rules.down", { name: titleOf(rule) })}
                    off={edit.busy || at === last}
                    act={() => edit.onMove(at, 1)}
                  />
                  <Tool
                    icon="pencil"
                    label={t("rules.edit", { name: titleOf(rule) })}
                    off={edit.busy}
                    act={() => edit.onOpen(rule)}
                  />
                  <Tool
                    icon="trash-2"
                    label={t("rules.remove", { name: titleOf(rule) })}
                    off={edit.busy}
                    act={() => edit.onRemove(rule)}
                  />
                </div>
              )}
            </li>
          ),
        )}
      </ol>
    </>
  );
}

function FaultLine({ fault, rules }: { fault: RuleFault; rules: RulesData }) {
  return (
    <p class="error">
      <Icon drawing={icons["triangle-alert"] ?? ""} /> {faultText(fault, rules)}
    </p>
  );
}

export function Tool({ icon, label, off, act }: { icon: string; label: string; off: boolean; act: () => void }) {
  return (
    <button type="button" class="btn square" aria-label={label} title={label} disabled={off} onClick={act}>
      <Icon drawing={icons[icon] ?? ""} />
    </button>
  );
}
