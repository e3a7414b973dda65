import { icons } from "virtual:icons?camera-off,merge,x";
import type { CategoryState, FindingRow, NearRow, PhotoState } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { shortMoment } from "../time/stockholm";
import { placeOf } from "./Inbox";

interface CompareProps {
  finding: FindingRow;
  near: NearRow;
  more: number; // others that lie near as well
  categories: CategoryState[];
  busy: boolean;
  onSame: (() => void) | null;
  onOther: () => void;
}

/** This finding beside the nearest one: photo, distance, time and words. A person says whether they are the same. */
export function Compare({ finding, near, more, categories, busy, onSame, onOther }: CompareProps) {
  const name = (code: string) => categories.find((found) => found.code === code)?.name ?? code;
  return (
    <section class="compare" aria-label={t("compare.title")}>
      <h3>{t(near.task ? "compare.ask_task" : "compare.ask", { m: near.distance_m })}</h3>
      <div class="compare-two">
        <figure>
          <Shot photos={finding.photos} of={t("finding.photo_of", { place: placeOf(finding) })} />
          <figcaption>
            <b>{t("compare.this", { number: finding.number })}</b>
            <span class="block">{name(finding.category)}</span>
            <span class="quiet num block">{shortMoment(finding.seen_at)}</span>
            {finding.text && <q>{finding.text}</q>}
          </figcaption>
        </figure>
        <figure>
          <Shot photos={near.photos} of={t("compare.photo_of", { number: near.number })} />
          <figcaption>
            <b>
              {near.number}
              {near.title && `: ${near.title}`}
            </b>
            <span class="block">
              {near.task ? t(`task.word.${near.state}`) : name(near.category)}
              {near.place_words && `. ${near.place_words}`}
            </span>
            <span class="quiet num block">
              {shortMoment(near.seen_at)}. {gap(near.hours_apart)}
            </span>
            {near.text && <q>{near.text}</q>}
          </figcaption>
        </figure>
      </div>
      <div class="acts">
        {onSame && (
          <button type="button" class="btn" disabled={busy} onClick={onSame}>
            <Icon drawing={icons.merge ?? ""} />
            {t("compare.same")} <kbd>s</kbd>
          </button>
        )}
        <button type="button" class="btn" disabled={busy} onClick={onOther}>
          <Icon drawing={icons.x ?? ""} />
          {t("compare.other")} <kbd>i</kbd>
        </button>
        {more > 0 && <span class="quiet">{t("compare.more", { n: more })}</span>}
      </div>
    </section>
  );
}

function gap(hours: number): string {
  if (hours < 1) return t("compare.same_hour");
  return hours < 48 ? t("compare.hours", { n: hours }) : t("compare.days", { n: Math.round(hours / 24) });
}

function Shot({ photos, of }: { photos: PhotoState[]; of: string }) {
  const photo = photos.find((found) => found.state === "accepted");
  if (photo) return <img class="shot" src={`/photos/${photo.id}?size=320`} alt={of} />;
  return (
    <span class="shot none">
      <Icon drawing={icons["camera-off"] ?? ""} />
      {t("finding.no_photo")}
    </span>
  );
}
