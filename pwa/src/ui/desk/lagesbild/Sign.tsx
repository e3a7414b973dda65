import { icons } from "virtual:icons?signature,download";
import { useState } from "preact/hooks";
import type { LagesbildEdition, LagesbildView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { GuardedText, Problem, TextField } from "../parts/Fields";
import { useAsking } from "../promises/useAsking";
import { fullDate } from "../time/stockholm";

/** Both parties sign exactly what is on the screen; what was signed before stands as it was. */
export function Sign({ view, again }: { view: LagesbildView; again: () => void }) {
  return (
    <section class="group" aria-labelledby="lage-sign">
      <h2 id="lage-sign">{t("lage.editions")}</h2>
      {view.editions.length === 0 ? (
        <p class="quiet">{t("lage.no_editions")}</p>
      ) : (
        <>
          <p class={view.is_as_signed ? "quiet" : "tag t-need"}>
            {t(view.is_as_signed ? "lage.as_signed" : "lage.moved_since")}
          </p>
          <ul class="week-list">
            {view.editions.map((it) => (
              <Edition key={it.id} it={it} />
            ))}
          </ul>
        </>
      )}
      <Form key={view.draft.edition} view={view} again={again} />
    </section>
  );
}

function Edition({ it }: { it: LagesbildEdition }) {
  const path = `/api/lagesbild/${it.id}`;
  return (
    <li>
      <p>
        <b>{t("lage.edition", { n: it.number })}</b> {it.changed}
      </p>
      {it.signatures.map((each) => (
        <p key={each.party} class="quiet">
          {t("lage.signature", {
            party: each.party,
            who: [each.name, each.function].filter(Boolean).join(", "),
            day: fullDate(each.on),
          })}
        </p>
      ))}
      <p class="acts">
        <a class="btn" href={`${path}/html`} target="_blank" rel="noopener">
          {t("lage.read")}
        </a>
        {(["pdf", "docx"] as const).map((kind) => (
          <a key={kind} class="btn" href={`${path}/${kind}`} target="_self" download>
            <Icon drawing={icons.download ?? ""} />
            {kind === "pdf" ? "PDF/A" : "Word"}
          </a>
        ))}
      </p>
    </li>
  );
}

function Form({ view, again }: { view: LagesbildView; again: () => void }) {
  const [name, setName] = useState("");
  const [by, setBy] = useState("");
  const [on, setOn] = useState(view.today);
  const [changed, setChanged] = useState("");
  const asking = useAsking(again);
  const stops = !view.is_over || !view.is_whole || view.picture.unsorted > 0;
  function sign(event: Event) {
    event.preventDefault();
    if (!name.trim()) return asking.setProblem(asking.missing);
    const { first, last } = view.draft;
    const told = { name: name.trim(), police_by: by.trim(), police_on: on, changed: changed.trim() };
    void asking.ask("/api/lagesbild/sign", { first, last, digest: view.digest, ...told }, t("lage.signed"));
  }
  return (
    <details class="week-edit">
      <summary class="btn plain">{t("lage.sign")}</summary>
      <form class="stack" onSubmit={sign}>
        <p>{t("lage.sign_means")}</p>
        {!view.is_over && <p class="tag t-need">{t("lage.sign_not_over")}</p>}
        {view.picture.unsorted > 0 && <p class="tag t-need">{t("lage.sign_unsorted")}</p>}
        <TextField label={t("lage.name")} value={name} onValue={setName} max={80} />
        <TextField label={t("lage.police_by")} hint={t("lage.crime_by_hint")} value={by} onValue={setBy} max={80} />
        <TextField label={t("lage.police_on")} type="date" value={on} onValue={setOn} />
        {view.draft.edition > 0 && (
          <GuardedText
            label={t("lage.changed")}
            hint={t("lage.changed_hint")}
            value={changed}
            onValue={setChanged}
            max={300}
          />
        )}
        <Problem text={asking.problem} />
        <p>
          <button type="submit" class="btn go" disabled={asking.busy || stops}>
            <Icon drawing={icons.signature ?? ""} />
            {t("lage.sign_now")}
          </button>
        </p>
      </form>
    </details>
  );
}
