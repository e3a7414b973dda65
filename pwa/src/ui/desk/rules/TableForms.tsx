import { t } from "../../parts/words";
import { CheckField, GuardedText, SelectField, TextField } from "../parts/Fields";
import type { Known } from "./draft";
import type { Limit, Order, SwitchOff } from "./Tables";

type Named = readonly { id: string; name: string }[];

interface RowProps<T> {
  row: T;
  set: (changes: Partial<T>) => void;
}

const whole = (text: string) => Math.max(0, Math.round(Number(text) || 0));

/** How many working days, for what and how urgent. */
export function EditLimit({ row, set, categories, tiles }: RowProps<Limit> & { categories: Named; tiles: Named }) {
  return (
    <>
      <Several label={t("rules.tiles")} named={tiles} chosen={row.tiles} onChosen={(it) => set({ tiles: it })} />
      <Several
        label={t("rules.categories")}
        named={categories}
        chosen={row.categories}
        onChosen={(it) => set({ categories: it })}
      />
      <Several
        label={t("rules.how_urgent")}
        named={[1, 2, 3].map((n) => ({ id: `${n}`, name: t(`priority.${n}`) }))}
        chosen={row.priorities.map(String)}
        onChosen={(it) => set({ priorities: it.map(Number) })}
      />
      <TextField
        label={t("rules.days")}
        hint={t("rules.days_zero")}
        type="number"
        value={`${row.days}`}
        onValue={(days) => set({ days: whole(days) })}
      />
    </>
  );
}

/** What goes first, and the reason that everybody reads. */
export function EditOrder({ row, set, municipality, choices }: RowProps<Order> & Known) {
  return (
    <>
      <Several
        label={t("rules.tiles")}
        named={municipality.tiles}
        chosen={row.tiles}
        onChosen={(tiles) => set({ tiles })}
      />
      <Several
        label={t("rules.place_types")}
        named={choices.place_types}
        chosen={row.place_types}
        onChosen={(place_types) => set({ place_types })}
      />
      <Several
        label={t("rules.severities")}
        named={[0, 1, 2, 3].map((n) => ({ id: `${n}`, name: t(`severity.${n}`) }))}
        chosen={row.severities.map(String)}
        onChosen={(it) => set({ severities: it.map(Number) })}
      />
      <TextField
        label={t("rules.dark_lamps")}
        hint={t("rules.dark_lamps_hint")}
        type="number"
        value={row.dark_lamps > 0 ? `${row.dark_lamps}` : ""}
        onValue={(n) => set({ dark_lamps: whole(n) })}
        optional
      />
      <SelectField
        label={t("task.priority")}
        value={`${row.priority}`}
        onValue={(n) => set({ priority: Number(n) })}
        options={[1, 2, 3].map((n) => ({ value: `${n}`, name: t(`priority.${n}`) }))}
      />
      <GuardedText
        label={t("rules.order_because")}
        hint={t("rules.because_hint")}
        value={row.because}
        max={200}
        onValue={(because) => set({ because })}
      />
    </>
  );
}

/** When and where lamps are off on purpose, each year. */
export function EditSwitchOff({ row, set, areas }: RowProps<SwitchOff> & { areas: readonly string[] }) {
  return (
    <>
      <Several
        label={t("rules.areas")}
        named={areas.map((name) => ({ id: name, name }))}
        chosen={row.areas}
        onChosen={(it) => set({ areas: it })}
      />
      <div class="cols2">
        <TextField
          label={t("rules.first_day")}
          hint={t("rules.day_hint")}
          value={row.first}
          max={5}
          onValue={(first) => set({ first: first.trim() })}
        />
        <TextField
          label={t("rules.last_day")}
          hint={t("rules.day_hint")}
          value={row.last}
          max={5}
          onValue={(last) => set({ last: last.trim() })}
        />
        <TextField
          label={t("rules.starts")}
          hint={t("rules.night_hint")}
          type="time"
          value={row.starts}
          onValue={(starts) => set({ starts })}
          optional
        />
        <TextField
          label={t("rules.ends")}
          hint={t("rules.night_hint")}
          type="time"
          value={row.ends}
          onValue={(ends) => set({ ends })}
          optional
        />
      </div>
      <GuardedText
        label={t("rules.off_because")}
        hint={t("rules.because_hint")}
        value={row.because}
        max={200}
        onValue={(because) => set({ because })}
      />
    </>
  );
}

interface SeveralProps {
  label: string;
  named: Named;
  chosen: readonly string[];
  onChosen: (ids: string[]) => void;
  /** While what was chosen is kept: another choice would be made of what stood there before. */
  busy?: boolean;
}

/** Any number of choices, folded away until one is wanted; the summary says which are chosen. */
export function Several({ label, named, chosen, onChosen, busy = false }: SeveralProps) {
  const gone = chosen.filter((id) => !named.some((it) => it.id === id)).map((id) => ({ id, name: id }));
  const names = [...named, ...gone].filter((it) => chosen.includes(it.id)).map((it) => it.name);
  return (
    <details class="several">
      <summary>
        {label}: <span class={names.length > 0 ? "" : "quiet"}>{names.join(", ") || t("rules.any")}</span>
      </summary>
      <div class="ticks">
        {[...named, ...gone].map(({ id, name }) => (
          <CheckField
            key={id}
            label={name}
            checked={chosen.includes(id)}
            disabled={busy}
            onValue={(on) => onChosen(on ? [...chosen, id] : chosen.filter((other) => other !== id))}
          />
        ))}
      </div>
    </details>
  );
}
