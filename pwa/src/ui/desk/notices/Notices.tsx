import { icons } from "virtual:icons?badge-check,circle-minus,wifi-off";
import type { Notices as Found } from "../../../sync/notices";
import { Icon } from "../../parts/Icon";
import { useNotices } from "../../parts/noticing";
import { t } from "../../parts/words";
import { me } from "../data/session";
import { CheckField, Problem } from "../parts/Fields";
import { say } from "../parts/live";
import { Page } from "../parts/Page";
import { LoadingCard, StateCard } from "../parts/StateCard";
import { shortMoment } from "../time/stockholm";
import { desk } from "./ear";

/** Whether this computer says so when something is somebody's. Their own choice, for this browser alone. */
export function Notices() {
  const it = useNotices(desk);
  const isOn = it.state?.kind === "on";
  return (
    <Page title={t("notices.title")}>
      <h1 tabIndex={-1}>{t("notices.title")}</h1>
      <p class="lead">{t("notices.lead")}</p>
      {it.state === null && <LoadingCard />}
      {(it.state?.kind === "none" || it.state?.kind === "denied") && (
        <StateCard
          icon="circle-minus"
          title={t(it.state.kind === "none" ? "notices.none" : "notices.denied")}
          text={t(it.state.kind === "none" ? "notices.none_text" : "notices.denied_text")}
        />
      )}
      {it.state?.kind === "lost" && (
        <StateCard icon="wifi-off" title={t("trouble.offline.title")} text={t("notices.lost")} alert>
          <button type="button" class="btn go" onClick={() => void it.look()}>
            {t("act.again")}
          </button>
        </StateCard>
      )}
      {(it.state?.kind === "off" || it.state?.kind === "left") && (
        <section class="card stack" aria-labelledby="notices-ask">
          <h2 id="notices-ask">{t("notices.ask_title")}</h2>
          <p>{t("notices.promise")}</p>
          <Problem text={it.failed ? t("notices.failed_now") : ""} />
          <p>
            <button
              type="button"
              class="btn go"
              disabled={it.busy}
              onClick={async () => {
                if (await it.want(false)) say(t("notices.on"));
              }}
            >
              {t("notices.ask")}
            </button>
          </p>
          {it.busy && <p role="status">{t("notices.busy")}</p>}
        </section>
      )}
      {isOn && it.state?.kind === "on" && (
        <section class="card stack" aria-labelledby="notices-on">
          <h2 id="notices-on">{t("notices.on")}</h2>
          <Last of={it.state} />
          <CheckField
            label={t("notices.duty")}
            checked={it.state.duty === true}
            onValue={(duty) => void it.want(duty).then((done) => done && say(t("notices.saved")))}
          />
          <Problem text={it.failed ? t("notices.failed_now") : ""} />
          <p>
            <button type="button" class="btn" disabled={it.busy} onClick={() => void it.stop()}>
              {t("notices.stop")}
            </button>
          </p>
        </section>
      )}
      <About />
    </Page>
  );
}

/** An answer that does not get better by itself. */
const FOR_GOOD = /^http_4(?!08|29)/;

/** How the last one went, as far as the server knows. */
function Last({ of }: { of: Extract<Found, { kind: "on" }> }) {
  if (!of.tried_at) return <p class="quiet">{t("notices.none_yet")}</p>;
  const when = shortMoment(of.tried_at);
  if (!of.failed)
    return (
      <p class="tag t-calm">
        <Icon drawing={icons["badge-check"] ?? ""} />
        {t("notices.went", { when })}
      </p>
    );
  return (
    <p class="tag t-need">
      <Icon drawing={icons["wifi-off"] ?? ""} />
      {t("notices.did_not", { when, why: of.failed })}{" "}
      {t(FOR_GOOD.test(of.failed) ? "notices.press_again" : "notices.tried_again")}
    </p>
  );
}

function About() {
  const isCoordinator = me.value?.user.role === "coordinator";
  return (
    <section class="group" aria-labelledby="notices-when">
      <h2 id="notices-when">{t("notices.when")}</h2>
      <ul>
        {!isCoordinator && <li>{t("notices.when_given")}</li>}
        {isCoordinator && <li>{t("notices.when_back")}</li>}
        <li>{t("notices.when_answer")}</li>
        <li>{t("notices.when_late")}</li>
      </ul>
      <p class="quiet">{t("notices.about")}</p>
    </section>
  );
}
