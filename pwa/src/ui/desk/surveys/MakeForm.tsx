import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { SurveySource, SurveysView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, Problem, SelectField, TextField } from "../parts/Fields";
import { SOURCES } from "./sources";

const lines = (text: string) => [...new Set(text.split("\n").map((it) => it.trim()))].filter(Boolean);

/** A survey to ask by link, on a tablet and on paper. Once made it is asked as it stands. */
export function MakeForm({ view }: { view: SurveysView }) {
  const [title, setTitle] = useState("");
  const [source, setSource] = useState<SurveySource>("citizens");
  const [places, setPlaces] = useState<readonly string[]>([]);
  const [hours, setHours] = useState<readonly string[]>([]);
  const [helps, setHelps] = useState(view.helps.join("\n"));
  const [follows, setFollows] = useState("");
  const [free, setFree] = useState(false);
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  function save(event: Event) {
    event.preventDefault();
    const objection = guard([title, helps]);
    setStopped(objection ?? "");
    if (objection) return;
    const body = {
      title: title.trim(),
      source,
      places: [...places],
      hours: [...hours],
      helps: lines(helps),
      free_text: free && source !== "youth",
      follows: follows || null,
    };
    void sending.send(t("dialog.made"), operation("survey.make", uuid7(), body));
  }
  const before = view.rows.filter((it) => it.source === source);
  return (
    <form class="stack" onSubmit={save}>
      <TextField label={t("dialog.name")} hint={t("dialog.name_hint")} value={title} onValue={setTitle} max={80} />
      <SelectField
        label={t("dialog.whose")}
        hint={source === "youth" ? t("dialog.youth_hint") : ""}
        value={source}
        onValue={(it) => setSource(it as SurveySource)}
        options={SOURCES.map((it) => ({ value: it, name: t(`dialog.source.${it}`) }))}
      />
      <Several
        legend={t("dialog.places")}
        options={view.places.map((it) => ({ value: it.id, name: it.name }))}
        chosen={places}
        onChosen={setPlaces}
      />
      <Several
        legend={t("dialog.hours")}
        options={view.bands.map((it) => ({ value: it, name: it }))}
        chosen={hours}
        onChosen={setHours}
      />
      <label class="field-row">
        <span class="field-label">{t("dialog.helps")}</span>
        <span class="quiet hint">
          {t("dialog.helps_hint")} {t("dialog.not_five")}
        </span>
        <textarea class="input area" rows={6} value={helps} onInput={(event) => setHelps(event.currentTarget.value)} />
      </label>
      <SelectField
        label={t("dialog.follows")}
        hint={t("dialog.follows_hint")}
        value={follows}
        onValue={setFollows}
        options={[
          { value: "", name: t("dialog.follows_none") },
          ...before.map((it) => ({ value: it.id, name: it.title })),
        ]}
      />
      {source !== "youth" && (
        <CheckField label={t("dialog.free")} hint={t("dialog.free_hint")} checked={free} onValue={setFree} />
      )}
      <Problem text={stopped || sending.problem} />
      <p>
        <button
          type="submit"
          class="btn go"
          disabled={sending.busy || !title.trim() || places.length === 0 || hours.length === 0}
        >
          {t("dialog.make_now")}
        </button>
      </p>
    </form>
  );
}

interface SeveralProps {
  legend: string;
  options: { value: string; name: string }[];
  chosen: readonly string[];
  onChosen: (chosen: readonly string[]) => void;
}

function Several({ legend, options, chosen, onChosen }: SeveralProps) {
  return (
    <fieldset class="field-row">
      <legend class="field-label">{legend}</legend>
      <div class="several">
        {options.map((it) => (
          <CheckField
            key={it.value}
            label={it.name}
            checked={chosen.includes(it.value)}
            onValue={(on) => onChosen(on ? [...chosen, it.value] : chosen.filter((other) => other !== it.value))}
          />
        ))}
      </div>
    </fieldset>
  );
}
