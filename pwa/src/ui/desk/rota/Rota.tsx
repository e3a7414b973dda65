import { icons } from "virtual:icons?circle-alert,check";
import { useState } from "preact/hooks";
import type { RotaRow, RotaView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { CheckField } from "../parts/Fields";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { Attest } from "./Attest";
import { Evening } from "./Evening";
import { Parties } from "./Parties";
import { PlanForm } from "./PlanForm";
import "./rota.css";

/** Kvällar: who goes out when, where people are missing, and what associations have walked. */
export function Rota() {
  const found = useLoad<RotaView>("/api/rota");
  return (
    <Page title={t("rota.title")}>
      <h1 tabIndex={-1}>{t("rota.title")}</h1>
      <Ready of={found}>{(view) => <Whole view={view} again={found.again} />}</Ready>
    </Page>
  );
}

function Whole({ view, again }: { view: RotaView; again: () => void }) {
  const ahead = view.evenings.filter((it) => !it.has_begun);
  const been = view.evenings.filter((it) => it.has_begun).reverse();
  return (
    <>
      <p class="lead">{t("rota.lead")}</p>
      <details>
        <summary class="btn plain">{t("rota.plan")}</summary>
        <PlanForm key={view.evenings.length} view={view} />
      </details>
      {ahead.length === 0 ? (
        <EmptyCard title={t("rota.none.title")} text={t("rota.none.text")} />
      ) : (
        <Ahead rows={ahead} view={view} />
      )}
      {been.length > 0 && (
        <section class="group" aria-labelledby="rota-been">
          <h2 id="rota-been">{t("rota.been")}</h2>
          <ul class="rota-list">
            {been.map((it) => (
              <Evening key={it.id} it={it} view={view} />
            ))}
          </ul>
        </section>
      )}
      <Parties view={view} again={again} />
      <Attest view={view} />
    </>
  );
}

const lacks = (it: RotaRow) => it.missing > 0 && it.called_off === null;

function Ahead({ rows, view }: { rows: readonly RotaRow[]; view: RotaView }) {
  const [onlyGaps, setOnlyGaps] = useState(false);
  const gaps = rows.filter(lacks);
  const adults = gaps.reduce((sum, it) => sum + it.missing, 0);
  return (
    <section class="group" aria-labelledby="rota-ahead">
      <h2 id="rota-ahead">{t("rota.ahead")}</h2>
      {gaps.length > 0 ? (
        <>
          <p class="tag t-need">
            <Icon drawing={icons["circle-alert"] ?? ""} />
            {t("rota.gaps", { n: gaps.length, adults })}
          </p>
          <CheckField label={t("rota.only_gaps")} checked={onlyGaps} onValue={setOnlyGaps} />
        </>
      ) : (
        <p class="tag t-calm">
          <Icon drawing={icons.check ?? ""} />
          {t("rota.no_gaps")}
        </p>
      )}
      <ul class="rota-list">
        {(onlyGaps && gaps.length > 0 ? gaps : rows).map((it) => (
          <Evening key={it.id} it={it} view={view} />
        ))}
      </ul>
    </section>
  );
}
