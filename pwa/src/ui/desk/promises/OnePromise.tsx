import { icons } from "virtual:icons?file-check,footprints,circle-minus,circle-question-mark,external-link,chevron-left";
import type { PromiseLine, PromiseMark, PromiseReport, PromiseView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Lamp, type LampName } from "../parts/Lamp";
import { Page } from "../parts/Page";
import { Ready } from "../parts/StateCard";
import { href } from "../router";
import { fullDate } from "../time/stockholm";
import { period } from "./Agreements";
import { BuiltOn } from "./BuiltOn";
import { Needs } from "./Needs";
import { Release } from "./Release";
import { ReportForm } from "./ReportForm";
import { Stretches } from "./Stretches";
import { StretchPairs } from "./StretchPairs";
import { Verify } from "./Verify";

const ICONS: Partial<Record<PromiseMark, keyof typeof icons>> = {
  reported: "file-check",
  counted: "footprints",
  dropped: "circle-minus",
  missing: "circle-question-mark",
};

/** One promise: the signed words, exactly what a release would show, what its owners have told, and the release. */
export function OnePromise({ id }: { id: string }) {
  const found = useLoad<PromiseView>(`/api/promises/${id}`);
  return (
    <Page title={t("promise.one")}>
      <Ready of={found}>{(view) => <Whole view={view} again={found.again} />}</Ready>
    </Page>
  );
}

function Whole({ view, again }: { view: PromiseView; again: () => void }) {
  const { promise, agreement, preview } = view;
  return (
    <>
      <p>
        <a class="back-link" href={href("/loften")}>
          <Icon drawing={icons["chevron-left"] ?? ""} />
          {t("room.loften")}
        </a>
      </p>
      <h1 tabIndex={-1}>{promise.heading || t("promise.one")}</h1>
      <blockquote class="said">{promise.text}</blockquote>
      <p class="quiet">
        {agreement.title}. {period(agreement)} {t("promise.owners", { who: preview.owners.join(", ") })}{" "}
        {t(`promise.evidence.${promise.evidence}`)}
      </p>
      <section class="group" aria-labelledby="preview">
        <h2 id="preview">{t("promise.preview")}</h2>
        <p>{t("promise.preview_lead")}</p>
        <Lines lines={preview.lines} />
        {preview.stretches.length > 0 && <Stretches of={preview.stretches} />}
        {preview.stretches.length > 0 && <StretchPairs promise={promise.id} />}
        {preview.later.length > 0 && (
          <>
            <h3>{t("promise.later")}</h3>
            <Lines lines={preview.later} />
          </>
        )}
        {preview.built_on.map((words) => (
          <p key={words}>{t("promise.built_on", { words })}</p>
        ))}
        {preview.needs && <ShownNeeds of={preview.needs} />}
        <BuiltOn key={view.built_on.join()} view={view} />
        {view.may_verify && promise.state === "done" && <Verify id={promise.id} again={again} />}
      </section>
      <Needs view={view} />
      <Release view={view} again={again} />
      <section class="group" aria-labelledby="reports">
        <h2 id="reports">{t("promise.told")}</h2>
        {promise.reports.length === 0 ? (
          <p>{t("promise.untold")}</p>
        ) : (
          <ul class="phonelist">
            {promise.reports.map((report) => (
              <Told key={report.id} it={report} parties={agreement.parties} />
            ))}
          </ul>
        )}
        <ReportForm key={promise.version} view={view} />
      </section>
    </>
  );
}

function ShownNeeds({ of }: { of: NonNullable<PromiseView["preview"]["needs"]> }) {
  return (
    <>
      <h3>{t("needs.title")}</h3>
      {of.rows.length === 0 ? (
        <p>{t("needs.nothing_shown")}</p>
      ) : (
        <>
          <p>{of.source}.</p>
          <ul>
            {of.rows.map((row) => (
              <li key={row}>{row}</li>
            ))}
          </ul>
        </>
      )}
      <ul>
        {of.met.map((row) => (
          <li key={row}>{row}</li>
        ))}
      </ul>
    </>
  );
}

function Lines({ lines }: { lines: readonly PromiseLine[] }) {
  return (
    <ul class="stack">
      {lines.map((line) => (
        <li key={`${line.mark} ${line.lead} ${line.text}`} class="tag">
          <Mark of={line.mark} />
          <span>
            <b>{line.lead}</b> {line.text}
            {line.more.map((each) => (
              <span key={each} class="quiet block">
                {each}
              </span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Mark({ of }: { of: PromiseMark }) {
  const icon = ICONS[of];
  return icon ? <Icon drawing={icons[icon] ?? ""} /> : <Lamp name={of as LampName} />;
}

function Told({ it, parties }: { it: PromiseReport; parties: readonly { id: string; name: string }[] }) {
  const party = parties.find((each) => each.id === it.party)?.name ?? it.party;
  return (
    <li class="card">
      <p>
        <b>{t("promise.by_whom", { party, day: fullDate(it.told_on) })}</b> {t(`promise.result.${it.result}`)}
      </p>
      <p>{it.text || it.reason}</p>
      {it.count && (
        <p>
          {t(it.count.are_people ? "promise.people_count" : "promise.count", { n: it.count.n, unit: it.count.unit })}
        </p>
      )}
      <p class="quiet">
        {it.told_by}. {t("promise.of_days", { from: fullDate(it.first), to: fullDate(it.last) })}{" "}
        {t(it.may_publish ? "promise.may_publish" : "promise.may_not_publish")}
      </p>
    </li>
  );
}
