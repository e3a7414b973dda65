import type { TradeView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Page } from "../parts/Page";
import { Ready } from "../parts/StateCard";
import { Cards } from "./Cards";
import { Numbers } from "./Numbers";
import { Routine } from "./Routine";
import { Shifts } from "./Shifts";
import "./trade.css";

/** Trygghetsgruppen: who to reach, the shared routine, and what shops have reported week by week. */
export function Trade() {
  const found = useLoad<TradeView>("/api/trade");
  return (
    <Page title={t("trade.title")}>
      <h1 tabIndex={-1}>{t("trade.title")}</h1>
      <Ready of={found}>
        {(view) => (
          <>
            <p class="lead">{t("trade.lead")}</p>
            <Cards view={view} />
            <Routine view={view} />
            <Numbers view={view} />
            <Shifts view={view} />
          </>
        )}
      </Ready>
    </Page>
  );
}
