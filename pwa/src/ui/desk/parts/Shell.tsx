import { icons } from "virtual:icons?log-out,sun-moon,wifi-off,check";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { acts, wipeList } from "../../../storage/van";
import { stop } from "../../../sync/notices";
import { Icon } from "../../parts/Icon";
import { nextTheme } from "../../parts/theme";
import { t } from "../../parts/words";
import { asTrouble } from "../data/api";
import { me, sessionLost, signOut } from "../data/session";
import { tryNow, unanswered } from "../data/submit";
import { troubleText } from "../data/troubleWords";
import { desk } from "../notices/ear";
import { RuleAlarm } from "../rules/RuleAlarm";
import { SignInForm } from "../SignIn";
import { sendNow } from "../tasks/parcel";
import { UndoBar } from "../tasks/UndoBar";
import { Lamp } from "./Lamp";
import { said, say } from "./live";
import { Menu, ROOMS } from "./Menu";

export function Shell({ children }: { children: ComponentChildren }) {
  const who = me.value;
  if (!who) return null;
  const name =
    who.user.role === "coordinator" ? t("bar.name", { place: who.municipality.name }) : who.organisation.name;
  return (
    <div class="frame">
      <a class="skip" href="#innehall">
        {t("bar.skip")}
      </a>
      <header class="bar">
        <p class="name">
          <Lamp name="lit" />
          {name}
        </p>
        {ROOMS[who.user.role].length > 0 && <Menu role={who.user.role} />}
        <div class="who">
          <span>{who.user.function}</span>
          <button type="button" class="btn square" aria-label={t("bar.theme")} onClick={() => nextTheme()}>
            <Icon drawing={icons["sun-moon"] ?? ""} />
          </button>
          <button type="button" class="btn square" aria-label={t("bar.sign_out")} onClick={() => void leave()}>
            <Icon drawing={icons["log-out"] ?? ""} />
          </button>
        </div>
      </header>
      <Told />
      {who.user.role === "coordinator" && <RuleAlarm />}
      <div id="innehall">{children}</div>
      {sessionLost.value && <SignInAgain />}
    </div>
  );
}

/** Nobody signs out from an act that has not been answered: it would be gone with the session. */
async function leave(): Promise<void> {
  void sendNow();
  if (unanswered.value > 0) return say(t("bar.wait"));
  if ((await acts()).some((act) => act.user === me.value?.user.id)) return say(t("van.unsent"));
  try {
    await wipeList();
    await stop(desk).catch(() => undefined); // the server ends what this session asked for all the same
    await signOut();
  } catch (error) {
    say(troubleText(asTrouble(error).kind).text);
  }
}

/** The last result, in the same place on every screen. */
function Told() {
  return (
    <div class="told">
      <div role="status" aria-live="polite">
        {said.value && (
          <p class="tag t-calm">
            <Icon drawing={icons.check ?? ""} />
            {said.value}
          </p>
        )}
      </div>
      <UndoBar />
      {unanswered.value > 0 && !sessionLost.value && (
        <div class="stale" role="alert">
          <Icon drawing={icons["wifi-off"] ?? ""} />
          <span>{t("unanswered", { n: unanswered.value })}</span>
          <button type="button" class="btn" onClick={tryNow}>
            {t("act.try_now")}
          </button>
        </div>
      )}
    </div>
  );
}

/** Over the page, which stays as it was: what was typed is still there afterwards. */
function SignInAgain() {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} class="again" aria-labelledby="again-title" onCancel={(event) => event.preventDefault()}>
      <h2 id="again-title">{t("again.title")}</h2>
      <p>{t("again.text")}</p>
      <SignInForm login={me.value?.user.login ?? ""} />
      <p>
        <a href="/desk/" target="_self">
          {t("again.someone_else")}
        </a>
      </p>
    </dialog>
  );
}
