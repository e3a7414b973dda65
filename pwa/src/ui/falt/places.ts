import { metresBetween } from "../../device/position";
import type { MunicipalityState } from "../../domain/wire";

export type KnownPlace = MunicipalityState["places"][number];

/** Where an entry is from: a place on the municipality's list, or somewhere in an area. */
export interface Spot {
  place: string | null;
  area: string;
}

/** Further away than this the nearest place is a guess, and a guess is not chosen for anybody. */
const HERE_M = 300;
export const OFFERED = 3;

export interface Offer {
  spots: Spot[];
  /** Chosen from the start: where they stand. Without a position nothing is, since they may have driven on. */
  chosen: Spot | null;
}

export const same = (a: Spot | null, b: Spot | null): boolean => a?.place === b?.place && a?.area === b?.area;
export const spotOf = ({ id, area }: KnownPlace): Spot => ({ place: id, area });

/** The three nearest when the phone knows where it is. */
export function nearest(places: readonly KnownPlace[], at: { lat: number; lon: number }): Offer {
  const near = places.map((place) => ({ place, m: metresBetween(at, place) })).sort((a, b) => a.m - b.m);
  const first = near[0];
  return {
    spots: near.slice(0, OFFERED).map(({ place }) => spotOf(place)),
    chosen: first && first.m <= HERE_M ? spotOf(first.place) : null,
  };
}

/** Otherwise the three last used, filled up from the list. */
export function latest(used: readonly Spot[], places: readonly KnownPlace[]): Offer {
  const spots: Spot[] = [];
  for (const spot of [...used, ...places.map(spotOf)]) {
    if (spots.length < OFFERED && !spots.some((other) => same(other, spot))) spots.push(spot);
  }
  return { spots, chosen: null };
}
