import { useEffect, useRef, useState } from "preact/hooks";
import type { Feeling, SurveyAge, SurveyAsked, TabletAnswer } from "../../domain/wire";
import { keepAnswer, keepSurvey, theSurvey } from "../../storage/surveys";
import { type Left, left, sendAnswers } from "../../sync/surveys";
import { t } from "../parts/words";
import { Heading, Key, Note } from "./Screen";

const FELT: readonly [Feeling, string][] = [
  ["safe", "smile"],
  ["neither", "meh"],
  ["unsafe", "frown"],
];
const AGES: readonly SurveyAge[] = ["0-17", "18-29", "30-64", "65-"];
const IDLE_MS = 60_000;
const THANKS_MS = 10_000;
const AGAIN_MS = 60_000;
type Known = SurveyAsked | "first" | "unknown" | null;

/** Many people answer on the same tablet: what one chose is in memory only, and gone before the next one looks. */
export function OnTablet({ id: at }: { id: string }) {
  const [survey, setSurvey] = useState<Known>(null);
  const [turn, setTurn] = useState(0);
  const [rest, setRest] = useState<Left>("nothing");
  const next = () => setTurn((n) => n + 1);
  const send = async () => {
    setRest(await left());
    setRest(await sendAnswers());
  };
  useEffect(() => {
    void find(at).then(setSurvey);
    void send();
    const again = () => void send();
    const timer = setInterval(again, AGAIN_MS);
    addEventListener("online", again);
    addEventListener("pageshow", next);
    document.addEventListener("visibilitychange", next);
    return () => {
      clearInterval(timer);
      removeEventListener("online", again);
      removeEventListener("pageshow", next);
      document.removeEventListener("visibilitychange", next);
    };
  }, []);
  if (survey === null) return <div class="app" />;
  if (survey === "first") return <Said title={t("tablet.first")} text={t("tablet.first_text")} />;
  if (survey === "unknown") return <Said title={t("tablet.unknown")} text={t("tablet.unknown_text")} />;
  if (!survey.is_open) return <Said title={t("tablet.closed")} text={t("tablet.closed_text")} />;
  return <Person key={turn} at={at} survey={survey} rest={rest} next={next} saved={() => void send()} />;
}

/** As the server has it now; without a network as it was last. */
async function find(at: string): Promise<Known> {
  try {
    const answer = await fetch(`/enkat/${at}/fragor`, { signal: AbortSignal.timeout(8_000) });
    if (answer.status === 404) return "unknown";
    if (answer.ok) {
      const survey = (await answer.json()) as SurveyAsked;
      await keepSurvey(at, survey);
      return survey;
    }
  } catch {
    // no network, or a sign-in page that is no survey
  }
  return (await theSurvey(at)) ?? "first";
}

interface PersonProps {
  at: string;
  survey: SurveyAsked;
  rest: Left;
  next: () => void;
  saved: () => void;
}

function Person({ at, survey, rest, next, saved }: PersonProps) {
  const only = <T,>(list: readonly T[]) => (list.length === 1 ? list[0] : undefined);
  const [place, setPlace] = useState(only(survey.places)?.id ?? "");
  const [hours, setHours] = useState(only(survey.bands) ?? "");
  const [felt, setFelt] = useState<Feeling | "">("");
  const [help, setHelp] = useState("");
  const [age, setAge] = useState<SurveyAge | "">("");
  const [state, setState] = useState<"asked" | "saving" | "unkept" | "thanked">("asked");
  const isTouched = useRef(false);
  useEffect(() => {
    const timer = setTimeout(() => (isTouched.current ? next() : undefined), state === "thanked" ? THANKS_MS : IDLE_MS);
    return () => clearTimeout(timer);
  }, [place, hours, felt, help, age, state]);
  const choose =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      isTouched.current = true;
      set(value);
    };
  async function save() {
    if (!felt || state === "saving") return;
    setState("saving");
    const id = crypto.randomUUID();
    const on = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm" }).format(new Date());
    const answer: TabletAnswer = { id, place, hours, felt, help, age, on };
    try {
      await keepAnswer({ id, at, answer, refused: "" });
    } catch {
      setState("unkept");
      return;
    }
    setState("thanked");
    saved();
  }
  if (state === "thanked") return <Thanks next={next} />;
  const where = [only(survey.places)?.name, only(survey.bands)].filter(Boolean).join(", ");
  return (
    <div class="app ontablet">
      <main class="stack">
        <Heading class="big">{survey.title}</Heading>
        <p class="lead">{survey.notice}</p>
        {where && <p>{t("tablet.about", { where })}</p>}
        <Pick
          legend={t("tablet.place")}
          options={survey.places.length > 1 ? survey.places.map((it) => [it.id, it.name]) : []}
          chosen={place}
          onChosen={choose(setPlace)}
        />
        <Pick
          legend={t("tablet.hours")}
          options={survey.bands.length > 1 ? survey.bands.map((it) => [it, it]) : []}
          chosen={hours}
          onChosen={choose(setHours)}
        />
        <Pick
          legend={t("tablet.felt")}
          options={FELT.map(([it, icon]) => [it, t(`tablet.felt.${it}`), icon])}
          chosen={felt}
          onChosen={choose((it) => setFelt(it as Feeling))}
        />
        <Pick
          legend={t("tablet.help")}
          hint={t("tablet.voluntary")}
          options={survey.helps.map((it) => [it, it])}
          chosen={help}
          onChosen={choose(setHelp)}
        />
        <Pick
          legend={t("tablet.age")}
          hint={t("tablet.voluntary")}
          options={survey.asks_age ? AGES.map((it) => [it, t(`tablet.age.${it}`)]) : []}
          chosen={age}
          onChosen={choose((it) => setAge(it as SurveyAge | ""))}
        />
        {state === "unkept" && (
          <div role="alert">
            <Note icon="hard-drive" tone="t-need">
              {t("tablet.unkept")}
            </Note>
          </div>
        )}
        {rest !== "nothing" && <Note icon="wifi">{t(rest === "waits" ? "tablet.waits" : "tablet.refused")}</Note>}
      </main>
      <footer class="foot">
        <button
          type="button"
          class="main tall"
          disabled={!place || !hours || !felt || state === "saving"}
          onClick={() => void save()}
        >
          {t("tablet.send")}
        </button>
        <Key class="link" icon="x" onClick={next}>
          {t("tablet.clear")}
        </Key>
      </footer>
    </div>
  );
}

interface PickProps {
  legend: string;
  hint?: string;
  options: readonly (readonly [string, string, string?])[];
  chosen: string;
  onChosen: (value: string) => void;
}

/** The same press again takes the choice away. */
function Pick({ legend, hint, options, chosen, onChosen }: PickProps) {
  if (options.length === 0) return null;
  return (
    <section class="feelings" role="group" aria-label={legend}>
      <h2 class="q">{legend}</h2>
      {hint && <p class="quiet">{hint}</p>}
      {options.map(([value, name, icon]) => (
        <Key
          key={value}
          class={chosen === value ? "choice feel on" : "choice feel"}
          pressed={chosen === value}
          onClick={() => onChosen(chosen === value ? "" : value)}
          {...(icon ? { icon } : {})}
        >
          {name}
        </Key>
      ))}
    </section>
  );
}

function Thanks({ next }: { next: () => void }) {
  return (
    <div class="app">
      <main class="start">
        <Heading class="big">{t("tablet.thanks")}</Heading>
        <p class="lead">{t("tablet.kept")}</p>
      </main>
      <footer class="foot">
        <Key class="main tall" onClick={next}>
          {t("tablet.next")}
        </Key>
      </footer>
    </div>
  );
}

function Said({ title, text }: { title: string; text: string }) {
  return (
    <div class="app">
      <main class="start">
        <Heading>{title}</Heading>
        <p class="lead">{text}</p>
      </main>
    </div>
  );
}
