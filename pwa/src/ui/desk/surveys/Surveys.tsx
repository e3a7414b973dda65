import { useState } from "preact/hooks";
import type { SurveySource, SurveysView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { ImportForm } from "./ImportForm";
import { MakeForm } from "./MakeForm";
import { OneSurvey } from "./OneSurvey";
import { SOURCES } from "./sources";

/** Dialog: what residents and employees have answered, each source by itself, and what is shown of it. */
export function Surveys() {
  const found = useLoad<SurveysView>("/api/surveys");
  const [source, setSource] = useState<SurveySource | "">("");
  return (
    <Page title={t("dialog.title")}>
      <h1 tabIndex={-1}>{t("dialog.title")}</h1>
      <p class="lead">{t("dialog.lead")}</p>
      <Ready of={found}>
        {(view) => (
          <>
            <fieldset class="seg">
              <legend class="sr">{t("dialog.whose")}</legend>
              {(["", ...SOURCES] as const).map((it) => (
                <button
                  key={it}
                  type="button"
                  class={it === source ? "on" : ""}
                  aria-pressed={it === source}
                  onClick={() => setSource(it)}
                >
                  {it ? t(`dialog.source.${it}`) : t("dialog.all")}
                </button>
              ))}
            </fieldset>
            {view.may_keep && <New key={view.rows.length} view={view} />}
            <List view={view} source={source} again={found.again} />
          </>
        )}
      </Ready>
    </Page>
  );
}

function New({ view }: { view: SurveysView }) {
  if (view.places.length === 0) return <p class="tag t-need">{t("dialog.no_places")}</p>;
  return (
    <>
      <details>
        <summary class="btn plain">{t("dialog.make")}</summary>
        <MakeForm view={view} />
      </details>
      <details>
        <summary class="btn plain">{t("dialog.import")}</summary>
        <ImportForm view={view} />
      </details>
    </>
  );
}

function List({ view, source, again }: { view: SurveysView; source: SurveySource | ""; again: () => void }) {
  const rows = view.rows.filter((it) => !source || it.source === source);
  if (rows.length === 0) return <EmptyCard title={t("dialog.none.title")} text={t("dialog.none.text")} />;
  return (
    <>
      {rows.map((it) => (
        <OneSurvey key={it.id} it={it} view={view} again={again} />
      ))}
    </>
  );
}
