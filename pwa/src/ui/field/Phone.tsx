import { useSignal } from "@preact/signals";
import { decimal } from "../parts/figures";
import { say } from "../parts/Live";
import { isBareSafari, type Rescuing, useRescue } from "../parts/rescuing";
import { t } from "../parts/words";
import { Go, Heading, Key, Note, Screen } from "./Screen";
import { db } from "./store";

/** What lies only on this phone, whether it may be cleared, and the ways out: a file, or nothing left at all. */
export function Phone() {
  const rescue = useRescue(db);
  const n = rescue.left ? rescue.left.drafts + rescue.left.operations : 0;
  return (
    <Screen
      back="/att-skicka"
      foot={
        n > 0 ? (
          <FileKeys rescue={rescue} />
        ) : (
          <Go class="main" to="/">
            {t("more.home")}
          </Go>
        )
      }
    >
      <Heading>{t("phone.title")}</Heading>
      <p class="lead">
        {t("phone.left", {
          n,
          photos: rescue.left?.photos ?? 0,
          mb: decimal((rescue.left?.bytes ?? 0) / 1_000_000),
        })}
      </p>
      {rescue.kept === true && <Note icon="hard-drive">{t("phone.kept")}</Note>}
      {rescue.kept === false && (
        <Note icon="hand" tone="t-need">
          {t(isBareSafari() ? "phone.safari" : "phone.maybe")}
        </Note>
      )}
      {n > 0 && (
        <section>
          <h2 class="q">{t("rescue.title")}</h2>
          <p>{t("rescue.about")}</p>
          <p role="status">{rescue.file !== "none" && t(`rescue.${rescue.file}`)}</p>
        </section>
      )}
      <Clear rescue={rescue} unsent={n} />
    </Screen>
  );
}

function FileKeys({ rescue }: { rescue: Rescuing }) {
  if (rescue.file === "none" || rescue.file === "making" || rescue.file === "failed" || rescue.file === "no_key") {
    return (
      <Key class="main" icon="hard-drive" onClick={() => void rescue.make()}>
        {t("rescue.make")}
      </Key>
    );
  }
  return (
    <div class={rescue.canShare ? "two" : "one"}>
      {rescue.canShare && (
        <Key class="main" icon="arrow-up" onClick={() => void rescue.share()}>
          {t("rescue.share")}
        </Key>
      )}
      <Key class={rescue.canShare ? "side" : "main"} icon="smartphone" onClick={rescue.save}>
        {t("rescue.save")}
      </Key>
    </div>
  );
}

/** Never in passing: what is only here is not thrown away, and what is received is forgotten only after a yes. */
function Clear({ rescue, unsent }: { rescue: Rescuing; unsent: number }) {
  const sure = useSignal(false);
  const clear = async () => {
    if (await rescue.forget()) location.replace("/");
    else say(t("clear.no"));
  };
  return (
    <section>
      <h2 class="q">{t("clear.title")}</h2>
      <p class="quiet">{t(unsent > 0 ? "clear.no" : "clear.about")}</p>
      {unsent === 0 && rescue.left !== null && !sure.value && (
        <Key
          class="link"
          icon="trash-2"
          onClick={() => {
            sure.value = true;
          }}
        >
          {t("clear.go")}
        </Key>
      )}
      {sure.value && (
        <Key class="side" icon="trash-2" onClick={() => void clear()}>
          {t("clear.yes")}
        </Key>
      )}
    </section>
  );
}
