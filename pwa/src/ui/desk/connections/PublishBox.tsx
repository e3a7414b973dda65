import { useEffect, useState } from "preact/hooks";
import type { FindingRow, PublicationState } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, GuardedText, Problem, TextField } from "../parts/Fields";
import { placeRead } from "../triage/moderated";

const SORTED = new Set(["reviewed", "linked", "no_action"]);
const SHOWABLE = new Set(["F", "M"]);

/** What everybody may read of a finding: words of its own, and only the photos that are chosen here. */
export function PublishBox({ finding }: { finding: FindingRow }) {
  const can = SORTED.has(finding.state) && SHOWABLE.has(finding.kind);
  const found = useLoad<{ publication: PublicationState | null }>(
    can ? `/api/observations/${finding.id}/publication` : null,
  );
  if (!can || !found.data) return null;
  const it = found.data.publication;
  return (
    <details>
      <summary class="btn plain">{t(it?.state === "public" ? "publish.is_public" : "publish.title")}</summary>
      <Form key={it?.version ?? 0} finding={finding} before={it} />
    </details>
  );
}

function Form({ finding, before }: { finding: FindingRow; before: PublicationState | null }) {
  const [text, setText] = useState(before?.text ?? "");
  const [place, setPlace] = useState(before?.place_words ?? placeRead(finding));
  const [photos, setPhotos] = useState<readonly string[]>(before?.photos ?? []);
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  const shown = finding.photos.filter((photo) => photo.state === "accepted" && !photo.held);
  useEffect(() => setStopped(""), [text, place]);
  function publish(event: Event) {
    event.preventDefault();
    const objection = guard([text, place]);
    setStopped(objection ?? "");
    if (objection) return;
    const body = { text: text.trim(), place_words: place.trim(), photos: [...photos] };
    void sending.send(t("publish.done"), operation("publication.publish", finding.id, body));
  }
  return (
    <form class="stack" onSubmit={publish}>
      <p class="quiet">{t("publish.about")}</p>
      <GuardedText label={t("publish.text")} value={text} onValue={setText} max={1000} />
      <TextField label={t("publish.place")} value={place} onValue={setPlace} max={120} optional />
      {shown.map((photo, n) => (
        <CheckField
          key={photo.id}
          label={t("publish.photo", { n: n + 1 })}
          checked={photos.includes(photo.id)}
          onValue={(on) => setPhotos(on ? [...photos, photo.id] : photos.filter((id) => id !== photo.id))}
        />
      ))}
      <Problem text={stopped || sending.problem} />
      <p class="acts">
        <button type="submit" class="btn" disabled={sending.busy || !text.trim()}>
          {t("publish.publish")}
        </button>
        {before?.state === "public" && (
          <button
            type="button"
            class="btn"
            disabled={sending.busy}
            onClick={() => void sending.send(t("publish.withdrawn"), operation("publication.withdraw", finding.id, {}))}
          >
            {t("publish.withdraw")}
          </button>
        )}
      </p>
    </form>
  );
}
