import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { dayWords } from "../../domain/times";
import type { UnseenRow } from "../../domain/wire";
import { type Seen as Answer, answerUnseen, fetchUnseen, said, type Unseen, unseen } from "../../sync/unseen";
import { Choices } from "../parts/Choices";
import { Icon } from "../parts/Icon";
import { say } from "../parts/Live";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { Go, Heading, Note, Screen } from "./Screen";
import { sendNow } from "./sending";
import { broken, db } from "./store";

const ANSWERS: readonly Answer[] = ["good", "partly", "no", "not_there"];

/** What is said to be mended: whoever is out anyway says what stands there now. Works without a network. */
export function Seen() {
  const list = useSignal<Unseen | null>(null);
  const state = useSignal<"asking" | "fresh" | "old">("asking");
  async function load() {
    state.value = "asking";
    try {
      list.value = await unseen(db);
      state.value = (await fetchUnseen(db)) ? "fresh" : "old";
      list.value = await unseen(db);
    } catch {
      state.value = "old";
    }
  }
  useEffect(() => void load(), []);
  async function answer(row: UnseenRow, seen: Answer) {
    await answerUnseen(db, row, seen).catch((error: unknown) => {
      broken.value = error;
      throw error;
    });
    list.value = await unseen(db);
    say(t("see.thanks"));
    sendNow();
  }
  const rows = list.value?.tasks ?? [];
  const answered = list.value?.answered ?? {};
  const left = rows.filter((row) => !(said(row) in answered)).length;
  return (
    <Screen
      back="/falt/kvallen"
      foot={
        <Go class="main" to="/falt/" icon="plus">
          {t("evening.new")}
        </Go>
      }
    >
      <Heading>{t("see.title")}</Heading>
      {state.value === "asking" && rows.length === 0 && <p class="lead">{t("see.asking")}</p>}
      {state.value === "old" && <Note icon="wifi-off">{t(list.value ? "see.old" : "see.nothing_here")}</Note>}
      {state.value !== "asking" && list.value && <p class="lead">{t("see.lead", { n: left })}</p>}
      {rows.map((row) => (
        <One key={row.id} row={row} answered={answered[said(row)]} onAnswer={(seen) => void answer(row, seen)} />
      ))}
      {state.value === "old" && (
        <button type="button" class="side" onClick={() => void load()}>
          <Icon drawing={drawing("wifi")} />
          {t("see.fetch")}
        </button>
      )}
    </Screen>
  );
}

interface OneProps {
  row: UnseenRow;
  answered: Answer | undefined;
  onAnswer: (seen: Answer) => void;
}

function One({ row, answered, onAnswer }: OneProps) {
  const day = row.done_on ? dayWords(row.done_on) : "";
  const question = t("see.question", { day, has: day ? "yes" : "no" });
  return (
    <article class="card">
      <h2 class="q">{row.title}</h2>
      {row.near && <p>{t("see.near", { place: row.near })}</p>}
      <p class="quiet">{t(row.partly ? "see.partly_said" : "see.said", { unit: row.unit })}</p>
      {row.said && <p>{row.said}</p>}
      {answered ? (
        <Note icon="check">{t("see.answered", { answer: t(`see.${answered}`) })}</Note>
      ) : (
        <>
          <p class="q">{question}</p>
          <Choices
            across="two"
            label={t("see.about", { question, title: row.title })}
            chosen={null}
            options={ANSWERS.map((value) => ({ value, word: t(`see.${value}`) }))}
            onChoose={onAnswer}
          />
        </>
      )}
    </article>
  );
}
