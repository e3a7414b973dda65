import { uuid7 } from "../../../domain/ids";
import { nowInstant } from "../../../domain/times";
import type { Bodies, Operation, OperationType, Uuid } from "../../../domain/wire";

/** New at every opening of the desk; `mono_ms` counts within it. */
export const SESSION: Uuid = uuid7();

/** One act at the desk. `base` is the version it was made on; null when it creates something or does not care. */
export function operation<T extends OperationType>(
  type: T,
  entity: Uuid,
  body: Bodies[T],
  base: number | null = null,
): Operation<T> {
  return {
    id: uuid7(),
    seq: null,
    type,
    entity,
    base,
    at: nowInstant(),
    mono_ms: Math.round(performance.now()),
    session: SESSION,
    body,
  };
}
