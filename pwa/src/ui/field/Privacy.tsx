import { StateCard } from "../parts/StateCard";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { Go, Heading, Screen } from "./Screen";
import { town, who } from "./store";

const PARTS = ["controller", "basis", "retention", "rights", "disclosure", "dpo"] as const;

/** "Mer om dina uppgifter": the municipality's own words, stored with the walk so that they open without a network. */
export function Privacy() {
  const words = town.value?.privacy;
  const home = who.value ? "/" : "/ga-med";
  return (
    <Screen
      back={home}
      foot={
        <Go class="main" to={home}>
          {t("privacy.back")}
        </Go>
      }
    >
      <Heading>{t("privacy.title")}</Heading>
      <ul class="how">
        {[1, 2, 3, 4].map((n) => (
          <li key={n}>{t(`yours.${n}`)}</li>
        ))}
      </ul>
      {words ? (
        PARTS.map((part) => (
          <section key={part}>
            <h2 class="q">{t(`privacy.${part}`)}</h2>
            <p>{words[part]}</p>
          </section>
        ))
      ) : (
        <>
          <p>{t("privacy.before")}</p>
          <StateCard drawing={drawing("landmark")} title={t("privacy.later")}>
            <p>{t("privacy.laterhelp")}</p>
          </StateCard>
        </>
      )}
    </Screen>
  );
}
