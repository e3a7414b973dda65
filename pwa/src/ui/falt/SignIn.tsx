import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { say } from "../parts/Live";
import { go } from "../parts/path";
import { t } from "../parts/words";
import { Go, Heading, Note, SosKey, ThemeKey } from "./Screen";
import { startSending } from "./sending";
import { continueHere, type SignInTrouble, signedInAtDesk, signIn } from "./signin";
import { chip, load, who } from "./store";

/** Once, with a network. After that the log works without one for thirty days. */
export function SignIn() {
  const login = useSignal("");
  const password = useSignal("");
  const busy = useSignal(false);
  const trouble = useSignal<SignInTrouble | null>(null);
  const waiting = who.value && chip.value.word === "waiting" ? chip.value.n : 0;

  /** Who has a session at the desk already: then the password need not be typed again. */
  const known = useSignal<string | null>(null);
  useEffect(() => {
    void signedInAtDesk().then((name) => {
      if (login.value === "") known.value = name;
    });
  }, []);

  const enter = async (by: () => Promise<SignInTrouble | null>) => {
    if (busy.value) return;
    busy.value = true;
    trouble.value = await by();
    busy.value = false;
    if (trouble.value) {
      say(words(trouble.value));
      return;
    }
    await load();
    startSending();
    go("/falt/redo", { replace: true });
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void enter(() => signIn(login.value.trim(), password.value));
  };
  return (
    <form class="app" onSubmit={submit}>
      <header class="top">
        <ThemeKey />
        <span class="grow" />
        <SosKey />
      </header>
      <main>
        <Heading>{t("signin.title")}</Heading>
        <p class="lead">{t(who.value ? "signin.again" : "signin.lead")}</p>
        {waiting > 0 && <Note icon="smartphone">{t("signin.waiting", { n: waiting })}</Note>}
        {waiting > 0 && (
          <Go class="link" to="/falt/telefonen" icon="hard-drive">
            {t("phone.go")}
          </Go>
        )}
        {known.value !== null && (
          <section class="card known">
            <p>{t("signin.known", { name: known.value })}</p>
            <button type="button" class="side" onClick={() => void enter(continueHere)}>
              {t("signin.continue")}
            </button>
          </section>
        )}
        <label class="field-label" for="login">
          {t("signin.login")}
        </label>
        <input
          id="login"
          class="input"
          type="text"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          value={login.value}
          onInput={(event) => {
            login.value = event.currentTarget.value;
          }}
        />
        <label class="field-label" for="password">
          {t("signin.password")}
        </label>
        <input
          id="password"
          class="input"
          type="password"
          autocomplete="current-password"
          required
          value={password.value}
          aria-describedby="signin-trouble"
          onInput={(event) => {
            password.value = event.currentTarget.value;
          }}
        />
        <div id="signin-trouble">
          {trouble.value && (
            <Note icon="hand" tone="t-need">
              {words(trouble.value)}
            </Note>
          )}
        </div>
      </main>
      <footer class="foot">
        <button type="submit" class="main" aria-disabled={busy.value}>
          {t(busy.value ? "signin.busy" : "signin.go")}
        </button>
        <p class="quiet center">{t("signin.closed")}</p>
      </footer>
    </form>
  );
}

function words(trouble: SignInTrouble): string {
  return t(`signin.${trouble.kind}`, trouble.kind === "wait" ? { minutes: trouble.minutes } : {});
}
