import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { dayOf, dayWords } from "../../domain/times";
import type { ReplyState, ReplyWord, Uuid } from "../../domain/wire";
import { confirm } from "../../sync/hand_in";
import { Choices } from "../parts/Choices";
import { Lamp, type LampState } from "../parts/Lamp";
import { say } from "../parts/Live";
import { StateCard } from "../parts/StateCard";
import { t } from "../parts/words";
import { Hear, ToAll } from "./Hear";
import { drawing } from "./icons";
import { keep, kept } from "./kept";
import { Go, Heading, Key, Note, Screen } from "./Screen";
import { sendNow } from "./sending";
import { categoryOf, db, replies, town, walk, who } from "./store";
import { WakeMe } from "./WakeMe";

/** What became of what this phone handed in. */
export function Replies() {
  const all = replies.value;
  const [asked, others] = [all.filter((reply) => reply.ask), all.filter((reply) => !reply.ask)];
  return (
    <Screen
      back="/"
      foot={
        <Key class="side" icon="refresh-cw" onClick={sendNow}>
          {t("replies.fetch")}
        </Key>
      }
    >
      <Heading>{t("replies")}</Heading>
      {all.length > 0 ? (
        <p class="quiet">{t("replies.lead", { n: all.length, place: walk.value?.place ?? "" })}</p>
      ) : (
        <StateCard
          drawing={drawing("lamp")}
          title={t("replies.none")}
          step={
            <Go class="side" to="/att-skicka">
              {t("findings")}
            </Go>
          }
        >
          <p>{t("replies.nonehelp", { who: town.value?.read_by ?? "" })}</p>
        </StateCard>
      )}
      <ToAll />
      {asked.map((reply) => (
        <Ask key={reply.id} reply={reply} />
      ))}
      <ul class="rows">
        {others.map((reply) => (
          <Row key={reply.id} reply={reply} />
        ))}
      </ul>
      <Go class="side" to="/kortet" icon="users">
        {t("walkcard.show")}
      </Go>
      <Hear />
      <WakeMe />
    </Screen>
  );
}

const LAMP: Partial<Record<ReplyWord, LampState>> = {
  planned: "plan",
  in_progress: "plan",
  waiting: "wait",
  done: "half",
  partly: "half",
  partly_verified: "half",
  verified: "lit",
  wont_do: "no",
};
const TONE: Partial<Record<ReplyWord, string>> = {
  planned: "t-move",
  in_progress: "t-move",
  referred: "t-move",
  done: "t-lamp",
  partly: "t-move",
  partly_verified: "t-move",
  verified: "t-lamp",
  reopened: "t-need",
};

/** Says who says so: "Åtgärdat enligt Gata och park". */
function stateWords(reply: ReplyState): string {
  const day = reply.state === "planned" ? reply.planned_on : reply.done_on;
  return t(`reply.${reply.state}`, {
    unit: reply.department ?? t("reply.nounit"),
    day: day ? shortDay(day) : "",
    has: day ? "yes" : "no",
  });
}

/** "9 december": the weekday says nothing a month later. */
function shortDay(date: string): string {
  return dayWords(date).split(" ").slice(1).join(" ");
}

function title(reply: ReplyState): string {
  const name = categoryOf(reply.category)?.name ?? t("what.unknown");
  return reply.stop_name ? t("reply.title", { name, where: reply.stop_name }) : name;
}

function Row({ reply }: { reply: ReplyState }) {
  return (
    <li class="replyrow">
      <Lamp state={LAMP[reply.state] ?? "off"} size={36} />
      <div>
        <p>
          <b>{title(reply)}</b>
        </p>
        <p class={TONE[reply.state] ?? "t-quiet"}>{stateWords(reply)}</p>
        {reply.public_text && <p>{reply.public_text}</p>}
        <Pair reply={reply} />
        <p class="quiet">{t("reply.number", { number: reply.number })}</p>
      </div>
    </li>
  );
}

function Ask({ reply }: { reply: ReplyState }) {
  return (
    <article class="card reply">
      <h2 class="lead">{title(reply)}</h2>
      <Pair reply={reply} />
      <p class={`tag ${TONE[reply.state] ?? ""}`}>
        <Lamp state={LAMP[reply.state] ?? "off"} />
        {stateWords(reply)}
      </p>
      {reply.public_text && <p>{reply.public_text}</p>}
      {reply.task && <Been reply={reply} task={reply.task} />}
    </article>
  );
}

type Seen = "good" | "partly" | "no" | "not_there";
const SEEN: readonly Seen[] = ["good", "partly", "no", "not_there"];

/** Four equal answers; each is its own hand-in. */
function Been({ reply, task }: { reply: ReplyState; task: Uuid }) {
  const key = `${task} ${reply.done_on}`;
  const chosen = kept.value.been?.[key] ?? null;
  const answer = async (seen: Seen) => {
    await confirm(db, task, seen, seen === "not_there" ? null : dayOf(new Date()));
    keep({ been: { ...kept.value.been, [key]: seen } });
    say(t("reply.thanks"));
    sendNow();
  };
  if (chosen) {
    return (
      <Note icon="check">
        {t("reply.thanks")} {t(`seen.${chosen}`)}
      </Note>
    );
  }
  const question = t("reply.been", { day: reply.done_on ? shortDay(reply.done_on) : "" });
  return (
    <>
      <p class="q">{question}</p>
      <Choices
        across="two"
        label={question}
        chosen={null}
        options={SEEN.map((value) => ({ value, word: t(`seen.${value}`) }))}
        onChoose={(seen) => void answer(seen)}
      />
    </>
  );
}

function Pair({ reply }: { reply: ReplyState }) {
  if (!reply.before && !reply.after) return null;
  return (
    <div class="two pair">
      {reply.before && <Picture id={reply.before} words={t("reply.before")} />}
      {reply.after && (
        <Picture id={reply.after} words={t("reply.after", { day: reply.done_on ? shortDay(reply.done_on) : "" })} />
      )}
    </div>
  );
}

/** Photos need the phone's own key, so they are fetched and not linked; without a network the words remain. */
function Picture({ id, words }: { id: Uuid; words: string }) {
  const url = useSignal<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    const stop = new AbortController();
    fetch(`/photos/${id}?size=320`, {
      headers: { Authorization: `Bearer ${who.value?.token ?? ""}` },
      signal: stop.signal,
    })
      .then(async (answer) => {
        if (!answer.ok || !answer.headers.get("content-type")?.startsWith("image/")) return;
        made = URL.createObjectURL(await answer.blob());
        url.value = made;
      })
      .catch(() => undefined);
    return () => {
      stop.abort();
      if (made) URL.revokeObjectURL(made);
    };
  }, [id]);
  return (
    <figure>
      {url.value ? <img src={url.value} alt={words} /> : <span class="noimg">{t("reply.nophoto")}</span>}
      <figcaption class="quiet">{words}</figcaption>
    </figure>
  );
}
