import { useState } from "preact/hooks";
import { clock, dayWords } from "../../../domain/times";
import type { RotaRow, RotaView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, SelectField, TextField } from "../parts/Fields";
import { href } from "../router";
import { shortMoment } from "../time/stockholm";
import { PlanForm } from "./PlanForm";

/** One evening: when and where, who comes, who is missing, and what can be done about it. */
export function Evening({ it, view }: { it: RotaRow; view: RotaView }) {
  return (
    <li>
      <div>
        <h3>{dayWords(it.evening)}</h3>
        <p>
          {clock(it.starts_at)}–{clock(it.ends_at)} <span class="quiet">{t(`rota.when.${it.when}`)}</span>
        </p>
      </div>
      <div>
        <p>
          {t(`rota.kind.${it.kind}`)}. {it.place}, {it.area}.{" "}
          {it.walk && <a href={href(`/vandringar/${it.walk}`)}>{t("rota.see_walk")}</a>}
        </p>
        <Crew it={it} view={view} />
        {it.called_off && <p>{t("rota.off_why", it.called_off)}</p>}
      </div>
      <State it={it} />
      <Acts it={it} view={view} />
    </li>
  );
}

function Acts({ it, view }: { it: RotaRow; view: RotaView }) {
  const isAhead = it.called_off === null && !it.has_begun;
  const isUnder = it.called_off === null && it.has_begun && !it.is_over;
  if (!isAhead && !isUnder && !it.may_tell && it.history.length === 0) return null;
  return (
    <details>
      <summary class="btn plain">
        {t(isAhead ? "rota.acts" : "rota.more")} <span class="sr">{dayWords(it.evening)}</span>
      </summary>
      <div class="stack">
        {it.may_tell && <Say it={it} view={view} walked />}
        {isUnder && <CallOff it={it} view={view} />}
        {isAhead && (
          <>
            <Say it={it} view={view} />
            <h4>{t("rota.change")}</h4>
            <PlanForm key={it.version} view={view} before={it} />
            <CallOff it={it} view={view} />
          </>
        )}
        {it.history.length > 0 && <History it={it} />}
      </div>
    </details>
  );
}

/** A dot for each adult that is needed, filled for each that comes. */
function State({ it }: { it: RotaRow }) {
  if (it.called_off) return <p class="t-need">{t("rota.off")}</p>;
  if (it.has_begun) return <span />;
  const words = it.missing > 0 ? t("rota.missing", { n: it.missing, of: it.needed }) : t("rota.full");
  return (
    <p class={it.missing > 0 ? "rota-gap t-need" : "rota-gap t-calm"}>
      <span class="rota-dots" aria-hidden="true">
        {"●".repeat(it.needed - it.missing)}
        {"○".repeat(it.missing)}
      </span>
      {words}
    </p>
  );
}

const isReached = (view: RotaView, party: string) => view.parties.find((each) => each.id === party)?.contact != null;

function Crew({ it, view }: { it: RotaRow; view: RotaView }) {
  if (it.crew.length + it.came_unsigned.length === 0) return <p class="quiet">{t("rota.nobody")}</p>;
  return (
    <ul class="stack">
      {it.crew.map((each) => (
        <li key={each.party}>
          <b>{each.name}</b> {t("rota.comes", { n: each.adults })}
          {each.by_link && ` ${t("rota.by_link")}`}
          {each.walked !== null && ` ${t("rota.walked_n", { n: each.walked })}`}
          {!it.has_begun && !isReached(view, each.party) && <b class="t-need block">{t("rota.no_address")}</b>}
        </li>
      ))}
      {it.came_unsigned.map((each) => (
        <li key={each.party}>
          <b>{each.name}</b> {t("rota.came_unsigned")} {t("rota.walked_n", { n: each.adults })}
        </li>
      ))}
    </ul>
  );
}

/** Those who are asked by mail are those who mostly come. */
function reachedFirst(of: RotaRow, view: RotaView) {
  const may = view.parties.filter((each) => of.kind !== "field_shift" || each.is_municipal);
  return [...may.filter((each) => each.contact), ...may.filter((each) => !each.contact)];
}

const crewFirst = (it: RotaRow, view: RotaView) => {
  const comes = (party: string) => it.crew.some((each) => each.party === party);
  const named = reachedFirst(it, view);
  return [...named.filter((each) => comes(each.id)), ...named.filter((each) => !comes(each.id))];
};

/** For staff, and for a party that rang: how many come, or how many walked. */
function Say({ it, view, walked = false }: { it: RotaRow; view: RotaView; walked?: boolean }) {
  const parties = walked ? crewFirst(it, view) : reachedFirst(it, view);
  const [party, setParty] = useState(parties[0]?.id ?? "");
  const [adults, setAdults] = useState("");
  const sending = useSubmit();
  async function save(event: Event) {
    event.preventDefault();
    const body = { party, adults: Number(adults) };
    const act = walked
      ? operation("rota.walked", it.id, body, it.version)
      : operation("rota.sign", it.id, body, it.version);
    if (await sending.send(t("rota.said"), act)) setAdults("");
  }
  return (
    <>
      <h4>{t(walked ? "rota.tell_walked" : "rota.sign")}</h4>
      <form class="stack" onSubmit={(event) => void save(event)}>
        <div class="cols2">
          <SelectField
            label={t("rota.party")}
            value={party}
            onValue={setParty}
            options={parties.map((each) => ({ value: each.id, name: each.name }))}
          />
          <TextField
            label={t(walked ? "rota.how_many_walked" : "rota.how_many")}
            hint={t(walked ? "rota.how_many_walked_hint" : "rota.how_many_hint")}
            type="number"
            value={adults}
            onValue={setAdults}
          />
        </div>
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || adults === "" || !party}>
            {t("rota.save")}
          </button>
        </p>
      </form>
    </>
  );
}

function CallOff({ it, view }: { it: RotaRow; view: RotaView }) {
  const [reason, setReason] = useState("");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  const unreached = it.crew.filter((each) => !isReached(view, each.party)).map((each) => each.name);
  function callOff(event: Event) {
    event.preventDefault();
    const objection = guard([reason]);
    setStopped(objection ?? "");
    if (objection) return;
    const off = operation("rota.call_off", it.id, { reason: reason.trim() }, it.version);
    void sending.send(t("rota.called_off_now"), off);
  }
  return (
    <>
      <h4>{t("rota.call_off")}</h4>
      <form class="stack" onSubmit={callOff}>
        <p>{t(it.walk ? "rota.off_tells_walk" : "rota.off_tells")}</p>
        {unreached.length > 0 && <p class="t-need">{t("rota.off_ring", { who: unreached.join(", ") })}</p>}
        <TextField
          label={t("rota.off_reason")}
          hint={t("rota.off_reason_hint")}
          value={reason}
          onValue={setReason}
          max={200}
        />
        <Problem text={stopped || sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !reason.trim()}>
            {t("rota.call_off_go")}
          </button>
        </p>
      </form>
    </>
  );
}

function History({ it }: { it: RotaRow }) {
  return (
    <>
      <h4>{t("rota.history")}</h4>
      <ul class="stack">
        {it.history.map((each) => (
          <li key={`${each.party} ${each.at}`}>
            {shortMoment(each.at)}: {each.name}{" "}
            {t(each.adults > 0 ? "rota.history_comes" : "rota.history_not", { n: each.adults })}{" "}
            <span class="quiet">{each.by}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
