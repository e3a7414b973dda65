import { icons } from "virtual:icons?camera-off,eye,eye-off";
import { useState } from "preact/hooks";
import type { FindingRow, PhotoState } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem } from "../parts/Fields";
import { placeOf } from "./Inbox";

/** What was photographed. Each can be held back by itself, and the finding goes on with the others. */
export function Photos({ finding }: { finding: FindingRow }) {
  const shown = finding.photos.filter((photo) => photo.state === "accepted");
  const unreadable = finding.photos.filter((photo) => photo.state === "refused").length;
  const onWay = finding.photos.length - shown.length - unreadable;
  const mayHold = finding.state !== "withdrawn" && finding.state !== "withheld";
  return (
    <>
      {shown.map((photo, n) => (
        <figure key={photo.id} class="stack">
          <img
            class="photo"
            src={`/photos/${photo.id}?size=full`}
            alt={t("finding.photo_of", { place: placeOf(finding) })}
          />
          <figcaption>
            {photo.held && <Held photo={photo} why={photo.held} />}
            {!photo.held && mayHold && <Hold photo={photo} n={n + 1} of={shown.length} />}
          </figcaption>
        </figure>
      ))}
      {onWay > 0 && <Note text={t("finding.photos_on_way", { n: onWay })} />}
      {unreadable > 0 && <Note text={t("finding.photos_unreadable", { n: unreadable })} />}
      {finding.photos.length === 0 && <Note text={t("finding.no_photo")} />}
    </>
  );
}

function Note({ text }: { text: string }) {
  return (
    <p class="note">
      <Icon drawing={icons["camera-off"] ?? ""} />
      {text}
    </p>
  );
}

function Held({ photo, why }: { photo: PhotoState; why: string }) {
  const sending = useSubmit();
  return (
    <>
      <p class="tag t-need">
        <Icon drawing={icons["eye-off"] ?? ""} />
        {t("photo_hold.held")}
      </p>
      <p class="quiet">{why}</p>
      <p>
        <button
          type="button"
          class="btn"
          disabled={sending.busy}
          onClick={() => void sending.send(t("photo_hold.gone"), operation("photo.let_go", photo.id, {}))}
        >
          <Icon drawing={icons.eye ?? ""} />
          {t("photo_hold.let_go")}
        </button>
      </p>
      <p class="quiet">{t("photo_hold.let_go_means")}</p>
      <Problem text={sending.problem} />
    </>
  );
}

const READY = ["person", "home"] as const;

function Hold({ photo, n, of }: { photo: PhotoState; n: number; of: number }) {
  const [reason, setReason] = useState("");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  async function hold(why: string) {
    const objection = guard([why]);
    setStopped(objection ?? "");
    if (!objection && why.trim())
      await sending.send(t("photo_hold.done"), operation("photo.hold", photo.id, { reason: why.trim() }));
  }
  return (
    <details class="review">
      <summary class="btn plain">{of > 1 ? t("photo_hold.title_n", { n, of }) : t("photo_hold.title")}</summary>
      <div class="stack">
        <p class="quiet">{t("photo_hold.means")}</p>
        <div class="acts">
          {READY.map((word) => (
            <button
              key={word}
              type="button"
              class="btn"
              disabled={sending.busy}
              onClick={() => void hold(t(`withhold.${word}`))}
            >
              {t(`withhold.${word}`)}
            </button>
          ))}
        </div>
        <GuardedText label={t("decide.withhold_own")} value={reason} onValue={setReason} />
        <p>
          <button type="button" class="btn" disabled={sending.busy || !reason.trim()} onClick={() => void hold(reason)}>
            {t("photo_hold.now")}
          </button>
        </p>
        <Problem text={stopped || sending.problem} />
      </div>
    </details>
  );
}
