import { useSignal } from "@preact/signals";
import { say } from "../parts/Live";
import { go } from "../parts/path";
import { t } from "../parts/words";
import { Heading, Note, SosKey, ThemeKey } from "./Screen";
import { startSending } from "./sending";
import { type SignInTrouble, signIn } from "./signin";
import { chip, load, who } from "./store";

/** Once, with a network. After that the log works without one for thirty days. */
export function SignIn() {
  const login = useSignal("");
  const password = useSignal("");
  const busy = useSignal(false);
  const trouble = useSignal<SignInTrouble | null>(null);
  const waiting = who.value && chip.value.word === "waiting" ? chip.value.n : 0;

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    trouble.value = await signIn(login.value.trim(), password.value);
    busy.value = false;
    if (trouble.value) {
      say(words(trouble.value));
      return;
    }
    await load();
    startSending();
    go("/falt/redo", { replace: true });
  };
  return (
    <form class="app" onSubmit={(event) => void submit(event)}>
      <header class="top">
        <ThemeKey />
        <span class="grow" />
        <SosKey />
      </header>
      <main>
        <Heading>{t("signin.title")}</Heading>
        <p class="lead">{t(who.value ? "signin.again" : "signin.lead")}</p>
        {waiting > 0 && <Note icon="smartphone">{t("signin.waiting", { n: waiting })}</Note>}
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
