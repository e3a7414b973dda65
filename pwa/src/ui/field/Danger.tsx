import { useSignal } from "@preact/signals";
import { clock, dayWords, nowInstant } from "../../domain/times";
import type { Uuid } from "../../domain/wire";
import type { ObservationDraft } from "../../storage/drafts";
import { Icon } from "../parts/Icon";
import { say } from "../parts/Live";
import { go } from "../parts/path";
import { t } from "../parts/words";
import { guard } from "./guarding";
import { ItemState } from "./ItemState";
import { drawing } from "./icons";
import { change } from "./record";
import { Go, Heading, Key, Note, Screen } from "./Screen";
import { telephone } from "./Sos";
import { sendNow } from "./sending";
import { categoryOf, db, items, observationOf, photos, reload, stopAt, town } from "./store";
import { Gone } from "./What";

/** Somebody may be hurt: who to call, now and without a network. The rest of the walk waits its turn. */
export function Danger({ id }: { id: Uuid }) {
  const draft = observationOf(id);
  const item = items.value.find((one) => one.id === id && one.passage !== "draft");
  if (!draft && !item) return <Gone />;
  const duty = town.value?.duty;
  return (
    <Screen
      back={draft ? `/fynd/${id}/mer` : "/"}
      foot={
        draft ? (
          <Alone draft={draft} />
        ) : (
          <Go class="side strong" to="/">
            {t("more.home")}
          </Go>
        )
      }
    >
      {draft && <About draft={draft} />}
      <Heading class="huge">
        {t("danger.question")} <span class="count">{t("danger.ring")}</span>
      </Heading>
      <a class="main danger" href="tel:112">
        <Icon drawing={drawing("phone")} />
        {t("danger.call")}
      </a>
      {duty && (
        <div class="duty">
          <p class="glance">{t("danger.else")}</p>
          <a class="side num" href={telephone(duty.phone)}>
            <Icon drawing={drawing("phone")} />
            {duty.phone}
          </a>
          <p class="quiet">{duty.hours}</p>
          <p class="lead">{t("danger.nobody")}</p>
        </div>
      )}
      {draft && <Called draft={draft} />}
      {item && (
        <div class="card">
          <ItemState item={item} />
          {item.receipt && (
            <p>{t("receipt.read", { number: item.receipt.number, day: dayWords(item.receipt.read_on) })}</p>
          )}
        </div>
      )}
    </Screen>
  );
}

function About({ draft }: { draft: ObservationDraft }) {
  const stop = stopAt(draft.stop);
  const name = categoryOf(draft.category)?.name ?? t("what.unknown");
  return (
    <div class="card about">
      <span class="thumb noimg small">
        <Icon drawing={drawing("zap")} />
      </span>
      <p>
        <b>{stop ? t("finding.at", { name, n: stop.number }) : name}</b>
        <span class="quiet count">
          {draft.severity !== null && `${t("severity.n", { n: draft.severity })}, `}
          {t("at.clock", { clock: clock(draft.seen_at) })}
        </span>
      </p>
      <Go class="side slim" to={`/fynd/${draft.id}/mer`} icon="pencil-line" label={t("change")}>
        {""}
      </Go>
    </div>
  );
}

function Called({ draft }: { draft: ObservationDraft }) {
  const called = draft.called;
  const put = (choice: "called" | "not_called") => void change(draft.id, { called: { choice, at: nowInstant() } });
  return (
    <div class="two" role="group" aria-label={t("danger.didcall")}>
      <Key
        class={called?.choice === "called" ? "choice on num" : "choice num"}
        pressed={called?.choice === "called"}
        onClick={() => put("called")}
      >
        {t("danger.called", { clock: clock(called?.choice === "called" ? called.at : nowInstant()) })}
      </Key>
      <Key
        class={called?.choice === "not_called" ? "choice on" : "choice"}
        pressed={called?.choice === "not_called"}
        onClick={() => put("not_called")}
      >
        {t("danger.notcalled")}
      </Key>
    </div>
  );
}

function Alone({ draft }: { draft: ObservationDraft }) {
  const busy = useSignal(false);
  const stopped = useSignal(false);
  const open = draft.photos.find((id) => photos.value.get(id)?.checked === false);
  const send = async () => {
    if (busy.value) return;
    busy.value = true;
    try {
      const [{ inspect }, { handInAlone }] = await Promise.all([guard(), import("../../sync/hand_in")]);
      const { held } = await handInAlone(db, draft, (text) => inspect(text).verdict === "block");
      stopped.value = held.length > 0;
      sendNow();
      await reload();
      if (held.length === 0) {
        say(t("danger.sent"));
        // The key that was pressed is gone: the reader goes on from the heading.
        document.querySelector("h1")?.focus({ preventScroll: true });
      }
    } finally {
      busy.value = false;
    }
  };
  if (open) {
    return (
      <>
        <Note icon="hand" tone="t-need">
          {t("danger.photofirst")}
        </Note>
        <Key class="side strong" icon="square-dashed" onClick={() => go(`/foto/${open}?till=/fynd/${draft.id}/fara`)}>
          {t("mask.answer")}
        </Key>
      </>
    );
  }
  return (
    <>
      {stopped.value && (
        <Note icon="hand" tone="t-need">
          {t("danger.textfirst")}
        </Note>
      )}
      <Key class="side strong" icon="arrow-up" onClick={() => void send()}>
        {t("danger.send")}
      </Key>
      <p class="quiet center">{t("danger.onlythis")}</p>
    </>
  );
}
