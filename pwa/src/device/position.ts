import type { Position } from "../domain/wire";

/** Where the phone says it is. `at` is milliseconds since 1970. */
export interface Fix {
  lat: number;
  lon: number;
  accuracy_m: number;
  at: number;
}
export type PositionTrouble = "denied" | "timeout" | "none";
export interface Whereabouts {
  fix: Fix | null;
  trouble: PositionTrouble | null;
}

/** Over this the phone only guesses; the stop people chose says more. */
const POOR_M = 100;
/** Walking pace: after two minutes one is somewhere else. */
const OLD_MS = 120_000;

let now: Whereabouts = { fix: null, trouble: null };
let watching: number | null = null;
const listeners = new Set<(at: Whereabouts) => void>();

export function whereabouts(): Whereabouts {
  return now;
}

/** Keeps the position warm from the start of the walk, so that no shot ever waits for it. Asking again changes nothing. */
export function startPosition(): void {
  if (watching !== null) return;
  if (!("geolocation" in navigator)) {
    tell({ ...now, trouble: "none" });
    return;
  }
  watching = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => tell({ fix: fixOf(coords, timestamp), trouble: null }),
    (error) => {
      tell({ ...now, trouble: error.code === error.PERMISSION_DENIED ? "denied" : "timeout" });
      if (error.code === error.PERMISSION_DENIED) stopPosition();
    },
    { enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000 },
  );
}

export function stopPosition(): void {
  if (watching !== null) navigator.geolocation.clearWatch(watching);
  watching = null;
}

/** Calls back at once with what is known, then at every change, until the answer is called. */
export function onPosition(listener: (at: Whereabouts) => void): () => void {
  listeners.add(listener);
  listener(now);
  return () => listeners.delete(listener);
}

function fixOf(coords: GeolocationCoordinates, at: number): Fix {
  return { lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy, at };
}

function tell(at: Whereabouts): void {
  now = at;
  for (const listener of listeners) listener(at);
}

/** The position a photo or a note is given: the phone's if it is fresh and fair, else the stop's, else what there is. */
export function positionFor(fix: Fix | null, stop: { lat: number; lon: number } | null, at: number): Position | null {
  const age_s = fix ? Math.max(0, Math.round((at - fix.at) / 1000)) : 0;
  const measured: Position | null = fix && {
    lat: fix.lat,
    lon: fix.lon,
    accuracy_m: Math.round(fix.accuracy_m),
    age_s,
    source: "gps",
  };
  if (fix && at - fix.at <= OLD_MS && fix.accuracy_m <= POOR_M) return measured;
  if (stop) return { lat: stop.lat, lon: stop.lon, accuracy_m: null, age_s: 0, source: "stop" };
  return measured;
}

/** A word for the metres, so that nobody has to know what 60 m means. */
export function accuracyWord(accuracy_m: number): "good" | "fair" | "poor" {
  if (accuracy_m <= 15) return "good";
  return accuracy_m <= 50 ? "fair" : "poor";
}

/** Metres between two points; good to a part in a thousand over a walk. */
export function metresBetween(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const degree = 111_320;
  const east = (b.lon - a.lon) * degree * Math.cos(((a.lat + b.lat) / 2) * (Math.PI / 180));
  return Math.hypot(east, (b.lat - a.lat) * degree);
}
