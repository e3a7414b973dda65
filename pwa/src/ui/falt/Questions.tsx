import type { PresenceBody } from "../../domain/wire";
import { t } from "../parts/words";
import { Choose } from "./Choose";
import { type Form, tooFew } from "./form";
import { smallAreas } from "./store";

interface Props {
  form: Form;
  onAnswer: (changes: Partial<Form>) => void;
}

export const BANDS: readonly PresenceBody["band"][] = ["0", "1-5", "6-15", "16-30", "31+"];
const MOODS: readonly PresenceBody["mood"][] = ["calm", "lively", "uneasy", "threatening"];
const SUBSTANCES: readonly NonNullable<PresenceBody["substances"]>[] = ["none", "signs", "clear"];
const ACTIONS: readonly PresenceBody["action"][] = ["talk", "support", "contact", "present"];

const options = <T extends string>(values: readonly T[], of: string) =>
  values.map((value) => ({ value, word: t(`${of}.${value}`) }));

/** The four questions that are the entry. One is not asked when so few are there that the answer would be about them. */
export function Questions({ form, onAnswer }: Props) {
  return (
    <>
      <Choose
        id="band"
        question={t("ask.band")}
        options={options(BANDS, "band")}
        across="row5"
        chosen={form.band}
        onChoose={(band) => onAnswer({ band })}
      />
      <Choose
        id="mood"
        question={t("ask.mood")}
        options={options(MOODS, "mood")}
        across="row4"
        chosen={form.mood}
        onChoose={(mood) => onAnswer({ mood })}
      />
      {tooFew(form, smallAreas.value) ? (
        <p class="notasked quiet" role="status">
          {t(form.band === "1-5" ? "ask.few" : "ask.small")}
        </p>
      ) : (
        <Choose
          id="substances"
          question={t("ask.substances")}
          options={options(SUBSTANCES, "substances")}
          across="row3"
          chosen={form.substances}
          onChoose={(value) => onAnswer({ substances: form.substances === value ? null : value })}
        />
      )}
      <Choose
        id="action"
        question={t("ask.action")}
        options={options(ACTIONS, "action")}
        across="row4"
        chosen={form.action}
        onChoose={(action) => onAnswer({ action })}
      />
    </>
  );
}
