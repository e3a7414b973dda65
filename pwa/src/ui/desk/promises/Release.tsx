import { icons } from "virtual:icons?signature,external-link";
import { useState } from "preact/hooks";
import type { PromiseView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { dateIn, fullDate } from "../time/stockholm";
import { useAsking } from "./useAsking";

/** A person with a name shows everybody exactly what they have read above; or takes it away. */
export function Release({ view, again }: { view: PromiseView; again: () => void }) {
  const { promise } = view;
  const [name, setName] = useState("");
  const asking = useAsking(again);
  const sending = useSubmit();
  const isPublic = promise.release === "public";
  function publish(event: Event) {
    event.preventDefault();
    if (!name.trim()) return asking.setProblem(asking.missing);
    const body = { digest: view.digest, name: name.trim() };
    void asking.ask(`/api/promises/${promise.id}/publish`, body, t("promise.published"));
  }
  return (
    <section class="group decide" aria-labelledby="release">
      <h2 id="release">{t("promise.do_release")}</h2>
      <p>
        {t(`promise.release.${promise.release}`)}
        {isPublic && promise.changed_at && ` ${t("promise.since", { day: fullDate(dateIn(promise.changed_at)) })}`}
        {isPublic && ` ${promise.released_by}.`}
      </p>
      {isPublic && (
        <p class={view.is_as_shown ? "quiet" : "tag t-need"}>
          {t(view.is_as_shown ? "promise.as_shown" : "promise.shown_older")}
        </p>
      )}
      <form class="stack" onSubmit={publish}>
        <TextField
          label={t("promise.name")}
          hint={t("promise.name_hint")}
          autocomplete="off"
          max={80}
          value={name}
          onValue={setName}
        />
        <Problem text={asking.problem || sending.problem} />
        <p class="acts">
          <button type="submit" class="btn go" disabled={asking.busy}>
            <Icon drawing={icons.signature ?? ""} />
            {t("promise.show_all")}
          </button>
          {isPublic && (
            <button
              type="button"
              class="btn"
              disabled={sending.busy}
              onClick={() => void sending.send(t("promise.withdrawn"), operation("promise.withdraw", promise.id, {}))}
            >
              {t("promise.withdraw")}
            </button>
          )}
          <a class="btn" href={view.public_path} target="_blank" rel="noopener">
            <Icon drawing={icons["external-link"] ?? ""} />
            {t("promise.public_page")}
          </a>
        </p>
      </form>
    </section>
  );
}
