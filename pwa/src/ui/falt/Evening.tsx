import { clock } from "../../domain/times";
import type { DateOnly } from "../../domain/wire";
import { handInAgain } from "../../sync/again";
import { keepAsItIs } from "../../sync/hand_in";
import { Icon } from "../parts/Icon";
import { query } from "../parts/path";
import { t } from "../parts/words";
import { Concern } from "./Concern";
import { justSaved } from "./entry";
import { drawing } from "./icons";
import type { LogRow } from "./log";
import { Go, Heading, Note, Screen } from "./Screen";
import { sendNow } from "./sending";
import { chip, db, entriesOn, log, tonight } from "./store";
import { eveningWords, spotWords } from "./words";

/** The evening as the whole team has logged it, and where each entry is. */
export function Evening() {
  const evening = query.value.get("kvall") ?? tonight.value;
  const rows = entriesOn(evening);
  const saved = rows.find((row) => row.id === justSaved.value);
  return (
    <Screen
      back="/falt/"
      foot={
        <Go class="main" to="/falt/" icon="plus">
          {t("evening.new")}
        </Go>
      }
    >
      {saved && (
        <p class="card savedcard">
          <Icon drawing={drawing("smartphone")} />
          <span>
            <b>{t("saved")}</b>
            <span class="quiet count">{t(`saved.${saved.passage === "received" ? "received" : "waiting"}`)}</span>
          </span>
        </p>
      )}
      <Heading>{t("evening.title", { evening: eveningWords(evening), n: rows.length })}</Heading>
      <p class="quiet">{t(rows.length > 0 ? "evening.shared" : "evening.none")}</p>
      {chip.value.word === "unprotected" && <Note icon="hard-drive">{t("storage.open")}</Note>}
      <ul class="rows">
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      {rows.some((row) => row.passage === "waiting") && (
        <button type="button" class="side" onClick={sendNow}>
          <Icon drawing={drawing("wifi")} />
          {t("sendnow")}
        </button>
      )}
      <Go class="link" to="/falt/lagat" icon="badge-check">
        {t("see.title")}
      </Go>
      <Go class="link" to="/falt/telefonen" icon="hard-drive">
        {t("phone.go")}
      </Go>
      <Concern />
      <Earlier shown={evening} />
    </Screen>
  );
}

function Row({ row }: { row: LogRow }) {
  const { entry } = row;
  const few = entry.substances === null ? "" : ` ${t(`row.substances.${entry.substances}`)}`;
  return (
    <li class="logrow">
      <div>
        <p>
          <b>
            <span class="num">{clock(entry.at)}</span> {spotWords(entry)}
          </b>
        </p>
        <p class="num">
          {t("row.said", {
            band: t(`row.band.${entry.band}`),
            mood: t(`mood.${entry.mood}`),
            action: t(`action.${entry.action}`),
          })}
          {few}
        </p>
        <State row={row} />
        {row.met && <Met met={row.met} />}
      </div>
      <Go
        class="side slim"
        to={`/falt/ratta/${row.id}`}
        label={t("correct.this", { clock: clock(entry.at), place: spotWords(entry) })}
      >
        {t("correct")}
      </Go>
    </li>
  );
}

/** Two in the team changed the same. Somebody says that it is right as it stands, after correcting it if need be. */
function Met({ met }: { met: NonNullable<LogRow["met"]> }) {
  return (
    <>
      <p class="tag t-need">
        <Icon drawing={drawing("hand")} />
        {t(met.held ? "row.met.held" : "row.met.stands")}
      </p>
      <button type="button" class="side slim" onClick={() => void keepAsItIs(db, met.conflict, met.seen)}>
        {t("row.met.right")}
      </button>
    </>
  );
}

const LOOK = {
  draft: ["smartphone", "t-quiet"],
  waiting: ["smartphone", "t-quiet"],
  sending: ["arrow-up", "t-move"],
  received: ["badge-check", "t-calm"],
  needs_you: ["hand", "t-need"],
  held: ["users", "t-move"],
} as const;

/** Icon, word and colour. Only the server's receipt says "Mottaget". */
function State({ row }: { row: LogRow }) {
  const [icon, tone] = LOOK[row.passage];
  return (
    <>
      <p class={`tag ${tone}`}>
        <Icon drawing={drawing(icon)} />
        <span>
          {stateWords(row)}
          {row.corrected && ` ${t("row.corrected")}`}
        </span>
      </p>
      {row.passage === "needs_you" && (
        <button type="button" class="side slim" onClick={() => void handInAgain(db, row.id)}>
          <Icon drawing={drawing("rotate-ccw")} />
          {t("retry")}
        </button>
      )}
    </>
  );
}

const KNOWN = new Set(["too_few_to_ask", "place_unknown", "pass_differs"]);

function stateWords(row: LogRow): string {
  if (row.passage === "needs_you") return t(`needs.${KNOWN.has(row.code ?? "") ? row.code : "other"}`);
  if (row.passage !== "received") return t(`item.${row.passage}`);
  if (!row.own) return t("item.team");
  if (!row.receipt) return t("item.received");
  return t("item.receipt", { clock: clock(row.receipt.received_at), number: row.receipt.number });
}

function Earlier({ shown }: { shown: DateOnly }) {
  const evenings = [...new Set([tonight.value, ...log.value.map((row) => row.evening)])]
    .filter((evening) => evening !== shown)
    .sort()
    .reverse();
  if (evenings.length === 0) return null;
  return (
    <section class="asked">
      <h2 class="q">{t("evening.others")}</h2>
      {evenings.map((evening) => (
        <Go key={evening} class="link inline" to={`/falt/kvallen?kvall=${evening}`}>
          {t("evening.link", { evening: eveningWords(evening), n: entriesOn(evening).length })}
        </Go>
      ))}
    </section>
  );
}
