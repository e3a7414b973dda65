import { icons } from "virtual:icons?bookmark,trash-2";
import { useEffect, useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { SavedFilter } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { me } from "../data/session";
import { useSubmit } from "../data/useSubmit";
import { CheckField, Problem, TextField } from "../parts/Fields";
import { go, query } from "../router";
import { worthKeeping } from "./filter";

/** One's own first choice goes before the unit's. */
export function firstOf(filters: readonly SavedFilter[]): SavedFilter | null {
  const firsts = filters.filter((one) => one.first);
  return firsts.find((one) => one.mine && !one.shared) ?? firsts.find((one) => one.shared) ?? null;
}

/** Filters kept at the server under a name: the same on every machine this person signs in at. */
export function Saved() {
  const found = useLoad<{ filters: SavedFilter[] }>("/api/filters");
  const filters = found.data?.filters ?? [];
  const now = worthKeeping(query.value);
  const current = filters.find((one) => one.query === now) ?? null;
  const [open, setOpen] = useState(false);

  // Whoever opens the bare list gets the first choice; an address that says something is never changed.
  useEffect(() => {
    const first = firstOf(filters);
    if (found.data && first && [...query.value.keys()].length === 0) go(`/atgarder?${first.query}`, { replace: true });
  }, [found.data]);

  if (!found.data) return null;
  return (
    <div class="saved">
      {filters.length > 0 && (
        <label>
          <span class="sr">{t("saved.label")}</span>
          <select
            class="input"
            value={current?.id ?? ""}
            onChange={(event) => {
              const chosen = filters.find((one) => one.id === event.currentTarget.value);
              if (chosen) go(`/atgarder?${chosen.query || "status=open"}`);
            }}
          >
            <option value="">{t("saved.choose")}</option>
            {filters.map((one) => (
              <option key={one.id} value={one.id} selected={one.id === current?.id}>
                {one.name}
                {one.shared ? ` ${t("saved.units")}` : ""}
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon drawing={icons.bookmark ?? ""} />
        {t(current?.mine ? "saved.change" : "saved.save")}
      </button>
      {open && <SaveForm current={current?.mine ? current : null} query={now} onDone={() => setOpen(false)} />}
    </div>
  );
}

function SaveForm({
  current,
  query: kept,
  onDone,
}: {
  current: SavedFilter | null;
  query: string;
  onDone: () => void;
}) {
  const [name, setName] = useState(current?.name ?? "");
  const [first, setFirst] = useState(current?.first ?? false);
  const [shared, setShared] = useState(current?.shared ?? false);
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  const role = me.value?.user.role;
  async function save(event: Event) {
    event.preventDefault();
    const objection = guard([name]);
    setStopped(objection ?? (name.trim() ? "" : t("saved.name_missing")));
    if (objection || !name.trim()) return;
    const made = operation("filter.save", current?.id ?? uuid7(), { name: name.trim(), query: kept, first, shared });
    if (await sending.send(t("saved.done"), made)) onDone();
  }
  async function forget() {
    if (current && (await sending.send(t("saved.forgotten"), operation("filter.forget", current.id, {})))) onDone();
  }
  return (
    <form class="box stack save-form" onSubmit={save}>
      <TextField label={t("saved.name")} value={name} onValue={setName} max={60} />
      <CheckField label={t("saved.first")} checked={first} onValue={setFirst} />
      {(role === "department_head" || role === "coordinator") && (
        <CheckField label={t("saved.shared")} checked={shared} onValue={setShared} />
      )}
      <Problem text={stopped || sending.problem} />
      <p class="acts">
        <button type="submit" class="btn go" disabled={sending.busy}>
          {t("saved.keep")}
        </button>
        {current && (
          <button type="button" class="btn" disabled={sending.busy} onClick={() => void forget()}>
            <Icon drawing={icons["trash-2"] ?? ""} />
            {t("saved.forget")}
          </button>
        )}
      </p>
    </form>
  );
}
