import { icons } from "virtual:icons?clock-alert,mail-x";
import type { FailedLetter, LateRow, LateView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { href } from "../router";
import { plainDate } from "../time/stockholm";
import { OutsideList } from "./OutsideList";

const POLL_MS = 60_000;

/** "Sent och varför": who is waited for, since when, what has been said about it, and letters that have not left. */
export function Late() {
  const found = useLoad<LateView>("/api/reminders", POLL_MS);
  return (
    <Page title={t("late.title")}>
      <h1 tabIndex={-1}>{t("late.title")}</h1>
      <p class="lead">{t("late.lead")}</p>
      <Ready of={found}>
        {(view) => (
          <>
            {view.unsorted && (
              <section class="card stack" aria-labelledby="unsorted">
                <h2 id="unsorted">{t("late.unsorted")}</h2>
                <p>{view.unsorted.why}</p>
                <p>
                  <a class="btn" href={href("/inkommet")}>
                    {t("late.unsorted.go")}
                  </a>
                </p>
              </section>
            )}
            {view.letters.length > 0 && <Letters letters={view.letters} />}
            {view.outside && <OutsideList it={view.outside} />}
            {nothingIs(view) && <EmptyCard title={t("late.none.title")} text={t("late.none.text")} />}
            {view.late.length > 0 && (
              <>
                <p class="tag t-need">
                  <Icon drawing={icons["clock-alert"] ?? ""} />
                  {t("late.count", { n: view.count })}
                </p>
                <ul class="phonelist">
                  {view.late.map((row) => (
                    <Row key={`${row.id} ${row.clock}`} row={row} />
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </Ready>
    </Page>
  );
}

function nothingIs({ late, letters, unsorted, outside }: LateView): boolean {
  const elsewhere = outside ? [outside.tasks, outside.undone, outside.silent, outside.webhooks].flat() : [];
  return late.length + letters.length + elsewhere.length === 0 && !unsorted;
}

function Row({ row }: { row: LateRow }) {
  const last = row.said[row.said.length - 1];
  return (
    <li class="card">
      <h2>
        <a href={href(`/atgarder/${row.id}`)}>{row.title}</a> <span class="quiet num">{row.number}</span>
      </h2>
      <p class="quiet">{[row.department_name, row.place].filter(Boolean).join(". ")}</p>
      <p>{row.why}</p>
      {row.wait_reason && <p>{t("late.waits", { reason: t(`field.reason.${row.wait_reason}`) })}</p>}
      {row.public_text && <p class="box reply">{row.public_text}</p>}
      <p class={row.step > 2 ? "tag t-need" : "tag t-move"}>
        {t("late.step", { step: row.step })} {last ? t("late.said", { day: plainDate(last.on) }) : t("late.unsaid")}
      </p>
      {row.next_step_in !== null && <p class="quiet">{t("late.next", { n: row.next_step_in })}</p>}
    </li>
  );
}

function Letters({ letters }: { letters: FailedLetter[] }) {
  return (
    <section aria-labelledby="unsent">
      <h2 id="unsent">{t("late.letters")}</h2>
      <ul class="phonelist">
        {letters.map((letter) => (
          <li key={letter.id} class="card">
            <p class="tag t-need">
              <Icon drawing={icons["mail-x"] ?? ""} />
              {letter.gave_up_on
                ? t("late.gave_up", { day: plainDate(letter.gave_up_on) })
                : t("late.trying", { n: letter.attempts })}
            </p>
            <p>{t("links.reason", { reason: letter.reason })}</p>
            {letter.tasks.map((task) => (
              <p key={task.id}>
                <a href={href(`/atgarder/${task.id}`)}>{t("late.to_task", { number: task.number })}</a>
              </p>
            ))}
            {letter.observation && (
              <p>
                <a href={href(`/inkommet?fynd=${letter.observation}`)}>{t("late.to_finding")}</a>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
