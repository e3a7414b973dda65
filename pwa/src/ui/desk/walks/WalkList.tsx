import { icons } from "virtual:icons?plus,footprints,qr-code,copy";
import { clock } from "../../../domain/times";
import type { WalkRow } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { href } from "../router";
import { dateIn, shortDate } from "../time/stockholm";

export function WalkList() {
  const walks = useLoad<{ walks: WalkRow[] }>("/api/walks");
  return (
    <Page title={t("room.vandringar")}>
      <div class="spread head">
        <h1 tabIndex={-1}>{t("room.vandringar")}</h1>
        <p class="acts">
          <a class="btn" href={href("/vandringar/igen")}>
            <Icon drawing={icons.footprints ?? ""} />
            {t("rewalk.plan")}
          </a>
          <a class="btn go" href={href("/vandringar/ny")}>
            <Icon drawing={icons.plus ?? ""} />
            {t("walks.new")}
          </a>
        </p>
      </div>
      <Ready of={walks}>
        {({ walks: rows }) =>
          rows.length === 0 ? (
            <EmptyCard title={t("walks.empty.title")} text={t("walks.empty.text")} />
          ) : (
            <Walks rows={rows} />
          )
        }
      </Ready>
    </Page>
  );
}

function Walks({ rows }: { rows: WalkRow[] }) {
  const coming = rows.filter((row) => row.state === "planned").sort((a, b) => a.starts_at.localeCompare(b.starts_at));
  const ended = rows.filter((row) => row.state === "ended").sort((a, b) => b.starts_at.localeCompare(a.starts_at));
  return (
    <>
      <p class="lead">{t("walks.lead", { coming: coming.length, ended: ended.length })}</p>
      {coming.length > 0 && <WalkGroup title={t("walks.coming")} rows={coming} />}
      {ended.length > 0 && <WalkGroup title={t("walks.ended")} rows={ended} />}
    </>
  );
}

function WalkGroup({ title, rows }: { title: string; rows: WalkRow[] }) {
  return (
    <section class="group">
      <h2>{title}</h2>
      <ul class="walkrows">
        {rows.map((walk) => (
          <li key={walk.id}>
            <div>
              <a class="row-link" href={href(`/vandringar/${walk.id}`)}>
                {walk.name}
              </a>
              <p class="quiet">
                {shortDate(dateIn(walk.starts_at))}{" "}
                {t("time.at", { time: `${clock(walk.starts_at)}–${clock(walk.ends_at)}` })}. {walk.place}.
              </p>
            </div>
            <p>
              {t("walks.numbers", { stops: walk.stops.length, received: walk.received })}
              {walk.phones_not_done > 0 && (
                <b class="t-need block">{t("walks.not_done", { n: walk.phones_not_done })}</b>
              )}
            </p>
            <p class="acts">
              {walk.state === "planned" && (
                <a
                  class="btn"
                  href={href(`/vandringar/${walk.id}/inbjudan`)}
                  aria-label={t("walks.invite_to", { name: walk.name })}
                >
                  <Icon drawing={icons["qr-code"] ?? ""} />
                  {t("walks.invite")}
                </a>
              )}
              <a
                class="btn"
                href={href(`/vandringar/ny?som=${walk.id}`)}
                aria-label={t("walks.copy_of", { name: walk.name })}
              >
                <Icon drawing={icons.copy ?? ""} />
                {t("walks.copy")}
              </a>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
