import type { CategoryState, ObservationBody } from "../../domain/wire";

/** Severity three, or a kind of fault that cannot wait (an open cabinet with current in it): the danger screen at once. */
export function isDanger(
  severity: ObservationBody["severity"],
  category: Pick<CategoryState, "urgent"> | undefined,
): boolean {
  return severity === 3 || category?.urgent === true;
}
