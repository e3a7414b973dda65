import type { MunicipalityState } from "../../../domain/wire";

export type Owner = MunicipalityState["departments"][number];

/** Those who work with lamps and bushes. Police, shops, social services and associations get no tasks; coordination gives them out. */
const OWN_TASKS = ["municipal", "housing_company", "utility", "transit", "state", "private"];

export function ownersOf(departments: readonly Owner[]): Owner[] {
  return departments.filter((found) => OWN_TASKS.includes(found.kind));
}

/** A private owner is asked and may say no; the municipality orders nothing there. */
export function isAsked(kind: string | null | undefined): boolean {
  return kind === "private";
}
