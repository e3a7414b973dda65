import { icons } from "virtual:icons?arrow-up,arrow-down,trash-2";
import type { MunicipalityState, StopBody } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { moved, numbered } from "./draft";

interface StopListProps {
  stops: StopBody[];
  municipality: MunicipalityState;
  chosen: string | null;
  onChoose: (id: string) => void;
  onStops: (stops: StopBody[]) => void;
}

/** The stops in walking order. The chosen one can be moved, renamed, given another checklist, or taken away. */
export function StopList({ stops, municipality, chosen, onChoose, onStops }: StopListProps) {
  const change = (id: string, part: Partial<StopBody>) =>
    onStops(stops.map((stop) => (stop.id === id ? { ...stop, ...part } : stop)));
  return (
    <ol class="st">
      {stops.map((stop, i) => (
        <li key={stop.id} class={stop.id === chosen ? "on" : ""}>
          <b>{i + 1}</b>
          <button type="button" class="stop-name" aria-expanded={stop.id === chosen} onClick={() => onChoose(stop.id)}>
            {stop.name}
          </button>
          <em>{templateName(stop.template, municipality)}</em>
          {stop.id === chosen && (
            <div class="stop-tools">
              <StopTools
                stop={stop}
                index={i}
                last={i === stops.length - 1}
                onMove={(by) => onStops(moved(stops, i, by))}
                onDrop={() => onStops(numbered(stops.filter((other) => other.id !== stop.id)))}
              />
              <label>
                <span class="field-label">{t("plan.stop_name")}</span>
                <input
                  class="input"
                  value={stop.name}
                  maxLength={80}
                  onInput={(event) => change(stop.id, { name: event.currentTarget.value })}
                />
              </label>
              <label>
                <span class="field-label">{t("plan.template")}</span>
                <select
                  class="input"
                  value={stop.template}
                  onChange={(event) => change(stop.id, { template: event.currentTarget.value })}
                >
                  {municipality.templates.map((template) => (
                    <option key={template.id} value={template.id} selected={template.id === stop.template}>
                      {template.name}
                    </option>
                  ))}
                </select>
              </label>
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

function templateName(id: string, municipality: MunicipalityState): string {
  return municipality.templates.find((template) => template.id === id)?.name ?? "";
}

interface ToolsProps {
  stop: StopBody;
  index: number;
  last: boolean;
  onMove: (by: -1 | 1) => void;
  onDrop: () => void;
}

function StopTools({ stop, index, last, onMove, onDrop }: ToolsProps) {
  return (
    <span class="acts">
      <button
        type="button"
        class="btn square"
        disabled={index === 0}
        aria-label={t("plan.up", { name: stop.name })}
        onClick={() => onMove(-1)}
      >
        <Icon drawing={icons["arrow-up"] ?? ""} />
      </button>
      <button
        type="button"
        class="btn square"
        disabled={last}
        aria-label={t("plan.down", { name: stop.name })}
        onClick={() => onMove(1)}
      >
        <Icon drawing={icons["arrow-down"] ?? ""} />
      </button>
      <button type="button" class="btn" onClick={onDrop}>
        <Icon drawing={icons["trash-2"] ?? ""} />
        {t("plan.drop")}
      </button>
    </span>
  );
}
