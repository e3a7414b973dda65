import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { RegisterAbout, RegisterCase, RegisterHold, RegisterThing, RegisterView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { request } from "../data/api";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, TextField } from "../parts/Fields";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { dateIn, plainDate } from "../time/stockholm";
import { DecideCase } from "./DecideCase";
import { Gallring } from "./Gallring";
import { Incoming } from "./Incoming";

/** While something is being removed the page follows it. */
const EVERY = 5_000;

/** One nämnd's own register: which follows from who is signed in. A request here deletes nothing. */
export function Register() {
  const register = useLoad<RegisterView>("/api/register", EVERY);
  return (
    <Page title={t("room.register")}>
      <h1 tabIndex={-1}>{t("room.register")}</h1>
      <Ready of={register}>
        {(found) => (
          <>
            <p class="lead">{t("register.lead", { board: found.board })}</p>
            <Removing found={found} />
            <Incoming />
            <Cases found={found} />
            <Holds holds={found.holds} mayLift={found.may_decide} />
            <Gallring series={found.series} mayDecide={found.may_decide} />
          </>
        )}
      </Ready>
    </Page>
  );
}

function Removing({ found }: { found: RegisterView }) {
  const going = found.decisions.filter((it) => it.done_at === null);
  if (going.length === 0) return null;
  return (
    <section class="card" aria-live="polite">
      <h2>{t("register.removing")}</h2>
      {going.map((it) => (
        <p key={it.id}>
          {t("register.progress", { done: it.total - it.left, total: it.total })}
          {it.replayed_at && ` ${t("register.replayed")}`}
        </p>
      ))}
    </section>
  );
}

export function named(about: readonly RegisterAbout[]): string {
  return about.map((it) => it.number ?? t(`register.kind.${it.kind}`)).join(", ");
}

function Cases({ found }: { found: RegisterView }) {
  const [isNew, setNew] = useState(false);
  return (
    <section class="stack" aria-labelledby="arenden">
      <h2 id="arenden">{t("register.cases")}</h2>
      <p class="acts">
        <button type="button" class="btn go" aria-expanded={isNew} onClick={() => setNew(!isNew)}>
          {t("register.new_case")}
        </button>
      </p>
      {isNew && <NewCase done={() => setNew(false)} />}
      {found.cases.length === 0 && <EmptyCard title={t("register.no_cases")} text={t("register.no_cases_text")} />}
      {found.cases.map((it) => (
        <Case key={it.id} case={it} mayDecide={found.may_decide} appeal={found.appeal} />
      ))}
    </section>
  );
}

function Case({ case: it, mayDecide, appeal }: { case: RegisterCase; mayDecide: boolean; appeal: string }) {
  return (
    <article class="card stack">
      <h3>
        {it.number}: {named(it.about)}
      </h3>
      <p>
        <span class={`tag ${it.state === "open" ? "t-need" : "t-calm"}`}>{t(`register.state.${it.state}`)}</span>
      </p>
      <p class="quiet">
        {t("register.came", { date: plainDate(it.received_on), by: it.registered_by })}
        {it.reference && ` ${it.reference}.`}
      </p>
      {it.state !== "open" && it.decided_at && (
        <>
          <p>{t("register.decided", { by: it.decided_by, date: plainDate(dateIn(new Date(it.decided_at))) })}</p>
          <p>{it.reason}</p>
          <p class="quiet">{it.ground}</p>
          {it.appeal && <p class="note">{it.appeal}</p>}
        </>
      )}
      {it.state === "open" && mayDecide && !it.registered_by_me && <DecideCase case={it} appeal={appeal} />}
      {it.state === "open" && mayDecide && it.registered_by_me && <p class="note">{t("refused.four_eyes")}</p>}
    </article>
  );
}

/** What a number stands for, asked of the server: a thing of another nämnd's is not there. */
function useThings() {
  const [number, setNumber] = useState("");
  const [things, setThings] = useState<RegisterThing[]>([]);
  const [problem, setProblem] = useState("");
  const add = async () => {
    setProblem("");
    try {
      const found = await request<RegisterThing>(
        "GET",
        `/api/register/look?number=${encodeURIComponent(number.trim())}`,
      );
      setThings([...things.filter((it) => it.id !== found.id), found]);
      setNumber("");
    } catch {
      setProblem(t("register.not_found"));
    }
  };
  return { number, setNumber, things, problem, add };
}

function Things({ of }: { of: ReturnType<typeof useThings> }) {
  return (
    <>
      <TextField
        label={t("register.number")}
        hint={t("register.number_hint")}
        value={of.number}
        onValue={of.setNumber}
      />
      <p>
        <button type="button" class="btn" disabled={!of.number.trim()} onClick={() => void of.add()}>
          {t("register.add")}
        </button>
      </p>
      <Problem text={of.problem} />
      <ul>
        {of.things.map((it) => (
          <li key={it.id}>
            {t("register.thing", { number: it.number, photos: it.photos })}
            {it.tasks.length > 0 && ` ${t("register.look_at_tasks", { tasks: it.tasks.join(", ") })}`}
          </li>
        ))}
      </ul>
    </>
  );
}

const refs = (things: readonly RegisterThing[]) => things.map(({ kind, id }) => ({ kind, id }));

function NewCase({ done }: { done: () => void }) {
  const things = useThings();
  const sending = useSubmit();
  const [on, setOn] = useState(dateIn(new Date()));
  const [reference, setReference] = useState("");
  const send = async () => {
    const body = { about: refs(things.things), received_on: on, reference: reference.trim() };
    if (await sending.send(t("register.opened"), operation("erasure.request", uuid7(), body))) done();
  };
  return (
    <div class="box stack">
      <p class="note">{t("register.request_means")}</p>
      <Things of={things} />
      <TextField label={t("register.received_on")} type="date" value={on} onValue={setOn} />
      <TextField
        label={t("register.reference")}
        hint={t("register.reference_hint")}
        value={reference}
        max={120}
        onValue={setReference}
        optional
      />
      <p>
        <button
          type="button"
          class="btn go"
          disabled={sending.busy || things.things.length === 0 || !on}
          onClick={() => void send()}
        >
          {t("register.open_case")}
        </button>
      </p>
      <Problem text={sending.problem} />
    </div>
  );
}

function Holds({ holds, mayLift }: { holds: readonly RegisterHold[]; mayLift: boolean }) {
  const [isNew, setNew] = useState(false);
  const standing = holds.filter((it) => it.lifted_at === null);
  return (
    <section class="stack" aria-labelledby="stopp">
      <h2 id="stopp">{t("register.holds")}</h2>
      <p class="quiet">{t("register.hold_means")}</p>
      <p class="acts">
        <button type="button" class="btn" aria-expanded={isNew} onClick={() => setNew(!isNew)}>
          {t("register.new_hold")}
        </button>
      </p>
      {isNew && <NewHold done={() => setNew(false)} />}
      {standing.length === 0 && <p class="quiet">{t("register.no_holds")}</p>}
      {standing.map((it) => (
        <Hold key={it.id} hold={it} mayLift={mayLift} />
      ))}
    </section>
  );
}

function Hold({ hold, mayLift }: { hold: RegisterHold; mayLift: boolean }) {
  const sending = useSubmit();
  const [reason, setReason] = useState("");
  return (
    <article class="card stack">
      <h3>{named(hold.about)}</h3>
      <p>{hold.reason}</p>
      <p class="quiet">
        {t("register.placed", { by: hold.placed_by, date: plainDate(dateIn(new Date(hold.placed_at))) })}
      </p>
      {mayLift && (
        <>
          <GuardedText label={t("register.lift_why")} value={reason} max={300} onValue={setReason} />
          <p>
            <button
              type="button"
              class="btn"
              disabled={sending.busy || !reason.trim()}
              onClick={() =>
                void sending.send(t("register.lifted"), operation("hold.lift", hold.id, { reason: reason.trim() }))
              }
            >
              {t("register.lift")}
            </button>
          </p>
          <Problem text={sending.problem} />
        </>
      )}
    </article>
  );
}

function NewHold({ done }: { done: () => void }) {
  const things = useThings();
  const sending = useSubmit();
  const [reason, setReason] = useState("");
  const send = async () => {
    const body = { about: refs(things.things), reason: reason.trim() };
    if (await sending.send(t("register.hold_placed"), operation("hold.place", uuid7(), body))) done();
  };
  return (
    <div class="box stack">
      <Things of={things} />
      <GuardedText label={t("register.reason")} value={reason} max={300} onValue={setReason} />
      <p>
        <button
          type="button"
          class="btn go"
          disabled={sending.busy || things.things.length === 0 || !reason.trim()}
          onClick={() => void send()}
        >
          {t("register.place")}
        </button>
      </p>
      <Problem text={sending.problem} />
    </div>
  );
}
