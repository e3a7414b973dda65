import type { RulesData } from "../../../domain/wire";
import { t } from "../../parts/words";
import { plainDate } from "../time/stockholm";
import { type Known, nameIn } from "./draft";
import { EditLimit, EditOrder, EditSwitchOff, Several } from "./TableForms";
import { TableRows } from "./TableRows";

export type Limit = RulesData["limits"][number];
export type Order = RulesData["precedence"][number];
export type SwitchOff = RulesData["switch_offs"][number];

interface Sentences {
  limit: (row: Limit) => string;
  order: (row: Order) => string;
  switchOff: (row: SwitchOff) => string;
}

/** Each row of the tables as the sentence that the coordinator reads. */
function sentences({ municipality, choices }: Known): Sentences {
  const categories = municipality.categories.map(({ code, name }) => ({ id: code, name }));
  const all = (parts: readonly string[]) => parts.filter(Boolean).join(", ") || t("rules.all_things");
  const named = (ids: readonly string[], among: readonly { id: string; name: string }[]) =>
    ids.map((id) => nameIn(among, id)).join(", ");
  return {
    limit: (row) =>
      t("rules.limit", {
        what: all([named(row.categories, categories), named(row.tiles, municipality.tiles)]),
        n: row.days,
        order: row.priorities.map((n) => t(`priority.${n}`).toLowerCase()).join(", ") || t("rules.any"),
      }),
    order: (row) => {
      const lamps = row.dark_lamps > 0 ? t("rules.lamps_in_row", { n: row.dark_lamps }) : "";
      const severe = row.severities.map((n) => t(`severity.${n}`)).join(", ");
      const when = all([
        named(row.tiles, municipality.tiles),
        named(row.place_types, choices.place_types),
        severe,
        lamps,
      ]);
      return t("rules.order", { because: row.because, when, order: t(`priority.${row.priority}`).toLowerCase() });
    },
    switchOff: (row) =>
      t("rules.switch_off", {
        where: row.areas.join(", ") || municipality.name,
        first: yearly(row.first),
        last: yearly(row.last),
        hours: row.starts ? t("rules.hours", { from: dotted(row.starts), to: dotted(row.ends) }) : t("rules.all_night"),
        because: row.because,
      }),
  };
}

/** The municipality's own, and those that the order we came with names. */
function placeTypes(own: readonly { id: string; name: string }[]): { id: string; name: string }[] {
  const ours = [
    { id: "overgangsstalle", name: t("rules.place.crossing") },
    { id: "korsning", name: t("rules.place.junction") },
    { id: "forskola", name: t("rules.place.preschool") },
  ];
  return [...own, ...ours.filter(({ id }) => !own.some((it) => it.id === id))];
}

/** A day of every year: "15 maj". A leap year, so that every day is one. */
const yearly = (day: string) => plainDate(`2028-${day}`);
const dotted = (hour: string) => hour.replace(":", ".");

interface TablesProps extends Known {
  rules: RulesData;
  /** Given while a draft is written: the tables as they should be, and what to say when they are kept. */
  edit?: { busy: boolean; onKeep: (changes: Partial<RulesData>, said: string) => Promise<boolean> };
}

/** Times, order and lamps that are off on purpose. They hold together with the rules: one book, one trial, one way back. */
export function Tables({ rules, edit, municipality: place, choices }: TablesProps) {
  const known = { municipality: place, choices: { ...choices, place_types: placeTypes(choices.place_types) } };
  const { municipality } = known;
  const say = sentences(known);
  const categories = municipality.categories
    .filter(({ kind }) => kind === "F" || kind === "M")
    .map(({ code, name }) => ({ id: code, name }));
  const keep = (changes: Partial<RulesData>) => edit?.onKeep(changes, t("rules.table_kept")) ?? Promise.resolve(false);
  const busy = edit?.busy ?? false;
  return (
    <details>
      <summary>{t("rules.tables")}</summary>
      <div class="stack">
        <TableRows<Limit>
          title={t("rules.limits")}
          about={t("rules.limits_about")}
          rows={rules.limits}
          sentence={say.limit}
          last={t("rules.limit_else")}
          empty={{ categories: [], tiles: [], priorities: [], days: 10 }}
          form={(row, set) => <EditLimit row={row} set={set} categories={categories} tiles={municipality.tiles} />}
          {...(edit ? { edit: { busy, onRows: (limits) => keep({ limits }) } } : {})}
        />
        <TableRows<Order>
          title={t("rules.precedence")}
          about={t("rules.precedence_about")}
          rows={rules.precedence}
          sentence={say.order}
          last={t("rules.order_else")}
          empty={{ tiles: [], place_types: [], severities: [], dark_lamps: 0, priority: 1, because: "" }}
          form={(row, set) => <EditOrder row={row} set={set} {...known} />}
          {...(edit ? { edit: { busy, onRows: (precedence) => keep({ precedence }) } } : {})}
        />
        <TableRows<SwitchOff>
          title={t("rules.switch_offs")}
          about={t("rules.switch_offs_about")}
          rows={rules.switch_offs}
          sentence={say.switchOff}
          last={rules.switch_offs.length === 0 ? t("rules.no_switch_offs") : ""}
          empty={{ areas: [], first: "05-15", last: "07-31", starts: "", ends: "", because: "" }}
          form={(row, set) => <EditSwitchOff row={row} set={set} areas={municipality.areas} />}
          {...(edit ? { edit: { busy, onRows: (switch_offs) => keep({ switch_offs }) } } : {})}
        />
        {edit && (
          <section class="stack">
            <h3>{t("rules.lamps")}</h3>
            <Several
              label={t("rules.categories")}
              named={categories}
              chosen={rules.lamps}
              busy={busy}
              onChosen={(lamps) => void keep({ lamps })}
            />
          </section>
        )}
      </div>
    </details>
  );
}
