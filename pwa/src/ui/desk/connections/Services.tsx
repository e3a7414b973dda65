import { icons } from "virtual:icons?x";
import { useState } from "preact/hooks";
import type { MunicipalityState } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { SelectField, TextField } from "../parts/Fields";

/** Our category to their code, in the order they were written; "" for all others. */
export type Codes = [category: string, code: string][];

interface ServicesProps {
  codes: Codes;
  onCodes: (codes: Codes) => void;
}

/** The party's own codes: one for everything, and one of their own for what they call something else. */
export function Services({ codes, onCodes }: ServicesProps) {
  const [more, setMore] = useState("");
  const categories = useLoad<MunicipalityState>("/api/municipality").data?.categories ?? [];
  const physical = categories.filter(({ kind }) => kind === "F" || kind === "M");
  const others = codes.find(([category]) => category === "")?.[1] ?? "";
  const own = codes.filter(([category]) => category !== "");
  const free = physical.filter(({ code }) => !own.some(([category]) => category === code));
  const nameOf = (code: string) => categories.find((one) => one.code === code)?.name ?? code;
  const put = (rows: Codes, all = others) => onCodes([...rows, ["", all]]);
  return (
    <fieldset class="stack">
      <legend>{t("partner.services")}</legend>
      <TextField
        label={t("partner.service")}
        hint={t("partner.service_hint")}
        value={others}
        onValue={(code) => put(own, code)}
        max={80}
      />
      {own.map(([category, code], at) => (
        <div key={category} class="joined">
          <TextField
            label={t("partner.service_of", { category: nameOf(category) })}
            value={code}
            onValue={(typed) => put(own.map((row, i) => (i === at ? [category, typed] : row)))}
            max={80}
          />
          <p>
            <button
              type="button"
              class="btn"
              aria-label={t("partner.service_less", { category: nameOf(category) })}
              onClick={() => put(own.filter((_, i) => i !== at))}
            >
              <Icon drawing={icons.x ?? ""} />
              {t("partner.service_remove")}
            </button>
          </p>
        </div>
      ))}
      {free.length > 0 && (
        <div class="joined">
          <SelectField
            label={t("partner.service_more")}
            value={more}
            onValue={setMore}
            options={[
              { value: "", name: t("partner.service_choose") },
              ...free.map(({ code, name }) => ({ value: code, name })),
            ]}
          />
          <p>
            <button
              type="button"
              class="btn"
              disabled={!more}
              onClick={() => {
                put([...own, [more, ""]]);
                setMore("");
              }}
            >
              {t("partner.service_add")}
            </button>
          </p>
        </div>
      )}
    </fieldset>
  );
}
