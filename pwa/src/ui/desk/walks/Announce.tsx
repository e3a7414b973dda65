import { useState } from "preact/hooks";
import { clock } from "../../../domain/times";
import type { AnnouncementView, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, Problem, TextField } from "../parts/Fields";
import { TroubleCard } from "../parts/StateCard";
import { dateIn, plainDate, shortMoment } from "../time/stockholm";

/** A named person shows a coming walk to everybody, exactly as it is read here; or takes it away. */
export function Announce({ walk }: { walk: Uuid }) {
  const found = useLoad<AnnouncementView>(`/api/walks/${walk}/announcement`);
  const it = found.data;
  if (it?.is_over && it.standing === "no") return null;
  if (!it && !found.trouble) return null;
  return (
    <section class="stack" aria-labelledby="announce">
      <h2 id="announce">{t("announce.title")}</h2>
      {it ? (
        <Shown walk={walk} it={it} />
      ) : (
        found.trouble && <TroubleCard trouble={found.trouble} again={found.again} />
      )}
    </section>
  );
}

function Shown({ walk, it }: { walk: Uuid; it: AnnouncementView }) {
  const { outing } = it;
  const when = it.changed_at ? shortMoment(it.changed_at) : "";
  return (
    <>
      <p>{t("announce.lead")}</p>
      <dl class="facts">
        <dt>{t("announce.what")}</dt>
        <dd>{outing.name}</dd>
        <dt>{t("announce.when")}</dt>
        <dd>
          {plainDate(dateIn(outing.starts_at))} {clock(outing.starts_at)}–{clock(outing.ends_at)}
        </dd>
        <dt>{t("announce.place")}</dt>
        <dd>{outing.place}</dd>
        <dt>{t("announce.where")}</dt>
        <dd>{outing.meeting_point || t("announce.no_where")}</dd>
      </dl>
      <p class={it.standing === "called_off" ? "tag t-need" : "quiet"}>
        {t(`announce.${it.standing}`, { who: it.released_by, when })}
      </p>
      {!it.is_over && <Decide walk={walk} it={it} />}
    </>
  );
}

function Decide({ walk, it }: { walk: Uuid; it: AnnouncementView }) {
  const [name, setName] = useState("");
  const [sure, setSure] = useState(false);
  const sending = useSubmit();
  const isShown = it.standing === "shown";
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const act = operation("walk.announce", walk, { seen: it.seen, name: name.trim(), sure });
        void sending.send(t("announce.done"), act);
      }}
    >
      {!isShown && (
        <TextField label={t("announce.name")} hint={t("announce.name_hint")} value={name} onValue={setName} max={80} />
      )}
      {!isShown && it.asks && (
        <CheckField label={t("announce.sure")} hint={t("announce.sure_hint")} checked={sure} onValue={setSure} />
      )}
      {it.is_shown && <p class="quiet">{t("announce.take_back_tells")}</p>}
      <Problem text={sending.problem} />
      <p class="acts">
        {!isShown && (
          <button type="submit" class="btn" disabled={sending.busy}>
            {t("announce.show")}
          </button>
        )}
        {it.is_shown && (
          <button
            type="button"
            class="btn"
            disabled={sending.busy}
            onClick={() => void sending.send(t("announce.gone"), operation("walk.take_back", walk, {}))}
          >
            {t("announce.take_back")}
          </button>
        )}
        <a class="btn" href={it.public_path} target="_blank" rel="noopener">
          {t("announce.page")}
        </a>
      </p>
    </form>
  );
}
