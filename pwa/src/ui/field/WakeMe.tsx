import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { noWake, type Wake, wakeState, wantWake } from "../../sync/wake";
import { say } from "../parts/Live";
import { t } from "../parts/words";
import { Key, Note } from "./Screen";
import { db } from "./store";

/** A note on the phone when there is an answer. Where the browser cannot, nothing is offered. */
export function WakeMe() {
  const state = useSignal<Wake>("none");
  const failed = useSignal(false);
  const look = () =>
    wakeState()
      .then((found) => {
        state.value = found;
      })
      .catch(() => undefined);
  useEffect(() => void look(), []);
  const want = async () => {
    const note = { title: t("wake.note"), body: t("wake.notebody"), open: "/svar" };
    failed.value = !(await wantWake(db, note).catch(() => false));
    await look();
    if (state.value === "on") say(t("wake.on"));
  };
  const stop = async () => {
    await noWake(db).catch(() => undefined);
    await look();
  };
  if (state.value === "none") return null;
  if (state.value === "denied") return <p class="quiet">{t("wake.denied")}</p>;
  return (
    <section class="waysout">
      <p class="quiet">{t(state.value === "on" ? "wake.on" : "wake.help")}</p>
      {failed.value && (
        <Note icon="wifi-off" tone="t-need">
          {t("wake.failed")}
        </Note>
      )}
      {state.value === "on" ? (
        <Key class="side" onClick={() => void stop()}>
          {t("wake.off")}
        </Key>
      ) : (
        <Key class="side" onClick={() => void want()}>
          {t("wake")}
        </Key>
      )}
    </section>
  );
}
