import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { ActivitiesView, ActivityCount, ActivityRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, GuardedText, Problem, SelectField, TextField } from "../parts/Fields";
import { daysOf, lastMonth } from "./when";

const PARTICIPANTS = "deltagare";

/** An activity as its party told of it: new, or `before` corrected with a reason. */
export function ActivityForm({ view, before }: { view: ActivitiesView; before?: ActivityRow }) {
  const was = before?.said[0];
  const things = was?.counts.find((it) => !it.are_people);
  const people = was?.counts.find((it) => it.are_people);
  const [promise, setPromise] = useState(before?.promise ?? view.promises[0]?.id ?? "");
  const [kind, setKind] = useState(was?.kind ?? view.kinds[0]?.id ?? "");
  const [day, setDay] = useState(was?.first ?? view.today);
  const [month, setMonth] = useState(was?.first.slice(0, 7) ?? lastMonth(view.today));
  const parties = view.promises.find((it) => it.id === promise)?.parties ?? [];
  const [chosen, setParty] = useState(was?.party ?? "");
  const party = parties.some((it) => it.id === chosen) ? chosen : (parties[0]?.id ?? "");
  const [place, setPlace] = useState(was?.place_type ?? "");
  const [partners, setPartners] = useState(was?.partners.join("\n") ?? "");
  const known = view.kinds.find((it) => it.id === kind);
  const places = known?.places ?? [];
  const [n, setN] = useState(things ? String(things.n) : "");
  const [of, setOf] = useState(things?.of ? String(things.of) : "");
  const [unit, setUnit] = useState(things?.unit ?? "");
  const [took, setTook] = useState(people ? String(people.n) : "");
  const [toldBy, setToldBy] = useState(was?.told_by ?? "");
  const [toldOn, setToldOn] = useState(was?.told_on ?? view.today);
  const [may, setMay] = useState(was?.may_publish ?? false);
  const [reason, setReason] = useState("");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  const isByMonth = places.length > 0;
  function counts(): ActivityCount[] {
    const named = isByMonth ? (known?.unit ?? "") : unit || (known?.unit ?? "");
    return [
      ...(n ? [{ n: Number(n), of: of && !isByMonth ? Number(of) : null, unit: named, are_people: false }] : []),
      ...(took && !isByMonth
        ? [{ n: Number(took), of: null, unit: people?.unit ?? PARTICIPANTS, are_people: true }]
        : []),
    ];
  }
  function save(event: Event) {
    event.preventDefault();
    const objection = guard([partners, toldBy, reason]);
    setStopped(objection ?? "");
    if (objection) return;
    const body = {
      promise,
      kind,
      ...(isByMonth ? daysOf(month) : { first: day, last: day }),
      party,
      place_type: isByMonth ? place || (places[0] ?? "") : "",
      partners: partners
        .split("\n")
        .map((it) => it.trim())
        .filter(Boolean),
      counts: counts(),
      told_by: toldBy.trim(),
      told_on: toldOn,
      may_publish: may,
      reason: reason.trim(),
    };
    const done = t(before ? "activity.corrected" : "activity.saved");
    void sending.send(done, operation("activity.enter", before?.id ?? uuid7(), body, before?.version ?? null));
  }
  const isShort = !toldBy.trim() || (isByMonth && !n) || (before !== undefined && !reason.trim());
  return (
    <form class="stack" onSubmit={save}>
      {!before && (
        <SelectField
          label={t("activity.promise")}
          value={promise}
          onValue={setPromise}
          options={view.promises.map((it) => ({ value: it.id, name: `${it.agreement}: ${it.heading}` }))}
        />
      )}
      <div class="cols2">
        <SelectField
          label={t("activity.kind")}
          value={kind}
          onValue={setKind}
          options={view.kinds.map((it) => ({ value: it.id, name: it.name }))}
        />
        <SelectField
          label={t("activity.party")}
          value={party}
          onValue={setParty}
          options={parties.map((it) => ({ value: it.id, name: it.name }))}
        />
        {isByMonth ? (
          <>
            <TextField label={t("activity.month")} type="month" value={month} onValue={setMonth} />
            <SelectField
              label={t("activity.place_type")}
              value={place || (places[0] ?? "")}
              onValue={setPlace}
              options={places.map((it) => ({ value: it, name: it }))}
            />
          </>
        ) : (
          <TextField label={t("activity.day")} type="date" value={day} onValue={setDay} />
        )}
      </div>
      <div class="cols2">
        <TextField label={t("activity.n")} type="number" value={n} onValue={setN} optional={!isByMonth} />
        {!isByMonth && (
          <>
            <TextField label={t("activity.of")} type="number" value={of} onValue={setOf} optional />
            <SelectField
              label={t("activity.unit")}
              value={unit || (known?.unit ?? "")}
              onValue={setUnit}
              options={[...new Set(view.kinds.map((it) => it.unit))].map((it) => ({ value: it, name: it }))}
            />
            <TextField
              label={t("activity.people")}
              hint={t("activity.people_hint")}
              type="number"
              value={took}
              onValue={setTook}
              optional
            />
          </>
        )}
      </div>
      <GuardedText
        label={t("activity.partners")}
        hint={t("activity.partners_hint")}
        value={partners}
        onValue={setPartners}
        max={1000}
      />
      <div class="cols2">
        <TextField
          label={t("activity.told_by")}
          hint={t("activity.told_by_hint")}
          value={toldBy}
          onValue={setToldBy}
          max={80}
        />
        <TextField label={t("activity.told_on")} type="date" value={toldOn} onValue={setToldOn} />
      </div>
      <CheckField label={t("activity.may")} hint={t("activity.may_hint")} checked={may} onValue={setMay} />
      {before && <TextField label={t("activity.reason")} value={reason} onValue={setReason} max={300} />}
      <Problem text={stopped || sending.problem} />
      <p>
        <button type="submit" class="btn" disabled={sending.busy || isShort}>
          {t("activity.save")}
        </button>
      </p>
    </form>
  );
}
