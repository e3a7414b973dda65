import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import { eveningOf } from "../../../domain/times";
import type { OutingKind, RotaPlan, RotaRow, RotaView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, SelectField, TextField } from "../parts/Fields";
import { addDays, dateIn, inputTime, shortDate } from "../time/stockholm";

const MOST_WEEKS = 26;

/** An evening to go out: new, the same weekday for several weeks if so, or `before` changed. */
export function PlanForm({ view, before }: { view: RotaView; before?: RotaRow }) {
  const [kind, setKind] = useState<OutingKind>(before?.kind ?? view.kinds[0] ?? "night_walk");
  const [area, setArea] = useState(before?.area ?? view.areas[0] ?? "");
  const [place, setPlace] = useState(before?.place ?? "");
  const [evening, setEvening] = useState(before?.evening ?? "");
  const [starts, setStarts] = useState(before?.starts ?? "20:00");
  const [ends, setEnds] = useState(before?.ends ?? "00:00");
  const [needed, setNeeded] = useState(String(before?.needed ?? 4));
  const [walk, setWalk] = useState(before?.walk ?? "");
  const [weeks, setWeeks] = useState("1");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  /** The walk says which evening it is, and when it begins. */
  function choose(id: string) {
    setWalk(id);
    const chosen = view.walks.find((it) => it.id === id);
    if (!chosen) return;
    setEvening(eveningOf(chosen.starts_at));
    setStarts(inputTime(chosen.starts_at));
  }
  function save(event: Event) {
    event.preventDefault();
    const objection = guard([place]);
    setStopped(objection ?? "");
    if (objection) return;
    const body = (n: number): RotaPlan => ({
      kind,
      area,
      place: place.trim(),
      evening: addDays(evening, 7 * n),
      starts,
      ends,
      needed: Number(needed),
      walk: walk || null,
    });
    if (before) {
      void sending.send(t("rota.changed"), operation("rota.plan", before.id, body(0), before.version));
      return;
    }
    const times = walk ? 1 : Math.min(MOST_WEEKS, Math.max(1, Math.floor(Number(weeks)) || 1));
    const planned = Array.from({ length: times }, (_, n) => operation("rota.plan", uuid7(), body(n)));
    void sending.send(t("rota.planned", { n: times }), ...planned);
  }
  const walks = view.walks.map((it) => ({ value: it.id, name: `${it.name}, ${shortDate(dateIn(it.starts_at))}` }));
  return (
    <form class="stack" onSubmit={save}>
      <div class="cols2">
        <SelectField
          label={t("rota.kind")}
          value={kind}
          onValue={(value) => setKind(value as OutingKind)}
          options={view.kinds.map((it) => ({ value: it, name: t(`rota.kind.${it}`) }))}
        />
        <SelectField
          label={t("rota.area")}
          value={area}
          onValue={setArea}
          options={view.areas.map((it) => ({ value: it, name: it }))}
        />
        <TextField label={t("rota.place")} value={place} onValue={setPlace} max={80} />
        <TextField label={t("rota.evening")} type="date" value={evening} onValue={setEvening} />
        <TextField label={t("rota.starts")} type="time" value={starts} onValue={setStarts} />
        <TextField label={t("rota.ends")} type="time" value={ends} onValue={setEnds} />
        <TextField label={t("rota.needed")} type="number" value={needed} onValue={setNeeded} />
        {!before && !walk && (
          <TextField
            label={t("rota.weeks")}
            hint={t("rota.weeks_hint")}
            type="number"
            value={weeks}
            onValue={setWeeks}
          />
        )}
      </div>
      {(walks.length > 0 || before?.walk) && (
        <SelectField
          label={t("rota.walk")}
          hint={t("rota.walk_hint")}
          value={walk}
          onValue={choose}
          options={[{ value: "", name: t("rota.walk_none") }, ...withOwn(walks, before?.walk)]}
        />
      )}
      {before && before.crew.length > 0 && <p class="quiet">{t("rota.change_tells")}</p>}
      <Problem text={stopped || sending.problem} />
      <p>
        <button type="submit" class="btn" disabled={sending.busy || !place.trim() || !evening || !starts || !ends}>
          {t("rota.save")}
        </button>
      </p>
    </form>
  );
}

/** A walk that has been ended since is still the evening's own. */
function withOwn(walks: { value: string; name: string }[], own: string | null | undefined) {
  return !own || walks.some((it) => it.value === own) ? walks : [...walks, { value: own, name: t("rota.walk_own") }];
}
