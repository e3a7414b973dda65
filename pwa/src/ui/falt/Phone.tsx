import { Icon } from "../parts/Icon";
import { isBareSafari, useRescue } from "../parts/rescuing";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { Notices } from "./Notices";
import { Go, Heading, Note, Screen } from "./Screen";
import { db } from "./store";

/** What lies only on this phone, whether it may be cleared, and the file it can be carried away in. */
export function Phone() {
  const rescue = useRescue(db);
  const n = rescue.left?.operations ?? 0;
  const isReady = ["ready", "shared", "saved"].includes(rescue.file);
  return (
    <Screen
      back="/falt/"
      foot={
        n === 0 ? (
          <Go class="main" to="/falt/">
            {t("evening.new")}
          </Go>
        ) : isReady ? (
          <>
            {rescue.canShare && (
              <button type="button" class="main" onClick={() => void rescue.share()}>
                <Icon drawing={drawing("arrow-up")} />
                {t("rescue.share")}
              </button>
            )}
            <button type="button" class={rescue.canShare ? "side" : "main"} onClick={rescue.save}>
              <Icon drawing={drawing("smartphone")} />
              {t("rescue.save")}
            </button>
          </>
        ) : (
          <button type="button" class="main" onClick={() => void rescue.make()}>
            <Icon drawing={drawing("hard-drive")} />
            {t("rescue.make")}
          </button>
        )
      }
    >
      <Heading>{t("phone.title")}</Heading>
      <p class="lead">{t("phone.left", { n })}</p>
      {rescue.kept === true && <Note icon="hard-drive">{t("phone.kept")}</Note>}
      {rescue.kept === false && (
        <Note icon="hand" tone="t-need">
          {t(isBareSafari() ? "phone.safari" : "phone.maybe")}
        </Note>
      )}
      {rescue.left && <Notices />}
      {n > 0 && (
        <section>
          <h2 class="q">{t("rescue.title")}</h2>
          <p>{t("rescue.about")}</p>
          <p role="status">{rescue.file !== "none" && t(`rescue.${rescue.file}`)}</p>
        </section>
      )}
    </Screen>
  );
}
