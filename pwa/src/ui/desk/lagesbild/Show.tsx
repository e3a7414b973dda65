import { icons } from "virtual:icons?signature,external-link";
import { useState } from "preact/hooks";
import type { LagesbildShown, LagesbildTable, LagesbildView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { Wide } from "../parts/Wide";
import { fullDate, shortMoment } from "../time/stockholm";
import { Bars } from "./Bars";

/** A person with a name shows everybody exactly what stands here; or takes it away. */
export function Show({ view }: { view: LagesbildView }) {
  const [name, setName] = useState("");
  const sending = useSubmit();
  const { preview, shown } = view;
  if (!preview) return null;
  const isShown = shown !== null && shown.number > 0;
  const isEarly = view.today < view.shown_from;
  function release(event: Event) {
    event.preventDefault();
    if (!preview) return;
    const body = { digest: preview.digest, name: name.trim() };
    void sending.send(t("lage.show_done"), operation("lagesbild.release", preview.edition, body));
  }
  return (
    <section class="group decide" aria-labelledby="lage-show">
      <h2 id="lage-show">{t("lage.show")}</h2>
      {shown && (
        <p>
          {isShown
            ? t("lage.show_state", { n: shown.number, when: shortMoment(shown.at), by: shown.by })
            : t("lage.show_gone")}
        </p>
      )}
      <p>{t("lage.show_means", { n: preview.number })}</p>
      {isEarly && <p class="tag t-need">{t("lage.show_from", { day: fullDate(view.shown_from) })}</p>}
      <details>
        <summary class="btn plain">{t("lage.public_sum")}</summary>
        <Preview shown={preview.shown} />
      </details>
      <form class="stack week-edit" onSubmit={release}>
        <TextField
          label={t("lage.show_name")}
          hint={t("lage.show_name_hint")}
          value={name}
          onValue={setName}
          max={80}
        />
        <Problem text={sending.problem} />
        <p class="acts">
          <button type="submit" class="btn go" disabled={sending.busy || isEarly || !name.trim()}>
            <Icon drawing={icons.signature ?? ""} />
            {t("lage.show_now")}
          </button>
          {isShown && (
            <button
              type="button"
              class="btn"
              disabled={sending.busy}
              onClick={() =>
                void sending.send(
                  t("lage.withdrawn"),
                  operation("lagesbild.withdraw", view.draft.id, { number: shown.number }),
                )
              }
            >
              {t("lage.withdraw")}
            </button>
          )}
          <a class="btn" href={view.public_path} target="_blank" rel="noopener">
            <Icon drawing={icons["external-link"] ?? ""} />
            {t("lage.public_page")}
          </a>
        </p>
      </form>
    </section>
  );
}

/** The words and cells themselves, as the server would write them on the page. */
function Preview({ shown }: { shown: LagesbildShown }) {
  return (
    <div class="stack lage-preview">
      {shown.parts.map((part) => (
        <section key={part.heading} class="stack">
          <h3>{part.title}</h3>
          {part.text && <p>{part.text}</p>}
          {part.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
          <Bars bars={part.bars} label={part.bars.map((bar) => `${bar.label}: ${bar.said}`).join(", ")} />
          {part.tables.map((table) => (
            <Table key={table.caption} table={table} />
          ))}
          {part.source && <p class="quiet">{part.source}</p>}
        </section>
      ))}
      {[...shown.focus, ...shown.signed].map((line) => (
        <p key={line}>{line}</p>
      ))}
      <p>
        {t("lage.preview_end", { municipality: shown.municipality, n: shown.number, keeper: shown.keeper })}{" "}
        {shown.changed}
      </p>
    </div>
  );
}

function Table({ table }: { table: LagesbildTable }) {
  return (
    <Wide label={table.caption}>
      <table class="sums">
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
                <td key={table.columns[at + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
