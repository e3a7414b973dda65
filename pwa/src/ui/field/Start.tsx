import { useSignal } from "@preact/signals";
import { Icon } from "../parts/Icon";
import { Lamp } from "../parts/Lamp";
import { go } from "../parts/path";
import { t } from "../parts/words";
import { wholeCode } from "./code";
import { drawing } from "./icons";
import { invite } from "./invite";
import { Go, Heading, Note, ThemeKey } from "./Screen";
import { who } from "./store";

/** No walk joined: the code from the leader's paper, for those who cannot scan. */
export function Start() {
  const typed = useSignal("");
  const wrong = useSignal(false);
  const submit = (event: Event) => {
    event.preventDefault();
    const code = wholeCode(typed.value);
    wrong.value = !code;
    if (!code) return;
    invite({ code });
    go("/ga-med");
  };
  return (
    <form class="app" onSubmit={submit}>
      <header class="top">
        <ThemeKey />
        <p>
          <b>{t("app")}</b>
        </p>
      </header>
      <main class="start">
        <Lamp state="off" size={72} />
        <Heading>{t("start.title")}</Heading>
        <p class="lead">{t("start.lead")}</p>
        <label class="field-label" for="code">
          {t("start.code")}
        </label>
        <input
          id="code"
          class="input code"
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          enterkeyhint="go"
          placeholder="ABCD-EFGH"
          aria-describedby="code-help"
          aria-invalid={wrong.value}
        />
        <p id="code-help" class="quiet" role={wrong.value ? "alert" : undefined}>
          {wrong.value ? t("start.wrong") : t("start.help")}
        </p>
        <Note icon="key-round">{t("yours.1")}</Note>
      </main>
      <footer class="foot">
        <button type="submit" class="main tall">
          {t("start.go")}
          <Icon drawing={drawing("chevron-right")} />
        </button>
        {who.value && (
          <Go class="link" to="/">
            {t("more.home")}
          </Go>
        )}
      </footer>
    </form>
  );
}
