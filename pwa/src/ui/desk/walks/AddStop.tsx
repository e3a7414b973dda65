import { icons } from "virtual:icons?plus";
import { useState } from "preact/hooks";
import type { MunicipalityState } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { SelectField, TextField } from "../parts/Fields";
import { coordinates, type NewStop } from "./draft";

interface AddStopProps {
  municipality: MunicipalityState;
  used: ReadonlySet<string>;
  /** Where the map was pressed, as text; typing replaces it. */
  position: string;
  onPosition: (text: string) => void;
  onAdd: (stop: NewStop) => void;
}

/** A stop from the municipality's own places, or named by hand with a position from the map or the keyboard. */
export function AddStop({ municipality, used, position, onPosition, onAdd }: AddStopProps) {
  const [place, setPlace] = useState("");
  const [name, setName] = useState("");
  const [type, setType] = useState(municipality.templates[0]?.place_type ?? "");
  const [wrong, setWrong] = useState<{ name?: string; position?: string }>({});
  const free = municipality.places.filter((p) => !used.has(p.id));

  function addPlace() {
    const found = municipality.places.find((p) => p.id === place);
    if (!found) return;
    const { id, name: placeName, place_type, lat, lon } = found;
    onAdd({ name: placeName, place: id, place_type, lat, lon });
    setPlace("");
  }
  function addOwn() {
    const at = coordinates(position);
    const missing = {
      ...(name.trim() ? {} : { name: t("plan.error.stop_name") }),
      ...(at ? {} : { position: t("plan.error.position") }),
    };
    setWrong(missing);
    if (!at || missing.name) return;
    onAdd({ name: name.trim(), place: null, place_type: type, ...at });
    setName("");
    onPosition("");
  }

  return (
    <div class="addstop stack">
      <div class="joined">
        <SelectField
          label={t("plan.from_places")}
          value={place}
          onValue={setPlace}
          options={[
            { value: "", name: t("plan.choose_place") },
            ...free.map((p) => ({ value: p.id, name: `${p.name}, ${p.area}` })),
          ]}
        />
        <button type="button" class="btn" disabled={!place} onClick={addPlace}>
          <Icon drawing={icons.plus ?? ""} />
          {t("plan.add")}
        </button>
      </div>
      <details open={position !== ""}>
        <summary class="btn plain">{t("plan.other_place")}</summary>
        <div class="stack">
          <TextField
            label={t("plan.stop_name")}
            value={name}
            onValue={setName}
            max={80}
            {...(wrong.name ? { error: wrong.name } : {})}
          />
          <TextField
            label={t("plan.position")}
            hint={t("plan.position_hint")}
            value={position}
            onValue={onPosition}
            {...(wrong.position ? { error: wrong.position } : {})}
          />
          <SelectField
            label={t("plan.place_type")}
            value={type}
            onValue={setType}
            options={municipality.templates.map((template) => ({ value: template.place_type, name: template.name }))}
          />
          <button type="button" class="btn" onClick={addOwn}>
            <Icon drawing={icons.plus ?? ""} />
            {t("plan.add_stop")}
          </button>
        </div>
      </details>
    </div>
  );
}
