import { icons } from "virtual:icons?download,book-open,globe,users";
import type { ProtocolView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { dateIn, plainDate } from "../time/stockholm";

const FORMATS = ["html", "pdf", "docx", "xlsx"] as const;

/** Everything that can be read or taken home: the draft, each version, and the papers for the meeting. */
export function Files({ walk, view }: { walk: string; view: ProtocolView }) {
  const at = `/api/walks/${walk}/protocol`;
  return (
    <section class="group">
      <h2 id="files">{t("protocol.read")}</h2>
      <h3>{t("protocol.draft_files")}</h3>
      <Ways of={(format) => `${at}/${format}`} what={t("protocol.draft_files")} />
      {view.editions.map((edition) => (
        <div key={edition.number} class="stack">
          <h3>{t("protocol.version_files", { number: edition.number })}</h3>
          <p class="quiet">
            {t("protocol.version_by", { who: edition.approved_by, day: plainDate(dateIn(edition.approved_at)) })}{" "}
            {edition.changed && t("protocol.version_changed", { what: edition.changed })}{" "}
            {edition.published ? t("protocol.public") : t("protocol.not_public")}.
          </p>
          <Ways
            of={(format) => `${at}/${format}?edition=${edition.number}`}
            what={t("protocol.version_files", { number: edition.number })}
          />
        </div>
      ))}
      {view.editions.some((edition) => edition.published) && (
        <p>
          <a class="btn" href={`/protokoll/${walk}`} target="_blank" rel="noopener">
            <Icon drawing={icons.globe ?? ""} />
            {t("protocol.public_link")}
          </a>
        </p>
      )}
      <h3>{t("protocol.meeting")}</h3>
      <p class="acts">
        <a class="btn" href={`/api/walks/${walk}/meeting/pdf`} download>
          <Icon drawing={icons.users ?? ""} />
          {t("protocol.report")}
        </a>
        {view.units.map((unit) => (
          <a
            key={unit.id}
            class="btn"
            href={`/api/walks/${walk}/meeting/pdf?department=${encodeURIComponent(unit.id)}`}
            download
          >
            <Icon drawing={icons.download ?? ""} />
            {t("protocol.sheet", { unit: unit.id ? unit.name : t("protocol.no_unit") })}
          </a>
        ))}
      </p>
    </section>
  );
}

function Ways({ of, what }: { of: (format: string) => string; what: string }) {
  return (
    <p class="acts">
      {FORMATS.map((format) => (
        <a
          key={format}
          class="btn"
          href={of(format)}
          aria-label={`${t(`protocol.format.${format}`)}: ${what}`}
          {...(format === "html" ? { target: "_blank", rel: "noopener" } : { download: true })}
        >
          <Icon drawing={(format === "html" ? icons["book-open"] : icons.download) ?? ""} />
          {t(`protocol.format.${format}`)}
        </a>
      ))}
    </p>
  );
}
