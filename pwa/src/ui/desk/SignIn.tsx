import { icons } from "virtual:icons?log-in,mail,footprints";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Start } from "../../domain/wire";
import { Icon } from "../parts/Icon";
import { t } from "../parts/words";
import { asTrouble, request, type Trouble } from "./data/api";
import { me, signIn } from "./data/session";
import { troubleText } from "./data/troubleWords";
import { Problem, TextField } from "./parts/Fields";
import { Lamp } from "./parts/Lamp";

/** What went wrong and what to do, in one sentence each. */
function signInProblem(trouble: Trouble): string {
  const { kind, problem } = trouble;
  if (kind === "signed_out") return t("signin.wrong");
  if (kind === "busy") {
    const seconds = Number(problem?.facts?.retry_after ?? 0);
    return seconds > 0 ? t("signin.too_many_minutes", { n: Math.ceil(seconds / 60) }) : t("signin.too_many");
  }
  return troubleText(kind).text;
}

/** `login` is given when the same person signs in again over an open page; it cannot be changed there. */
export function SignInForm({ login: same }: { login?: string }) {
  const [login, setLogin] = useState(same ?? "");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  async function enter(event: Event) {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await signIn(login.trim(), password);
    } catch (error) {
      setProblem(signInProblem(asTrouble(error)));
      setPassword("");
    } finally {
      setBusy(false);
    }
  }
  return (
    <form class="stack" onSubmit={enter}>
      {same ? (
        <p>
          {t("signin.as")} <b>{same}</b>
        </p>
      ) : (
        <TextField label={t("signin.login")} value={login} onValue={setLogin} autocomplete="username" />
      )}
      <Password value={password} onValue={setPassword} />
      <Problem text={problem} />
      <button type="submit" class="btn go tall" disabled={busy}>
        <Icon drawing={icons["log-in"] ?? ""} />
        {t("signin.enter")}
      </button>
    </form>
  );
}

function Password({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const [shown, setShown] = useState(false);
  return (
    <div class="field-row">
      <label class="field-label" for="password">
        {t("signin.password")}
      </label>
      <div class="joined">
        <input
          id="password"
          class="input"
          {...(shown
            ? { type: "text" as const }
            : { type: "password" as const, autocomplete: "current-password" as const })}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        <button type="button" class="btn" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {t("signin.show")}
        </button>
      </div>
    </div>
  );
}

export function SignInPage() {
  const [start, setStart] = useState<Start | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = t("signin.title");
    // 404 is the ordinary answer: only a demo has people to choose from.
    request<Start>("GET", "/api/start").then(setStart, () => undefined);
  }, []);
  return (
    <main class="signin" id="innehall">
      <p class="name">
        <Lamp name="lit" />
        {t("app.name")}
      </p>
      <h1 ref={title}>{t("signin.title")}</h1>
      {!start && <p class="lead">{t("signin.lead")}</p>}
      {start && <Personas start={start} />}
      {start ? (
        <details>
          <summary class="btn plain">{t("signin.with_password")}</summary>
          <SignInForm />
        </details>
      ) : (
        <SignInForm />
      )}
      <p class="quiet">{t("signin.help")}</p>
    </main>
  );
}

function Personas({ start }: { start: Start }) {
  const [problem, setProblem] = useState("");
  async function be(persona: Start["personas"][number]) {
    setProblem("");
    try {
      await signIn(persona.login, persona.password);
      if (me.value?.user.role !== "field_secretary" && !persona.opens.startsWith("/desk"))
        location.assign(persona.opens);
    } catch (error) {
      setProblem(signInProblem(asTrouble(error)));
    }
  }
  return (
    <section class="stack" aria-labelledby="demo">
      <h2 id="demo">{t("demo.title", { place: start.municipality })}</h2>
      <p class="quiet">{t("demo.text")}</p>
      <ul class="personas">
        {start.personas.map((persona) => (
          <li key={persona.login}>
            <button type="button" class="side persona" onClick={() => void be(persona)}>
              <b>{persona.name}</b>
              <span class="quiet">{persona.can}</span>
            </button>
          </li>
        ))}
      </ul>
      <Problem text={problem} />
      {start.walk && (
        <p class="note">
          <Icon drawing={icons.footprints ?? ""} />
          <span>
            <a class="way" href={start.walk.link}>
              {t("demo.walk", { name: start.walk.name })}
            </a>{" "}
            <span class="num nowrap">{start.walk.code}</span>
          </span>
        </p>
      )}
      {start.mail_folder && (
        <p class="note">
          <Icon drawing={icons.mail ?? ""} />
          <span>{t("demo.mail", { folder: start.mail_folder })}</span>
        </p>
      )}
    </section>
  );
}
