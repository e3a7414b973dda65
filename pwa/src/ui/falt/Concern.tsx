import { t } from "../parts/words";
import { Numbers } from "./Sos";

/** Worry about one young person never goes into this app; here is where it goes. */
export function Concern() {
  return (
    <section class="card concern">
      <h2 class="q">{t("concern.title")}</h2>
      <p>{t("concern.where")}</p>
      <p>{t("concern.duty")}</p>
      <details>
        <summary>{t("concern.numbers")}</summary>
        <p>{t("concern.acute")}</p>
        <Numbers />
      </details>
    </section>
  );
}
