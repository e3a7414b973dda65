import { uuid7 } from "../../../domain/ids";
import type { DateOnly, MunicipalityState, StopBody, TemplateState, WalkBody, WalkState } from "../../../domain/wire";
import { addDays, dateIn, inputTime, instantOf } from "../time/stockholm";

/** The form on C1, as it is typed. Times are Sweden's own. */
export interface WalkDraft {
  name: string;
  place: string;
  date: DateOnly;
  from: string;
  to: string;
  /** Both times as they were, while the start is empty. */
  was?: { from: string; to: string };
  leader: string;
  meeting_point: string;
  recording: WalkBody["recording"];
  night: boolean;
  camera: boolean;
  stops: StopBody[];
}

export const STOP_RADIUS_M = 40;

export function newDraft(today: DateOnly): WalkDraft {
  return {
    name: "",
    place: "",
    date: addDays(today, 7),
    from: "19:00",
    to: "20:30",
    leader: "",
    meeting_point: "",
    recording: "one_recorder",
    night: false,
    camera: true,
    stops: [],
  };
}

export function draftOf(walk: WalkState): WalkDraft {
  return {
    name: walk.name,
    place: walk.place,
    date: dateIn(walk.starts_at),
    from: inputTime(walk.starts_at),
    to: inputTime(walk.ends_at),
    leader: walk.leader,
    meeting_point: walk.meeting_point,
    recording: walk.recording,
    night: walk.night,
    camera: walk.camera,
    stops: walk.stops,
  };
}

/** The same way another evening: new ids for the stops, since answers belong to one walk's stops. */
export function copyOf(walk: WalkState, today: DateOnly): WalkDraft {
  return { ...draftOf(walk), date: addDays(today, 7), stops: walk.stops.map((stop) => ({ ...stop, id: uuid7() })) };
}

const DAY_MIN = 24 * 60;
const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const two = (n: number) => String(n).padStart(2, "0");

type Times = Pick<WalkDraft, "from" | "to" | "was">;

/**
 * A walk that begins at another time is as long as before: an end left behind would be an end the day after. A start
 * that is emptied on the way to another one is remembered, until somebody writes another end.
 */
export function startingAt(from: string, before: Times): Times {
  const { to, was } = before;
  const known = before.from && to ? { from: before.from, to } : was;
  if (!from) return { from, to, ...(known ? { was: known } : {}) };
  if (!known || known.to !== to) return { from, to };
  const end = (minutes(to) + minutes(from) - minutes(known.from) + DAY_MIN) % DAY_MIN;
  return { from, to: `${two(Math.floor(end / 60))}:${two(end % 60)}` };
}

/** An end before the start is after midnight. */
export function bodyOf(draft: WalkDraft): WalkBody {
  const { date, from, to, was: _was, ...rest } = draft;
  return {
    ...rest,
    starts_at: instantOf(date, from),
    ends_at: instantOf(to <= from ? addDays(date, 1) : date, to),
    camera: draft.night ? draft.camera : true,
    stops: numbered(draft.stops),
  };
}

export function numbered(stops: readonly StopBody[]): StopBody[] {
  return stops.map((stop, i) => ({ ...stop, number: i + 1 }));
}

/** The stop one step up (-1) or down (1); at the ends nothing moves. */
export function moved(stops: readonly StopBody[], index: number, by: -1 | 1): StopBody[] {
  const to = index + by;
  const next = [...stops];
  const [taken] = next.splice(index, 1);
  if (!taken || to < 0 || to >= stops.length) return [...stops];
  next.splice(to, 0, taken);
  return numbered(next);
}

export function templateFor(placeType: string, templates: readonly TemplateState[]): string {
  return (templates.find((template) => template.place_type === placeType) ?? templates[0])?.id ?? "";
}

export interface NewStop {
  name: string;
  place: string | null;
  place_type: string;
  lat: number;
  lon: number;
}

export function withStop(stops: readonly StopBody[], stop: NewStop, municipality: MunicipalityState): StopBody[] {
  const added = {
    ...stop,
    id: uuid7(),
    number: 0,
    radius_m: STOP_RADIUS_M,
    template: templateFor(stop.place_type, municipality.templates),
  };
  return numbered([...stops, added]);
}

/** Which fields stand in the way of creating the walk, by the name of the sentence that says why. */
export function missingIn(draft: WalkDraft): string[] {
  const missing: string[] = [];
  if (!draft.name.trim()) missing.push("name");
  if (!draft.place.trim()) missing.push("place");
  if (!/^\d{4}-\d\d-\d\d$/.test(draft.date)) missing.push("date");
  if (!/^\d\d:\d\d$/.test(draft.from) || !/^\d\d:\d\d$/.test(draft.to)) missing.push("time");
  if (!draft.leader.trim()) missing.push("leader");
  if (!draft.meeting_point.trim()) missing.push("meeting_point");
  if (draft.stops.length === 0) missing.push("stops");
  return missing;
}

/** "58,5052 13.1578" or "58.5052, 13.1578": Swedish and English commas both, degrees in Sweden only. */
export function coordinates(text: string): { lat: number; lon: number } | null {
  const figures = text.trim().match(/^(\d{2}[.,]\d+)[\s,;]+(\d{1,2}[.,]\d+)$/);
  if (!figures) return null;
  const [lat, lon] = [Number(figures[1]?.replace(",", ".")), Number(figures[2]?.replace(",", "."))];
  return lat >= 55 && lat <= 69.5 && lon >= 10.5 && lon <= 24.5 ? { lat, lon } : null;
}
