import type { Passage } from "../../domain/outbox";
import { eveningOf } from "../../domain/times";
import type { ConflictState, DateOnly, PresenceBody, PresenceState, Receipt, Uuid } from "../../domain/wire";
import type { OutboxRow } from "../../storage/rows";
import { ERASED } from "../../sync/erased";
import { together } from "../../sync/items";
import type { Spot } from "./places";

/** One entry as it stands on this phone: what the server has, with this phone's own work laid over it. */
export interface LogRow {
  id: Uuid;
  entry: PresenceBody;
  evening: DateOnly;
  passage: Passage;
  receipt: Receipt | null;
  /** Why it needs somebody. */
  code: string | null;
  /** Made on this phone, not by somebody else in the team. */
  own: boolean;
  corrected: boolean;
  /** Two in the team changed it at once, and nobody has said yet that it is right; `seen` is the version that stands. */
  met: { conflict: Uuid; seen: number; held: boolean } | null;
}

/** The team's log, the latest entry first. Computed on reading. */
export function logOf(
  states: readonly PresenceState[],
  outbox: readonly OutboxRow[],
  conflicts: readonly ConflictState[] = [],
): LogRow[] {
  const living = outbox.filter(
    (row) => row.replaced_by === null && row.code !== ERASED && row.operation.type.startsWith("presence."),
  );
  const ids = new Set([
    ...states.map((state) => state.id),
    ...living.filter((row) => row.operation.type === "presence.log").map((row) => row.entity),
  ]);
  const rows = [...ids].flatMap((id) => {
    const row = rowOf(
      id,
      states.find((state) => state.id === id) ?? null,
      living.filter((own) => own.entity === id),
    );
    return row ? [{ ...row, met: metBy(id, states, outbox, conflicts) }] : [];
  });
  return rows.sort((a, b) => Date.parse(b.entry.at) - Date.parse(a.entry.at));
}

/** The team's first open conflict about an entry that this phone has not answered already. */
function metBy(
  id: Uuid,
  states: readonly PresenceState[],
  outbox: readonly OutboxRow[],
  conflicts: readonly ConflictState[],
): LogRow["met"] {
  const answered = new Set(outbox.filter((row) => row.operation.type === "conflict.close").map((row) => row.entity));
  const open = conflicts.find((one) => one.about === id && one.choice === null && !answered.has(one.id));
  const seen = states.find((state) => state.id === id)?.version;
  return open && seen !== undefined ? { conflict: open.id, seen, held: open.held } : null;
}

function rowOf(id: Uuid, state: PresenceState | null, own: OutboxRow[]): LogRow | null {
  const logged = own.find((row) => row.operation.type === "presence.log");
  const corrections = own.filter((row) => row.operation.type === "presence.correct");
  const first = state ?? (logged?.operation.body as PresenceBody | undefined);
  if (!first) return null;
  // What the server has said no to is not shown as if it were so.
  const ahead = corrections.filter((row) => row.passage !== "needs_you" && !isSeen(row, state));
  const entry = Object.assign({}, bodyOf(first), ...ahead.map((row) => row.operation.body)) as PresenceBody;
  return {
    id,
    entry,
    evening: eveningOf(entry.at),
    passage: together(own.map((row) => row.passage)),
    receipt: logged?.receipt ?? null,
    code: own.find((row) => row.passage === "needs_you")?.code ?? null,
    own: logged !== undefined,
    corrected: corrections.length > 0 || (state?.version ?? 1) > 1,
    met: null,
  };
}

function isSeen(row: OutboxRow, state: PresenceState | null): boolean {
  return row.passage === "received" && state !== null && state.version >= (row.version ?? 0);
}

function bodyOf(said: PresenceBody | PresenceState): PresenceBody {
  const { id: _id, version: _version, logged_at: _logged, ...body } = said as PresenceState;
  return body;
}

/** Where the team has been, the latest first, each once. */
export function spotsIn(rows: readonly LogRow[]): Spot[] {
  const spots = new Map(
    rows.map(({ entry }) => [`${entry.place} ${entry.area}`, { place: entry.place, area: entry.area }]),
  );
  return [...spots.values()];
}
