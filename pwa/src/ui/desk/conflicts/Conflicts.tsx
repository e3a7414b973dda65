import { icons } from "virtual:icons?chevron-left,check,repeat-2,square-pen,hourglass,history";
import type { ConflictRow } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { useKeys } from "../parts/keys";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { href } from "../router";
import { shortMoment } from "../time/stockholm";
import { neighbour, placeOf, type Side, sidesOf } from "./sides";

export interface Waiting {
  conflicts: ConflictRow[];
  waiting: number;
}
export const CONFLICTS = "/api/conflicts?limit=100";
export const POLL_MS = 15_000;

/** Two who changed the same thing. It stays here until a person has chosen. */
export function Conflicts() {
  const found = useLoad<Waiting>(CONFLICTS, POLL_MS);
  const rows = found.data?.conflicts ?? [];
  const ids = rows.map((row) => row.id);
  const step = (by: 1 | -1) => {
    const here = document.activeElement?.closest<HTMLElement>("[data-conflict]")?.dataset.conflict ?? "";
    const to = neighbour(ids, here, by);
    if (to) document.getElementById(`krock-${to}`)?.focus();
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
  return (
    <Page title={t("conflict.title")}>
      <a class="back-link" href={href("/inkommet")}>
        <Icon drawing={icons["chevron-left"] ?? ""} />
        {t("room.inkommet")}
      </a>
      <h1 tabIndex={-1}>{t("conflict.title")}</h1>
      <Ready of={found}>
        {(data) =>
          data.conflicts.length === 0 ? (
            <EmptyCard title={t("conflict.empty.title")} text={t("conflict.empty.text")} />
          ) : (
            <>
              <p class="lead">{t("conflict.lead", { n: data.waiting })}</p>
              <Group
                title={t("conflict.held_title")}
                text={t("conflict.held_text")}
                rows={rows.filter((row) => row.held)}
              />
              <Group
                title={t("conflict.soft_title")}
                text={t("conflict.soft_text")}
                rows={rows.filter((row) => !row.held)}
              />
              <p class="keys">
                <kbd>j</kbd> <kbd>k</kbd> {t("keys.go")}
              </p>
            </>
          )
        }
      </Ready>
    </Page>
  );
}

function Group({ title, text, rows }: { title: string; text: string; rows: ConflictRow[] }) {
  if (rows.length === 0) return null;
  return (
    <section class="group">
      <h2>{title}</h2>
      <p class="quiet">{text}</p>
      <ul class="conflicts">
        {rows.map((row) => (
          <One key={row.id} row={row} />
        ))}
      </ul>
    </section>
  );
}

function One({ row }: { row: ConflictRow }) {
  const sending = useSubmit();
  const { stands, other, lines } = sidesOf(row);
  const close = (choice: "keep" | "take" | "anew") =>
    void sending.send(
      t(`conflict.done.${choice}`, { title: row.title }),
      operation("conflict.close", row.id, { choice, about_version: row.about_version }, row.version),
    );
  return (
    <li class="conflict" data-conflict={row.id} aria-labelledby={`krock-${row.id}`}>
      <h3 id={`krock-${row.id}`} tabIndex={-1}>
        <a href={href(placeOf(row))}>{row.title}</a>
      </h3>
      <div class="sides">
        <Head side={stands} icon="check" />
        <Head side={other} icon={row.held ? "hourglass" : "history"} />
        {lines.map((line) => (
          <div key={line.key} class="line">
            <p class="quiet">{line.label}</p>
            <p>
              <span class="sr">{stands.word}: </span>
              {line.stands}
            </p>
            <p>
              <span class="sr">{other.word}: </span>
              {line.other}
            </p>
          </div>
        ))}
      </div>
      {!row.takeable && <p class="note">{t("conflict.not_takeable")}</p>}
      <p class="acts">
        <button type="button" class="btn" disabled={sending.busy} onClick={() => close("keep")}>
          <Icon drawing={icons.check ?? ""} />
          {t("conflict.keep")}
        </button>
        {row.takeable ? (
          <button type="button" class="btn" disabled={sending.busy} onClick={() => close("take")}>
            <Icon drawing={icons["repeat-2"] ?? ""} />
            {t("conflict.take")}
          </button>
        ) : (
          <button type="button" class="btn" disabled={sending.busy} onClick={() => close("anew")}>
            <Icon drawing={icons["square-pen"] ?? ""} />
            {t("conflict.anew")}
          </button>
        )}
      </p>
      <Problem text={sending.problem} />
    </li>
  );
}

function Head({ side, icon }: { side: Side; icon: string }) {
  return (
    <div class="side-head">
      <p class="tag">
        <Icon drawing={icons[icon] ?? ""} />
        {side.word}
      </p>
      <p class="quiet">
        {side.by && `${side.by}, `}
        {shortMoment(side.at)}
      </p>
    </div>
  );
}

/** In the inbox, where the coordinator looks first. Nothing is shown while there is nothing to decide. */
export function ConflictsWaiting() {
  const found = useLoad<Waiting>(CONFLICTS, POLL_MS);
  const n = found.data?.waiting ?? 0;
  if (n === 0) return null;
  return (
    <a class="btn waits" href={href("/inkommet/krockar")}>
      <Icon drawing={icons["repeat-2"] ?? ""} />
      {t("conflict.waiting", { n })}
    </a>
  );
}
