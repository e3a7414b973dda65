import { icons } from "virtual:icons?x";
import { useState } from "preact/hooks";
import type { EstPlace, EstView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, SelectField } from "../parts/Fields";
import { plainDate } from "../time/stockholm";
import { blockName, partyName, placeName } from "./names";

/** Where to be the coming week: place, evening, hours and who. */
export function NextPlaces({ view }: { view: EstView }) {
  const sending = useSubmit();
  function keep(places: EstPlace[]) {
    return sending.send(
      t("week.places_kept"),
      operation("est.next", view.id, { week: view.week, places }, view.version),
    );
  }
  return (
    <section class="group" aria-labelledby="next-places">
      <h2 id="next-places">{t("week.next_places")}</h2>
      {view.next_places.length === 0 && <p>{t("week.no_places")}</p>}
      <ul class="week-list">
        {view.next_places.map((it, i) => (
          <li key={`${it.place} ${it.evening} ${it.from_hour}`}>
            <div class="spread">
              <p>
                <b>{placeName(view, it.place)}</b>, {plainDate(it.evening)}{" "}
                {blockName(it.from_hour, (it.to_hour - it.from_hour + 24) % 24)}
              </p>
              <button
                type="button"
                class="btn square week-edit"
                disabled={sending.busy}
                aria-label={t("week.drop_place", { place: placeName(view, it.place), day: plainDate(it.evening) })}
                onClick={() => void keep(view.next_places.filter((_, n) => n !== i))}
              >
                <Icon drawing={icons.x ?? ""} />
              </button>
            </div>
            <p class="quiet">
              {partyName(view, it.owner)}. {it.why}
            </p>
          </li>
        ))}
      </ul>
      <Problem text={sending.problem} />
      <Form key={view.next_places.length} view={view} busy={sending.busy} keep={keep} />
    </section>
  );
}

function Form({ view, busy, keep }: { view: EstView; busy: boolean; keep: (places: EstPlace[]) => Promise<boolean> }) {
  const [place, setPlace] = useState("");
  const [evening, setEvening] = useState(view.next_evenings[4] ?? "");
  const [from, setFrom] = useState("20");
  const [to, setTo] = useState("22");
  const [owner, setOwner] = useState("");
  const [why, setWhy] = useState("");
  const [stopped, setStopped] = useState("");
  const guard = useGuard();
  function send(event: Event) {
    event.preventDefault();
    const objection = guard([why]);
    setStopped(objection ?? "");
    if (objection) return;
    const one = { place, evening, from_hour: Number(from), to_hour: Number(to), owner, why: why.trim() };
    void keep([...view.next_places, one]);
  }
  const choose = { value: "", name: t("week.choose") };
  return (
    <details class="week-edit">
      <summary class="btn plain">{t("week.add_place")}</summary>
      <form class="stack" onSubmit={send}>
        <div class="cols2">
          <SelectField
            label={t("week.place")}
            value={place}
            onValue={setPlace}
            options={[choose, ...view.places.map((each) => ({ value: each.id, name: each.name }))]}
          />
          <SelectField
            label={t("week.evening")}
            value={evening}
            onValue={setEvening}
            options={view.next_evenings.map((each) => ({ value: each, name: plainDate(each) }))}
          />
          <SelectField label={t("week.from")} value={from} onValue={setFrom} options={HOURS} />
          <SelectField label={t("week.to")} value={to} onValue={setTo} options={HOURS} />
          <SelectField
            label={t("week.who_goes")}
            value={owner}
            onValue={setOwner}
            options={[choose, ...view.parties.map((each) => ({ value: each.id, name: each.name }))]}
          />
        </div>
        <GuardedText label={t("week.why_there")} value={why} onValue={setWhy} max={300} />
        <Problem text={stopped} />
        <p>
          <button type="submit" class="btn" disabled={busy || !place || !owner || !evening}>
            {t("week.keep_place")}
          </button>
        </p>
      </form>
    </details>
  );
}

const HOURS = Array.from({ length: 24 }, (_, i) => ({ value: String(i), name: `${String(i).padStart(2, "0")}.00` }));
