import { t } from "../parts/words";
import { Go, Heading, Screen } from "./Screen";

export function Gone() {
  return (
    <Screen
      back="/falt/"
      foot={
        <Go class="main" to="/falt/">
          {t("evening.new")}
        </Go>
      }
    >
      <Heading>{t("gone.title")}</Heading>
      <p class="lead">{t("gone.lead")}</p>
    </Screen>
  );
}
