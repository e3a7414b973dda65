import type { TradeView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { Cards } from "./Cards";
import { Numbers } from "./Numbers";
import { Routine } from "./Routine";
import { Shifts } from "./Shifts";
import "./trade.css";

function NoMember() {
  return <EmptyCard title={t("trade.no_member.title")} text={t("trade.no_member.text")} />;
}

function Group({ view }: { view: TradeView }) {
  return (
    <>
      <p class="lead">{t("trade.lead")}</p>
      <Cards view={view} />
      <Routine view={view} />
      <Numbers view={view} />
      <Shifts view={view} />
    </>
  );
}

/** Trygghetsgruppen: who to reach, the shared routine, and what shops have reported week by week. */
export function Trade() {
  const found = useLoad<TradeView>("/api/trade");
  return (
    <Page title={t("trade.title")}>
      <h1 tabIndex={-1}>{t("trade.title")}</h1>
      <Ready of={found}>{(view) => (view.is_member ? <Group view={view} /> : <NoMember />)}</Ready>
    </Page>
  );
}
