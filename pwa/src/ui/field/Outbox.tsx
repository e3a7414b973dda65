import { clock, dayWords } from "../../domain/times";
import type { Uuid } from "../../domain/wire";
import type { Item } from "../../sync/items";
import { decimal } from "../parts/figures";
import { follow } from "../parts/path";
import { StateCard } from "../parts/StateCard";
import { t } from "../parts/words";
import { Card } from "./HandIn";
import { ItemState } from "./ItemState";
import { drawing } from "./icons";
import { kept } from "./kept";
import { Go, Heading, Key, Note, Screen } from "./Screen";
import { sendNow } from "./sending";
import { categoryOf, chip, items, observationOf, paused, photos, stopAt, unanswered } from "./store";
import { Thumb } from "./Thumb";

/** Everything this phone has made tonight, and where each thing is. */
export function Outbox() {
  const all = items.value;
  const away = all.filter((item) => item.passage !== "draft");
  const saved = all.length - away.length;
  const rows = grouped(all);
  return (
    <Screen back="/" foot={<Foot away={away} saved={saved} />}>
      <Heading class="list">{sentence(all)}</Heading>
      {chip.value.word === "unprotected" && <Note icon="hard-drive">{t("storage.open")}</Note>}
      {paused.value && paused.value !== "device_revoked" && (
        <StateCard
          drawing={drawing("key-round")}
          title={t("paused.title")}
          step={
            <Go class="side" to="/kod">
              {t("paused.go")}
            </Go>
          }
        >
          <p>{t("paused.help")}</p>
        </StateCard>
      )}
      {paused.value === "device_revoked" && (
        <Note icon="users" tone="t-need">
          {t("paused.shut")}
        </Note>
      )}
      {unanswered.value.length > 0 && (
        <Note icon="hand" tone="t-need">
          {t("handin.held", { n: unanswered.value.length })}
        </Note>
      )}
      {rows.length === 0 ? (
        <StateCard
          drawing={drawing("lamp")}
          title={t("empty.title")}
          step={
            <Go class="side" to="/">
              {t("more.home")}
            </Go>
          }
        >
          <p>{t("empty.help")}</p>
        </StateCard>
      ) : (
        <ul class="rows">
          {rows.map((row) => (
            <Row key={row.items[0]?.id} row={row} />
          ))}
        </ul>
      )}
      {away.length > 0 && <Card />}
      <Go class="link" to="/telefonen" icon="hard-drive">
        {t("phone.go")}
      </Go>
    </Screen>
  );
}

function sentence(all: readonly Item[]): string {
  const count = (passage: Item["passage"]) => all.filter((item) => item.passage === passage).length;
  const drafts = count("draft");
  if (drafts === all.length) return all.length === 0 ? t("outbox.empty") : t("outbox.saved", { n: drafts });
  const parts = [
    kept.value.handedInAt ? t("outbox.when", { clock: clock(kept.value.handedInAt) }) : t("outbox.handedin"),
  ];
  if (count("sending") > 0) parts.push(t("outbox.moving", { n: count("sending") }));
  if (count("waiting") > 0) parts.push(t("outbox.waiting", { n: count("waiting") }));
  if (count("needs_you") > 0) parts.push(t("outbox.needs", { n: count("needs_you") }));
  if (drafts > 0) parts.push(t("outbox.left", { n: drafts }));
  if (parts.length === 1) parts.push(t("outbox.all"));
  return parts.join(" ");
}

interface RowOf {
  title: string;
  about: string;
  icon: string;
  items: Item[];
}

/** Answers to one stop's checklist are one row; everything else is its own. */
function grouped(all: readonly Item[]): RowOf[] {
  const rows = new Map<string, RowOf>();
  for (const item of all) {
    const key = item.kind === "answer" ? `answer ${item.stop} ${item.passage}` : item.id;
    const row = rows.get(key);
    if (row) row.items.push(item);
    else rows.set(key, { ...face(item), items: [item] });
  }
  return [...rows.values()].reverse().sort((a, b) => urgency(a) - urgency(b));
}

/** What needs a person comes first, then what is moving; the rest with the latest on top. */
function urgency(row: RowOf): number {
  const passage = row.items[0]?.passage;
  return passage === "needs_you" ? 0 : passage === "sending" ? 1 : 2;
}

const ICONS = {
  observation: "pencil-line",
  feeling: "smile",
  answer: "list-checks",
  presence: "users",
  confirm: "check",
};

function face(item: Item): Omit<RowOf, "items"> {
  const stop = stopAt(item.stop);
  const name =
    item.kind === "observation" ? (categoryOf(item.title_category)?.name ?? t("what.unknown")) : t(`kind.${item.kind}`);
  return {
    title: stop ? t("finding.at", { name, n: stop.number }) : name,
    about:
      item.bytes > 100_000
        ? t("outbox.size", { clock: clock(item.at), mb: decimal(item.bytes / 1_000_000) })
        : t("at.clock", { clock: clock(item.at) }),
    icon: ICONS[item.kind],
  };
}

function Row({ row }: { row: RowOf }) {
  const [first] = row.items;
  if (!first) return null;
  const draft = observationOf(first.id);
  const picture = draft?.photos.at(-1) ?? photoOf(first.id);
  const body = (
    <>
      <Thumb id={picture} icon={row.icon} revision={photos.value.get(picture ?? "")?.revision ?? ""} />
      <span>
        <b>{row.title}</b>
        <span class="quiet count">
          {first.receipt
            ? t("receipt.read", { number: first.receipt.number, day: dayWords(first.receipt.read_on) })
            : row.items.length > 1
              ? t("outbox.answers", { clock: clock(first.at), n: row.items.length })
              : row.about}
        </span>
        <ItemState item={first} />
      </span>
    </>
  );
  if (!draft && first.kind !== "observation") return <li class="outrow">{body}</li>;
  const open = draft ? `/fynd/${first.id}/mer` : `/inlamnat/${first.id}`;
  return (
    <li>
      <a class="outrow" href={open} onClick={follow(open)}>
        {body}
      </a>
    </li>
  );
}

function photoOf(observation: Uuid): Uuid | null {
  return [...photos.value.values()].find((row) => row.of === observation)?.id ?? null;
}

function Foot({ away, saved }: { away: readonly Item[]; saved: number }) {
  const open = away.filter((item) => item.passage !== "received").length;
  return (
    <>
      {open > 0 && <p class="quiet center">{t(navigator.onLine === false ? "outbox.offline" : "outbox.bysit")}</p>}
      {saved > 0 && (
        <Go class={open > 0 ? "side" : "main"} to="/lamna-in" icon="arrow-up">
          {t("handin.to")}
        </Go>
      )}
      {open > 0 && (
        <Key class="main" icon="arrow-up" onClick={sendNow}>
          {t("outbox.now")}
        </Key>
      )}
      {open === 0 && saved === 0 && away.length > 0 && (
        <Go class="main" to="/svar" icon="badge-check">
          {t("replies")}
        </Go>
      )}
    </>
  );
}
