import type { PairSide } from "../../../domain/wire";
import { t } from "../../parts/words";
import { fullDate } from "../time/stockholm";

/** The two photos as everybody sees them, with the words that are read out for each. */
export function AsSeen({ text, before, after }: { text: string; before: PairSide; after: PairSide }) {
  return (
    <section class="as-read box stack" aria-label={t("release.as_read")}>
      <p class="quiet">{t("release.as_read")}</p>
      {text && <p class="reply">{text}</p>}
      <div class="pair beside">
        <Side name={t("task.before")} side={before} />
        <Side name={t("task.after")} side={after} />
      </div>
    </section>
  );
}

function Side({ name, side }: { name: string; side: PairSide }) {
  return (
    <figure>
      <img src={`/photos/${side.photo}?size=full`} alt={side.words || name} />
      <figcaption>
        <b>{name}</b> {side.on && fullDate(side.on)}
        {side.words && <span class="quiet block">{side.words}</span>}
      </figcaption>
    </figure>
  );
}
