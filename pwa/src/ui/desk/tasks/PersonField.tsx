import type { Colleague } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { me } from "../data/session";
import { SelectField, TextField } from "../parts/Fields";

/** Whom the unit gives it to: one of its own, or words ("") for a team or somebody who does not sign in. */
export interface Given {
  person: string;
  assignee: string;
}

/** Myself, until somebody else is chosen. */
export function myself(): Given {
  const user = me.value?.user;
  return { person: user?.function ?? "", assignee: user && user.role !== "coordinator" ? user.id : "" };
}

const OTHER = "other";

interface PersonProps {
  given: Given;
  onGiven: (given: Given) => void;
  error?: string;
}

export function PersonField({ given, onGiven, error }: PersonProps) {
  const user = me.value?.user;
  const own = user?.id ?? "";
  // A coordinator stands in for a party that does not sign in: nobody to choose among.
  const found = useLoad<{ colleagues: Colleague[] }>(user?.role === "coordinator" ? null : "/api/colleagues");
  const here = user && user.role !== "coordinator" && !found.trouble ? [user] : [];
  const colleagues = [...(found.data?.colleagues ?? here)].sort(
    (a, b) => Number(b.id === own) - Number(a.id === own) || a.function.localeCompare(b.function, "sv"),
  );
  const chosen = colleagues.some(({ id }) => id === given.assignee) ? given.assignee : OTHER;
  const choose = (id: string) => {
    const one = colleagues.find((it) => it.id === id);
    onGiven(one ? { person: one.function, assignee: one.id } : { person: "", assignee: "" });
  };
  return (
    <>
      {colleagues.length > 0 && (
        <SelectField
          label={t("field.person")}
          value={chosen}
          onValue={choose}
          options={[
            ...colleagues.map((it) => ({ value: it.id, name: nameOf(it, colleagues, own) })),
            { value: OTHER, name: t("person.other") },
          ]}
        />
      )}
      {chosen === OTHER && (
        <TextField
          label={t(colleagues.length > 0 ? "person.words" : "field.person")}
          max={80}
          value={given.person}
          onValue={(person) => onGiven({ person, assignee: "" })}
          {...(error ? { error } : {})}
        />
      )}
    </>
  );
}

/** Functions, not names; where two have the same one, by what they sign in with. */
function nameOf(one: Colleague, all: readonly Colleague[], own: string): string {
  const isAlone = all.filter((it) => it.function === one.function).length === 1;
  const name = isAlone ? one.function : `${one.function} (${one.login})`;
  return one.id === own ? t("person.me", { name }) : name;
}
