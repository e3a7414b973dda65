import { useState } from "preact/hooks";
import type { Feeling, SurveyAge, SurveyAnswerBody, SurveyRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, RadioField, SelectField } from "../parts/Fields";

const FELT: readonly Feeling[] = ["safe", "neither", "unsafe"];
export const AGES: readonly SurveyAge[] = ["0-17", "18-29", "30-64", "65-"];

/** One paper, written off: place and hour stay for the next one, what the person said does not. */
export function Paper({ it }: { it: SurveyRow }) {
  const [place, setPlace] = useState(it.places[0]?.id ?? "");
  const [hours, setHours] = useState(it.bands[0] ?? "");
  const [felt, setFelt] = useState("");
  const [help, setHelp] = useState("");
  const [age, setAge] = useState("");
  const [text, setText] = useState("");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  async function save(event: Event) {
    event.preventDefault();
    const objection = guard([text]);
    setStopped(objection ?? "");
    if (objection) return;
    const said = { felt: felt as Feeling, help, age: age as SurveyAge | "", text: text.trim(), on: null };
    const body: SurveyAnswerBody = { survey: it.id, place, hours, ...said };
    // An id that tells no time: in which order people answered is nobody's to read.
    if (!(await sending.send(t("dialog.paper_done"), operation("survey.answer", crypto.randomUUID(), body)))) return;
    for (const clear of [setFelt, setHelp, setAge, setText]) clear("");
  }
  const none = { value: "", name: t("dialog.no_answer") };
  return (
    <form class="stack" autocomplete="off" onSubmit={(event) => void save(event)}>
      <div class="cols2">
        <SelectField
          label={t("dialog.place")}
          value={place}
          onValue={setPlace}
          options={it.places.map((each) => ({ value: each.id, name: each.name }))}
        />
        <SelectField
          label={t("dialog.hour")}
          value={hours}
          onValue={setHours}
          options={it.bands.map((each) => ({ value: each, name: each }))}
        />
      </div>
      <RadioField
        label={t("dialog.felt")}
        value={felt}
        onValue={setFelt}
        options={FELT.map((each) => ({ value: each, name: t(`dialog.felt.${each}`) }))}
      />
      <SelectField
        label={t("dialog.help")}
        value={help}
        onValue={setHelp}
        options={[none, ...it.helps.map((each) => ({ value: each, name: each }))]}
      />
      {it.asks_age && (
        <SelectField
          label={t("dialog.age")}
          value={age}
          onValue={setAge}
          options={[none, ...AGES.map((each) => ({ value: each, name: t(`dialog.age.${each}`) }))]}
        />
      )}
      {it.free_text && <GuardedText label={t("dialog.text")} value={text} onValue={setText} max={500} />}
      <Problem text={stopped || sending.problem} />
      <p>
        <button type="submit" class="btn" disabled={sending.busy || !felt}>
          {t("dialog.paper_save")}
        </button>
      </p>
    </form>
  );
}
