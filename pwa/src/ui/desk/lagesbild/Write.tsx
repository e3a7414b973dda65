import { useEffect, useState } from "preact/hooks";
import type { LagesbildHeading, LagesbildView, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, GuardedText, Problem, TextField } from "../parts/Fields";
import { href } from "../router";
import { isOwn, wordsOf } from "./draft";

const OURS = ["otrygghet", "ordningsstorning", "samverkan"] as const;

/** What people add to the numbers: a text for each heading, what the police told, and the focus areas that rest on it. */
export function Write({ view, again }: { view: LagesbildView; again: () => void }) {
  const { draft } = view;
  const [texts, setTexts] = useState<Partial<Record<LagesbildHeading, string>>>(
    Object.fromEntries(draft.texts.map((it) => [it.heading, it.text])),
  );
  const [crime, setCrime] = useState(draft.crime ?? { text: "", source: "", told_by: "", told_on: view.today });
  const [focus, setFocus] = useState<readonly Uuid[]>(draft.focus);
  const [read, setRead] = useState({ version: draft.version, words: wordsOf(draft) });
  const [sent, setSent] = useState<string | null>(null);
  const sending = useSubmit();
  const isTheirs = draft.version !== read.version && !isOwn(draft, read.words, sent);
  function goOnFromHere() {
    setRead({ version: draft.version, words: wordsOf(draft) });
  }
  useEffect(() => {
    if (draft.version !== read.version && !isTheirs) goOnFromHere();
  }, [draft.version, isTheirs]);
  async function save(event: Event) {
    event.preventDefault();
    const body = {
      first: draft.first,
      last: draft.last,
      texts: OURS.map((heading) => ({ heading, text: (texts[heading] ?? "").trim() })),
      crime: crime.text.trim() ? crime : null,
      focus: [...focus],
    };
    setSent(wordsOf(body));
    const change = operation("lagesbild.write", draft.id, body, read.version);
    if (!(await sending.send(t("lage.saved"), change))) again(); // somebody else's may be what stopped it
  }
  return (
    <section class="group week-edit lage-write" aria-labelledby="lage-write">
      <h2 id="lage-write">{t("lage.write")}</h2>
      <form class="stack" onSubmit={(event) => void save(event)}>
        {OURS.map((heading) => (
          <GuardedText
            key={heading}
            label={t(`lage.text.${heading}`)}
            hint={t("lage.text_hint")}
            value={texts[heading] ?? ""}
            onValue={(text) => setTexts({ ...texts, [heading]: text })}
            max={2000}
          />
        ))}
        <fieldset class="stack">
          <legend class="field-label">{t("lage.heading.brott")}</legend>
          <p class="quiet">{t("lage.crime_only")}</p>
          <GuardedText
            label={t("lage.crime_text")}
            value={crime.text}
            onValue={(text) => setCrime({ ...crime, text })}
            max={2000}
          />
          <TextField
            label={t("lage.crime_source")}
            hint={t("lage.crime_source_hint")}
            value={crime.source}
            onValue={(source) => setCrime({ ...crime, source })}
            max={80}
          />
          <TextField
            label={t("lage.crime_by")}
            hint={t("lage.crime_by_hint")}
            value={crime.told_by}
            onValue={(told_by) => setCrime({ ...crime, told_by })}
            max={80}
          />
          <TextField
            label={t("lage.crime_on")}
            type="date"
            value={crime.told_on}
            onValue={(told_on) => setCrime({ ...crime, told_on })}
          />
        </fieldset>
        <fieldset class="stack">
          <legend class="field-label">{t("lage.focus")}</legend>
          <p class="quiet">{t(view.plans.length === 0 ? "lage.focus_none" : "lage.focus_hint")}</p>
          {view.plans.map((plan) => (
            <CheckField
              key={plan.id}
              label={`${plan.focus}: ${plan.title}`}
              checked={focus.includes(plan.id)}
              onValue={(on) => setFocus(on ? [...focus, plan.id] : focus.filter((id) => id !== plan.id))}
            />
          ))}
          <p>
            <a class="btn plain" href={href("/planer")}>
              {t("lage.to_plans")}
            </a>
          </p>
        </fieldset>
        {isTheirs && (
          <div class="stack" role="status">
            <p class="tag t-need">{t("lage.theirs")}</p>
            <p>
              <button type="button" class="btn" onClick={goOnFromHere}>
                {t("lage.theirs_read")}
              </button>
            </p>
          </div>
        )}
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy}>
            {t("lage.save")}
          </button>
        </p>
      </form>
    </section>
  );
}
