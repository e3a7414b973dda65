import { useNotices } from "../parts/noticing";
import { t } from "../parts/words";
import { Note } from "./Screen";
import { ear } from "./store";

/** A note on this phone when there is something to look at on the round. Where the browser cannot, that is said. */
export function Notices() {
  const it = useNotices(ear);
  const kind = it.state?.kind;
  if (kind === undefined) return null;
  return (
    <section class="waysout">
      <h2 class="q">{t("notices.title")}</h2>
      {kind === "none" && <p>{t("notices.none")}</p>}
      {kind === "denied" && <p>{t("notices.denied")}</p>}
      {kind === "lost" && <p>{t("notices.lost")}</p>}
      {(kind === "off" || kind === "left") && <p>{t("notices.promise")}</p>}
      {kind === "on" && <p role="status">{t("notices.on")}</p>}
      {it.busy && <p role="status">{t("notices.busy")}</p>}
      {it.failed && (
        <Note icon="wifi-off" tone="t-need">
          {t("notices.failed_now")}
        </Note>
      )}
      {(kind === "off" || kind === "left") && (
        <button type="button" class="side" disabled={it.busy} onClick={() => void it.want(false)}>
          {t("notices.ask")}
        </button>
      )}
      {kind === "on" && (
        <button type="button" class="side" disabled={it.busy} onClick={() => void it.stop()}>
          {t("notices.stop")}
        </button>
      )}
      {kind === "lost" && (
        <button type="button" class="side" onClick={() => void it.look()}>
          {t("retry")}
        </button>
      )}
    </section>
  );
}
