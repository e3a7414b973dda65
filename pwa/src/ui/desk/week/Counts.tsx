import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { EstView, Vehicle, VehicleBand } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, SelectField, TextField } from "../parts/Fields";
import { dateIn, plainDate } from "../time/stockholm";
import { blockName, categoryName, partyName, placeName } from "./names";

/** What parties have counted: things, never people. The coordinator writes it down for them. */
export function Counts({ view }: { view: EstView }) {
  return (
    <section class="group" aria-labelledby="counts">
      <h2 id="counts">{t("week.counts")}</h2>
      {view.counts.length === 0 ? (
        <p>{t("week.no_counts")}</p>
      ) : (
        <ul class="week-list">
          {view.counts.map((it) => (
            <li key={it.id}>
              <p>
                <b>{it.n}</b> {categoryName(view, it.category)}, {placeName(view, it.place) || it.area}
                {it.evening && `, ${plainDate(it.evening)}`}
                {it.hour !== null && ` ${blockName(it.hour - (it.hour % 2))}`}
              </p>
              <p class="quiet">
                {t("week.told_by", {
                  party: partyName(view, it.party),
                  function: it.told_by,
                  day: plainDate(it.told_on),
                })}
              </p>
            </li>
          ))}
        </ul>
      )}
      {view.step !== "compiled" && <Form key={view.counts.length} view={view} />}
    </section>
  );
}

function Form({ view }: { view: EstView }) {
  const [party, setParty] = useState(view.parties.find((each) => !each.owns_tasks)?.id ?? "");
  const [toldBy, setToldBy] = useState("");
  const [category, setCategory] = useState("");
  const [place, setPlace] = useState("");
  const [area, setArea] = useState(view.areas[0] ?? "");
  const [evening, setEvening] = useState("");
  const [hour, setHour] = useState("");
  const [n, setN] = useState("");
  const [vehicles, setVehicles] = useState<readonly VehicleBand[]>([]);
  const [stretch, setStretch] = useState("");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  function send(event: Event) {
    event.preventDefault();
    const objection = guard([toldBy]);
    setStopped(objection ?? "");
    if (objection) return;
    const isOfVehicles = view.vehicle_categories.includes(category);
    const body = {
      week: view.week,
      count: uuid7(),
      party,
      told_by: toldBy.trim(),
      told_on: dateIn(new Date()),
      area: view.places.find((each) => each.id === place)?.area ?? area,
      place: place || null,
      evening: evening || null,
      hour: evening && hour ? Number(hour) : null,
      category,
      n: Number(n),
      vehicles: isOfVehicles ? [...vehicles] : [],
      stretch: isOfVehicles && !place && stretch ? stretch : null,
    };
    void sending.send(t("week.count_kept"), operation("est.count", view.id, body));
  }
  const whole = { value: "", name: t("week.not_said") };
  return (
    <details class="week-edit">
      <summary class="btn plain">{t("week.add_count")}</summary>
      <form class="stack" onSubmit={send}>
        <div class="cols2">
          <SelectField
            label={t("week.count_party")}
            value={party}
            onValue={setParty}
            options={view.parties.map((each) => ({ value: each.id, name: each.name }))}
          />
          <TextField
            label={t("week.count_by")}
            hint={t("week.function_hint")}
            value={toldBy}
            onValue={setToldBy}
            max={80}
          />
          <SelectField
            label={t("week.count_what")}
            value={category}
            onValue={setCategory}
            options={[
              { value: "", name: t("week.choose") },
              ...view.categories.map((each) => ({ value: each.code, name: each.name })),
            ]}
          />
          <TextField label={t("week.count_n")} hint={t("week.count_n_hint")} type="number" value={n} onValue={setN} />
          <SelectField
            label={t("week.place")}
            value={place}
            onValue={setPlace}
            options={[whole, ...view.places.map((each) => ({ value: each.id, name: each.name }))]}
          />
          {!place && (
            <SelectField
              label={t("week.area")}
              value={area}
              onValue={setArea}
              options={view.areas.map((each) => ({ value: each, name: each }))}
            />
          )}
          <SelectField
            label={t("week.evening")}
            value={evening}
            onValue={setEvening}
            options={[whole, ...view.picture.evenings.map((each) => ({ value: each, name: plainDate(each) }))]}
          />
          {evening && (
            <SelectField
              label={t("week.hour")}
              value={hour}
              onValue={setHour}
              options={[whole, ...Array.from({ length: 12 }, (_, i) => i * 2).map(hourOption)]}
            />
          )}
          {view.vehicle_categories.includes(category) && !place && view.stretches.length > 0 && (
            <SelectField
              label={t("vehicles.stretch")}
              value={stretch}
              onValue={setStretch}
              options={[whole, ...view.stretches.map((each) => ({ value: each.id, name: each.name }))]}
            />
          )}
        </div>
        {view.vehicle_categories.includes(category) && <WhichVehicles chosen={vehicles} onChosen={setVehicles} />}
        <Problem text={stopped || sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !toldBy.trim() || !category || n === ""}>
            {t("week.keep_count")}
          </button>
        </p>
      </form>
    </details>
  );
}

const hourOption = (from: number) => ({ value: String(from), name: blockName(from) });

const VEHICLES: readonly Vehicle[] = ["a_tractor", "moped", "car", "motorcycle", "other"];
const BANDS: readonly VehicleBand["band"][] = ["1-5", "6-15", "16-30", "31+"];

/** About how many of each kind were there at once. Never a plate, never who. */
function WhichVehicles({
  chosen,
  onChosen,
}: {
  chosen: readonly VehicleBand[];
  onChosen: (now: readonly VehicleBand[]) => void;
}) {
  const set = (vehicle: Vehicle, band: string) => {
    const others = chosen.filter((it) => it.vehicle !== vehicle);
    const known = BANDS.find((each) => each === band);
    onChosen(known ? [...others, { vehicle, band: known }] : others);
  };
  return (
    <fieldset class="stack">
      <legend>{t("vehicles.ask")}</legend>
      <p class="quiet">{t("vehicles.ask_hint")}</p>
      <div class="cols2">
        {VEHICLES.map((vehicle) => (
          <SelectField
            key={vehicle}
            label={t(`vehicles.of.${vehicle}`)}
            value={chosen.find((it) => it.vehicle === vehicle)?.band ?? ""}
            onValue={(band) => set(vehicle, band)}
            options={[
              { value: "", name: t("vehicles.not_said") },
              ...BANDS.map((band) => ({ value: band, name: band.replace("-", "–") })),
            ]}
          />
        ))}
      </div>
    </fieldset>
  );
}
