import { icons } from "virtual:icons?x,sliders-horizontal,user-check";
import { useState } from "preact/hooks";
import type { MunicipalityState, TaskCounts, WalkRow } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { me } from "../data/session";
import { Search } from "../parts/Search";
import { query, setQuery } from "../router";
import { isBare, PARTS, type Part, WORDS, wholeCount } from "./filter";
import { ownersOf } from "./owners";

interface FiltersProps {
  counted: TaskCounts | null;
  municipality: MunicipalityState | null;
  search: { current: HTMLInputElement | null };
}

const STEP = { replace: false };
const choose = (part: Part, value: string) => setQuery({ [part]: value }, STEP);

/** Shows everything that is open, whatever was chosen; the view stays. */
export function clearAll(): void {
  setQuery({ ...Object.fromEntries(PARTS.map((part) => [part, ""])), status: "open" }, STEP);
}

/** Every way to narrow the list, as plain controls. How many each would give stands beside it. */
export function Filters({ counted, municipality, search }: FiltersProps) {
  const coordinator = me.value?.user.role === "coordinator";
  const walks = useLoad<{ walks: WalkRow[] }>(coordinator ? "/api/walks" : null);
  const more: Part[] = ["omrade", "strak", "plats", "bradska", "vandring"];
  const status = query.value.get("status") ?? "open";
  const counts = counted?.counts ?? {};
  const [open, setOpen] = useState(more.some((part) => query.value.has(part)));
  const walk = walks.data?.walks.map((one) => ({ value: one.id, name: one.name })) ?? [];
  return (
    <search class="filters">
      <Choice
        part="status"
        label={t("tasks.status")}
        value={status}
        options={["open", "late", "doubted", ...WORDS, "all"].map((word) => ({
          value: word,
          name: `${t(`tasks.filter.${word}`)} (${wholeCount(word, counts)})`,
        }))}
      />
      <Choice
        part="typ"
        label={t("tasks.tile")}
        any={t("tasks.any_tile")}
        options={(municipality?.tiles ?? []).map((tile) => ({
          value: tile.id,
          name: numbered(tile.name, counted?.tile[tile.id]),
        }))}
      />
      {coordinator && (
        <Choice
          part="enhet"
          label={t("task.department")}
          any={t("tasks.all_units")}
          options={ownersOf(municipality?.departments ?? []).map((unit) => ({ value: unit.id, name: unit.name }))}
        />
      )}
      {!coordinator && (
        <button
          type="button"
          class={`btn${query.value.get("mina") ? " on" : ""}`}
          aria-pressed={query.value.get("mina") === "1"}
          onClick={() => choose("mina", query.value.get("mina") ? "" : "1")}
        >
          <Icon drawing={icons["user-check"] ?? ""} />
          {t("tasks.mine")}
        </button>
      )}
      <Search label={t("tasks.search")} field={search} />
      <button type="button" class="btn" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon drawing={icons["sliders-horizontal"] ?? ""} />
        {t("tasks.more_filters")}
      </button>
      {!isBare(query.value) && (
        <button type="button" class="btn" onClick={clearAll}>
          <Icon drawing={icons.x ?? ""} />
          {t("tasks.clear_all")}
        </button>
      )}
      {open && (
        <>
          <Choice
            part="omrade"
            label={t("tasks.area")}
            any={t("tasks.any_area")}
            options={(municipality?.areas ?? []).map((area) => ({ value: area, name: area }))}
          />
          {(municipality?.stretches ?? []).length > 0 && (
            <Choice
              part="strak"
              label={t("tasks.stretch")}
              any={t("tasks.any_stretch")}
              options={(municipality?.stretches ?? []).map((one) => ({ value: one.id, name: one.name }))}
            />
          )}
          <Choice
            part="plats"
            label={t("tasks.street")}
            any={t("tasks.any_street")}
            options={withChosen(
              Object.entries(counted?.place ?? {}).map(([place, n]) => ({ value: place, name: numbered(place, n) })),
              query.value.get("plats"),
            )}
          />
          <Choice
            part="bradska"
            label={t("task.priority")}
            any={t("tasks.any_priority")}
            options={(["1", "2", "3"] as const).map((one) => ({
              value: one,
              name: numbered(t(`priority.${one}`), counted?.priority[one]),
            }))}
          />
          {(coordinator || query.value.has("vandring")) && (
            <Choice
              part="vandring"
              label={t("tasks.walk")}
              any={t("tasks.any_walk")}
              options={withChosen(walk, query.value.get("vandring"), t("tasks.one_walk"))}
            />
          )}
        </>
      )}
    </search>
  );
}

interface Option {
  value: string;
  name: string;
}

const numbered = (name: string, n: number | undefined) => (n === undefined ? `${name} (0)` : `${name} (${n})`);

/** What the address names is always among the choices, also when nothing is there. */
function withChosen(options: Option[], chosen: string | null, name = chosen ?? ""): Option[] {
  if (!chosen || options.some((option) => option.value === chosen)) return options;
  return [{ value: chosen, name }, ...options];
}

interface ChoiceProps {
  part: Part;
  label: string;
  any?: string;
  value?: string;
  options: Option[];
}

function Choice({ part, label, any, value = query.value.get(part) ?? "", options }: ChoiceProps) {
  return (
    <label>
      <span class="sr">{label}</span>
      <select
        class={`input${any && value ? " on" : ""}`}
        value={value}
        onChange={(event) => choose(part, event.currentTarget.value)}
      >
        {any && <option value="">{any}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.name}
          </option>
        ))}
      </select>
    </label>
  );
}
