import { icons } from "virtual:icons?qr-code,check";
import { useEffect, useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { MunicipalityState, WalkRow } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, Problem, RadioField, TextField } from "../parts/Fields";
import { MapDrawing } from "../parts/MapDrawing";
import { Page } from "../parts/Page";
import { lengthOf } from "../parts/projection";
import { Ready } from "../parts/StateCard";
import { go, query } from "../router";
import { dateIn } from "../time/stockholm";
import { AddStop } from "./AddStop";
import { DuskBand } from "./DuskBand";
import { bodyOf, copyOf, draftOf, missingIn, newDraft, startingAt, type WalkDraft, withStop } from "./draft";
import { StopList } from "./StopList";

export const CAP = 20;

/** C1: a new walk, a copy of an earlier one (`?som=`), or a change of one (`id`). */
export function Plan({ id }: { id?: string }) {
  const municipality = useLoad<MunicipalityState>("/api/municipality");
  const pattern = id ?? query.value.get("som");
  const walk = useLoad<WalkRow>(pattern ? `/api/walks/${pattern}` : null);
  const title = id ? t("plan.title_change") : t("plan.title");
  return (
    <Page title={title} wide>
      <Ready of={municipality}>
        {(known) =>
          pattern ? (
            <Ready of={walk}>
              {(row) => <PlanForm key={row.id} municipality={known} title={title} walk={row} change={Boolean(id)} />}
            </Ready>
          ) : (
            <PlanForm municipality={known} title={title} walk={null} change={false} />
          )
        }
      </Ready>
    </Page>
  );
}

function useDraft(key: string, first: () => WalkDraft): [WalkDraft, (part: Partial<WalkDraft>) => void, () => void] {
  const [draft, setDraft] = useState<WalkDraft>(() => {
    const kept = sessionStorage.getItem(key);
    return kept ? (JSON.parse(kept) as WalkDraft) : first();
  });
  useEffect(() => sessionStorage.setItem(key, JSON.stringify(draft)), [key, draft]);
  return [
    draft,
    (part) => setDraft((before) => ({ ...before, ...part })),
    () => {
      setDraft(first());
      sessionStorage.removeItem(key);
    },
  ];
}

/** The version a kept draft was begun on. It is kept beside it: what a colleague changes meanwhile is then seen as theirs. */
function useBase(key: string, version: number): [number, () => void] {
  const [base, setBase] = useState(() => Number(sessionStorage.getItem(`${key}.base`) ?? version));
  useEffect(() => sessionStorage.setItem(`${key}.base`, `${base}`), [key, base]);
  return [base, () => setBase(version)];
}

interface PlanFormProps {
  municipality: MunicipalityState;
  title: string;
  walk: WalkRow | null;
  change: boolean;
}

function PlanForm({ municipality, title, walk, change }: PlanFormProps) {
  const today = dateIn(new Date());
  const key = `desk.plan.${walk?.id ?? "new"}.${change}`;
  const [draft, set, restart] = useDraft(key, () =>
    walk ? (change ? draftOf(walk) : copyOf(walk, today)) : newDraft(today),
  );
  const [base, rebase] = useBase(key, walk?.version ?? 0);
  const [chosen, setChosen] = useState<string | null>(null);
  const [position, setPosition] = useState("");
  const [tried, setTried] = useState(false);
  const sending = useSubmit();
  const missing = missingIn(draft);
  const error = (field: string) => (tried && missing.includes(field) ? { error: t(`plan.error.${field}`) } : {});

  async function save(event: Event) {
    event.preventDefault();
    setTried(true);
    if (missing.length > 0) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    const body = bodyOf(draft);
    if (change && walk) {
      if (!(await sending.send(t("plan.changed"), operation("walk.change", walk.id, body, base)))) return;
      sessionStorage.removeItem(key);
      sessionStorage.removeItem(`${key}.base`);
      go(`/vandringar/${walk.id}`);
      return;
    }
    const id = uuid7();
    const made = [operation("walk.plan", id, body), operation("walk.invite", id, { cap: CAP })];
    if (!(await sending.send(t("plan.created"), ...made))) return;
    sessionStorage.removeItem(key);
    go(`/vandringar/${id}/inbjudan`);
  }

  const middle = draft.stops[0] ?? municipality.places[0];
  const whole = missing.includes("date") || missing.includes("time") ? null : bodyOf(draft);
  const km = (lengthOf(draft.stops) / 1000).toFixed(1).replace(".", ",");
  return (
    <div class="split plan">
      <form class="stack" onSubmit={save} noValidate>
        <div>
          <h1 tabIndex={-1}>{title}</h1>
          <p class="quiet">
            {walk && !change ? t("plan.copied", { name: walk.name }) : t("plan.lead")}{" "}
            <button
              type="button"
              class="inline"
              onClick={() => {
                restart();
                rebase();
              }}
            >
              {t("plan.restart")}
            </button>
          </p>
        </div>
        <TextField
          label={t("plan.name")}
          value={draft.name}
          max={80}
          onValue={(name) => set({ name })}
          {...error("name")}
        />
        <TextField
          label={t("plan.place")}
          value={draft.place}
          max={80}
          list={municipality.areas}
          onValue={(place) => set({ place })}
          {...error("place")}
        />
        <div class="cols3">
          <TextField
            label={t("plan.date")}
            type="date"
            value={draft.date}
            onValue={(date) => set({ date })}
            {...error("date")}
          />
          <TextField
            label={t("plan.from")}
            type="time"
            value={draft.from}
            onValue={(from) => set(startingAt(from, draft))}
            {...error("time")}
          />
          <TextField
            label={t("plan.to")}
            type="time"
            value={draft.to}
            onValue={(to) => set({ to })}
            {...error("time")}
          />
        </div>
        <section aria-labelledby="stops-title">
          <h2 id="stops-title" class="field-label">
            {t("plan.stops")}
          </h2>
          <StopList
            stops={draft.stops}
            municipality={municipality}
            chosen={chosen}
            onChoose={(id) => setChosen(id === chosen ? null : id)}
            onStops={(stops) => set({ stops })}
          />
          <p class="quiet spread" role="status">
            <span>{t("plan.count", { n: draft.stops.length })}</span>
            {draft.stops.length > 1 && <span>{t("plan.length", { km })}</span>}
          </p>
          {tried && missing.includes("stops") && (
            <p class="error" role="alert">
              {t("plan.error.stops")}
            </p>
          )}
          <AddStop
            municipality={municipality}
            used={new Set(draft.stops.flatMap((stop) => (stop.place ? [stop.place] : [])))}
            position={position}
            onPosition={setPosition}
            onAdd={(stop) => set({ stops: withStop(draft.stops, stop, municipality) })}
          />
        </section>
        <TextField
          label={t("plan.leader")}
          value={draft.leader}
          max={80}
          onValue={(leader) => set({ leader })}
          {...error("leader")}
        />
        <TextField
          label={t("plan.meeting")}
          value={draft.meeting_point}
          max={120}
          onValue={(meeting_point) => set({ meeting_point })}
          {...error("meeting_point")}
        />
        <HowItGoes draft={draft} set={set} />
        <Problem text={sending.problem} />
        <button type="submit" class="btn go tall" disabled={sending.busy}>
          <Icon drawing={(change ? icons.check : icons["qr-code"]) ?? ""} />
          {change ? t("plan.save") : t("plan.create")}
        </button>
      </form>
      <div class="beside">
        <MapDrawing
          label={t("plan.map", { n: draft.stops.length })}
          route
          marks={draft.stops.map((stop) => ({
            id: stop.id,
            number: `${stop.number}`,
            name: stop.name,
            lat: stop.lat,
            lon: stop.lon,
            on: stop.id === chosen,
          }))}
          places={municipality.places}
          around={draft.stops.length ? draft.stops : placesIn(draft.place, municipality)}
          onMark={setChosen}
          onPick={(at) => setPosition(`${at.lat.toFixed(5)}, ${at.lon.toFixed(5)}`)}
        />
        <p class="quiet map-hint">{t("plan.map_hint")}</p>
        {whole && middle && <DuskBand starts={whole.starts_at} ends={whole.ends_at} at={middle} />}
      </div>
    </div>
  );
}

/** The places of the area that was named, or all of them. */
function placesIn(area: string, municipality: MunicipalityState): MunicipalityState["places"] {
  const found = municipality.places.filter((place) => place.area.toLowerCase() === area.trim().toLowerCase());
  return found.length > 0 ? found : municipality.places;
}

function HowItGoes({ draft, set }: { draft: WalkDraft; set: (part: Partial<WalkDraft>) => void }) {
  return (
    <>
      <RadioField
        label={t("plan.recording")}
        value={draft.recording}
        onValue={(value) => set({ recording: value as WalkDraft["recording"] })}
        options={[
          { value: "one_recorder", name: t("plan.one_recorder") },
          { value: "own_phones", name: t("plan.own_phones") },
        ]}
      />
      <p class="quiet">{t(`plan.${draft.recording}_means`)}</p>
      <CheckField
        label={t("plan.night")}
        checked={draft.night}
        hint={t("plan.night_means")}
        onValue={(night) => set({ night, camera: !night })}
      />
      {draft.night && (
        <CheckField
          label={t("plan.camera")}
          checked={draft.camera}
          hint={t("plan.camera_means")}
          onValue={(camera) => set({ camera })}
        />
      )}
    </>
  );
}
