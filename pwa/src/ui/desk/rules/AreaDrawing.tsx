import { useState } from "preact/hooks";
import type { MunicipalityState } from "../../../domain/wire";
import { t } from "../../parts/words";
import { Field, SelectField } from "../parts/Fields";
import { MapDrawing } from "../parts/MapDrawing";
import { lengthOf, type Point } from "../parts/projection";
import { corners, cornerText } from "./draft";

interface AreaProps {
  municipality: MunicipalityState;
  text: string;
  onText: (text: string) => void;
  error?: string;
}

/** An area by pressing its corners in order; the same corners as text, which can be typed and pasted instead. */
export function AreaDrawing({ municipality, text, onText, error }: AreaProps) {
  const points = corners(text) ?? [];
  const [town, setTown] = useState(() => townOf(municipality, points[0]));
  const marks = points.map((at, n) => ({ ...at, id: `${n}`, number: `${n + 1}`, name: "" }));
  return (
    <div class="stack">
      <SelectField
        label={t("rules.show_town")}
        value={town}
        onValue={setTown}
        options={municipality.areas.map((name) => ({ value: name, name }))}
      />
      <div class="map-frame">
        <MapDrawing
          label={t("rules.area_map", { n: points.length })}
          marks={marks}
          places={municipality.places.filter((place) => place.area === town)}
          route
          {...(points.length > 2 ? { area: points } : {})}
          onPick={(at) => onText(cornerText([...points, at]))}
        />
      </div>
      <p class="acts">
        <button
          type="button"
          class="btn"
          disabled={points.length === 0}
          onClick={() => onText(cornerText(points.slice(0, -1)))}
        >
          {t("rules.last_corner")}
        </button>
        <button type="button" class="btn" disabled={text === ""} onClick={() => onText("")}>
          {t("rules.no_area")}
        </button>
      </p>
      <Field label={t("rules.corners")} hint={t("rules.corners_hint")} {...(error ? { error } : {})}>
        {(at) => (
          <textarea
            {...at}
            class="input area"
            rows={5}
            value={text}
            spellcheck={false}
            onInput={(event) => onText(event.currentTarget.value)}
          />
        )}
      </Field>
    </div>
  );
}

/** The town of the place nearest to this corner; the first one when nothing is drawn. */
function townOf(municipality: MunicipalityState, corner?: Point): string {
  const away = (place: Point) => (corner ? lengthOf([place, corner]) : 0);
  const nearest = [...municipality.places].sort((a, b) => away(a) - away(b))[0];
  return nearest?.area ?? municipality.areas[0] ?? "";
}
