import { icons } from "virtual:icons?printer,eye";
import { useState } from "preact/hooks";
import type { LagesbildView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Problem, TextField } from "../parts/Fields";
import { Page } from "../parts/Page";
import { Ready } from "../parts/StateCard";
import { href, query, setQuery } from "../router";
import { fullDate, plainDate } from "../time/stockholm";
import { Numbers } from "./Numbers";
import { Show } from "./Show";
import { Sign } from "./Sign";
import { Write } from "./Write";

/** The lägesbild of a period under its four headings, with what people write, sign and show of it. */
export function Lagesbild() {
  const asked = new URLSearchParams();
  for (const [name, from] of [
    ["from", "fran"],
    ["to", "till"],
  ] as const) {
    const day = query.value.get(from);
    if (day) asked.set(name, day);
  }
  const found = useLoad<LagesbildView>(asked.size ? `/api/lagesbild?${asked}` : "/api/lagesbild");
  return (
    <Page title={t("lage.title")}>
      <Ready of={found}>{(view) => <Whole key={view.draft.id} view={view} again={found.again} />}</Ready>
    </Page>
  );
}

function Whole({ view, again }: { view: LagesbildView; again: () => void }) {
  const { draft, picture } = view;
  const text = (heading: string) => draft.texts.find((it) => it.heading === heading)?.text ?? "";
  return (
    <>
      <div class="spread head">
        <h1 tabIndex={-1}>{t("lage.title")}</h1>
        <p class="acts">
          <button type="button" class="btn" onClick={() => print()}>
            <Icon drawing={icons.printer ?? ""} />
            {t("week.print")}
          </button>
        </p>
      </div>
      <p class="lead">{t("lage.span", { from: plainDate(draft.first), to: fullDate(draft.last) })}</p>
      <p class="quiet">{t("lage.lead")}</p>
      <Periods view={view} />
      {!view.is_over && <p class="quiet">{t("lage.going_on")}</p>}
      {!view.is_whole && <p class="tag t-need">{t("lage.not_whole")}</p>}
      {picture.unsorted > 0 && (
        <p class="tag t-need">
          <Icon drawing={icons.eye ?? ""} />
          {t("lage.unsorted", { n: picture.unsorted })} <a href={href("/inkommet")}>{t("week.sort_them")}</a>
        </p>
      )}
      <div class="week-two">
        {(["otrygghet", "ordningsstorning"] as const).map((heading) => (
          <section key={heading} class="group" aria-labelledby={`lage-${heading}`}>
            <h2 id={`lage-${heading}`}>{t(`lage.heading.${heading}`)}</h2>
            {text(heading) && <p>{text(heading)}</p>}
            <Numbers view={view} heading={heading} />
          </section>
        ))}
        <Crime view={view} />
        <section class="group" aria-labelledby="lage-samverkan">
          <h2 id="lage-samverkan">{t("lage.heading.samverkan")}</h2>
          {text("samverkan") && <p>{text("samverkan")}</p>}
          <p>{t("lage.together", picture.together)}</p>
          {picture.together.passes > 0 && <p>{t("lage.passes", { n: picture.together.passes })}</p>}
          <Focus view={view} />
        </section>
      </div>
      <Write view={view} again={again} />
      <Sign view={view} again={again} />
      <Show key={view.preview?.digest} view={view} />
    </>
  );
}

function Crime({ view }: { view: LagesbildView }) {
  const { crime } = view.draft;
  return (
    <section class="group" aria-labelledby="lage-brott">
      <h2 id="lage-brott">{t("lage.heading.brott")}</h2>
      <p>{crime ? crime.text : t("lage.crime_missing")}</p>
      <p class="quiet">
        {crime
          ? t("lage.crime_said", { source: crime.source, by: crime.told_by, day: fullDate(crime.told_on) })
          : t("lage.crime_only")}
      </p>
    </section>
  );
}

function Focus({ view }: { view: LagesbildView }) {
  const rests = view.plans.filter((plan) => view.draft.focus.includes(plan.id));
  if (rests.length === 0) return null;
  return (
    <>
      <h3>{t("lage.focus")}</h3>
      <ul class="week-list">
        {rests.map((plan) => (
          <li key={plan.id}>
            <p>
              <a href={href("/planer")}>{plan.focus}</a> {plan.title}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Periods({ view }: { view: LagesbildView }) {
  const [from, setFrom] = useState(view.draft.first);
  const [to, setTo] = useState(view.draft.last);
  const [problem, setProblem] = useState("");
  function open(event: Event) {
    event.preventDefault();
    const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
    if (!(days >= 0 && days < 366)) return setProblem(t("lage.wrong_days"));
    setQuery({ fran: from, till: to }, { replace: false });
  }
  return (
    <details class="week-edit">
      <summary class="btn plain">{t("lage.other")}</summary>
      <form class="stack" onSubmit={open}>
        <TextField label={t("lage.from")} type="date" value={from} onValue={setFrom} />
        <TextField label={t("lage.to")} type="date" value={to} onValue={setTo} />
        <Problem text={problem} />
        <p>
          <button type="submit" class="btn">
            {t("lage.open")}
          </button>
        </p>
      </form>
      {view.known.length > 0 && (
        <>
          <h2>{t("lage.known")}</h2>
          <ul class="week-list">
            {view.known.map((it) => (
              <li key={it.id}>
                <p>
                  <a href={href(`/lagesbild?fran=${it.first}&till=${it.last}`)}>
                    {t("lage.span", { from: plainDate(it.first), to: fullDate(it.last) })}
                  </a>{" "}
                  <span class="quiet">
                    {it.edition ? t("lage.known_edition", { n: it.edition }) : t("lage.known_draft")}
                  </span>
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}
