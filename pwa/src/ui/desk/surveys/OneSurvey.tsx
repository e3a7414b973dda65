import { icons } from "virtual:icons?signature,external-link,download";
import { useState } from "preact/hooks";
import type { LagesbildTable, SurveyRow, SurveysView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { pictureOf } from "../../parts/qr";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { Wide } from "../parts/Wide";
import { useAsking } from "../promises/useAsking";
import { fullDate, shortMoment } from "../time/stockholm";
import { ImportForm } from "./ImportForm";
import { Paper } from "./Paper";

/** One survey: its link, what was counted, and what a person with a name shows of it. */
export function OneSurvey({ it, view, again }: { it: SurveyRow; view: SurveysView; again: () => void }) {
  const preview = it.preview?.shown;
  return (
    <article class="card stack" aria-labelledby={`s-${it.id}`}>
      <h2 id={`s-${it.id}`}>{it.title}</h2>
      <p>
        <span class="tag">{t(`dialog.source.${it.source}`)}.</span>{" "}
        <span class={it.is_shown ? "tag t-calm" : "tag"}>{t(it.is_shown ? "dialog.shown" : "dialog.inside")}.</span>
      </p>
      <p class="quiet">
        {it.told_by ? t("dialog.from", { source: it.told_by }) : t("dialog.opened", { day: fullDate(it.opened_on) })}{" "}
        {!it.told_by && it.closed_on && t("dialog.closed", { day: fullDate(it.closed_on) })}{" "}
        {it.follows && t("dialog.compared", { title: it.follows })}
      </p>
      {it.link && !it.closed_on && <Link it={it} link={it.link} />}
      {preview ? (
        <>
          <p class="quiet">{t("dialog.classes")}</p>
          {preview.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
          {preview.tables.map((table) => (
            <Table key={table.caption} table={table} />
          ))}
        </>
      ) : (
        <p>{t(it.told_by ? "dialog.missing" : "dialog.not_counted")}</p>
      )}
      {it.texts.length > 0 && <Texts texts={it.texts} />}
      {view.may_keep ? <Acts it={it} view={view} again={again} /> : it.link && <Single it={it} />}
    </article>
  );
}

function Link({ it, link }: { it: SurveyRow; link: NonNullable<SurveyRow["link"]> }) {
  return (
    <details>
      <summary class="btn plain">{t("dialog.link")}</summary>
      <p>
        <a href={link.url} target="_blank" rel="noopener">
          {link.url}
        </a>
      </p>
      <p>
        <a href={link.tablet} target="_blank" rel="noopener">
          {t("dialog.tablet")}
        </a>
      </p>
      <p class="quiet">{t("dialog.tablet_hint")}</p>
      <img class="qr" alt={t("dialog.qr", { title: it.title })} src={pictureOf(link.qr_svg)} />
    </details>
  );
}

function Texts({ texts }: { texts: readonly string[] }) {
  return (
    <details>
      <summary class="btn plain">{t("dialog.texts", { n: texts.length })}</summary>
      <p class="quiet">{t("dialog.texts_inside")}</p>
      <ul class="stack">
        {texts.map((text, at) => (
          <li key={at} class="said">
            {text}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Single({ it }: { it: SurveyRow }) {
  return (
    <p>
      <a class="btn" href={`/api/surveys/${it.id}/answers.csv`} target="_self" download>
        <Icon drawing={icons.download ?? ""} />
        {t("dialog.single")}
      </a>
    </p>
  );
}

function Acts({ it, view, again }: { it: SurveyRow; view: SurveysView; again: () => void }) {
  const asking = useAsking(again);
  const sending = useSubmit();
  const count = () => void asking.ask(`/api/surveys/${it.id}/count`, { seen: it.version }, t("dialog.counted"));
  const close = () => void sending.send(t("dialog.closed_now"), operation("survey.close", it.id, {}, it.version));
  return (
    <>
      {it.link ? (
        <>
          <p class="quiet">{t(it.may_count ? "dialog.may_count" : "dialog.too_few")}</p>
          <p class="acts">
            <button type="button" class="btn" disabled={asking.busy || !it.may_count} onClick={count}>
              {t("dialog.count")}
            </button>
            {!it.closed_on && (
              <button type="button" class="btn plain" disabled={sending.busy} onClick={close}>
                {t("dialog.close")}
              </button>
            )}
          </p>
          <Problem text={asking.problem || sending.problem} />
          <details>
            <summary class="btn plain">{t("dialog.paper")}</summary>
            <Paper it={it} />
          </details>
        </>
      ) : (
        <details>
          <summary class="btn plain">{t("dialog.fill_in")}</summary>
          <ImportForm key={it.version} view={view} before={it} />
        </details>
      )}
      {it.preview && <Show it={it} digest={it.preview.digest} path={view.public_path} />}
    </>
  );
}

function Show({ it, digest, path }: { it: SurveyRow; digest: string; path: string }) {
  const [name, setName] = useState("");
  const sending = useSubmit();
  function release(event: Event) {
    event.preventDefault();
    const act = operation("survey.release", it.id, { digest, name: name.trim() }, it.version);
    void sending.send(t("dialog.show_done"), act);
  }
  const withdraw = () => void sending.send(t("dialog.withdrawn"), operation("survey.withdraw", it.id, {}, it.version));
  return (
    <form class="stack" onSubmit={release}>
      {it.changed_at && (
        <p class="quiet">{t("dialog.show_state", { when: shortMoment(it.changed_at), by: it.released_by })}</p>
      )}
      {it.is_shown && !it.is_as_shown && <p class="tag t-need">{t("dialog.moved")}</p>}
      <TextField label={t("dialog.show_name")} hint={t("dialog.show_hint")} value={name} onValue={setName} max={80} />
      <Problem text={sending.problem} />
      <p class="acts">
        <button type="submit" class="btn go" disabled={sending.busy || !name.trim()}>
          <Icon drawing={icons.signature ?? ""} />
          {t("dialog.show")}
        </button>
        {it.is_shown && (
          <button type="button" class="btn" disabled={sending.busy} onClick={withdraw}>
            {t("dialog.withdraw")}
          </button>
        )}
        <a class="btn" href={path} target="_blank" rel="noopener">
          <Icon drawing={icons["external-link"] ?? ""} />
          {t("dialog.public")}
        </a>
      </p>
    </form>
  );
}

function Table({ table }: { table: LagesbildTable }) {
  return (
    <Wide label={table.caption}>
      <table class="plain numbers">
        <caption>{table.caption}</caption>
        <thead>
          <tr>
            {table.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(([first, ...cells]) => (
            <tr key={first}>
              <th scope="row">{first}</th>
              {cells.map((cell, at) => (
                <td key={table.columns[at + 1]} class="num">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
