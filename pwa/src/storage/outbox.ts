import { type Happening, NEXT } from "../domain/outbox";
import type { Operation, OperationType, Uuid } from "../domain/wire";
import type { Writing } from "./database";
import { nextSeq } from "./identity";
import type { OutboxRow } from "./rows";

export type Minted<T extends OperationType> = Omit<Operation<T>, "id" | "seq" | "type"> & {
  id: Uuid;
  walk: Uuid | null;
};

/** Numbers an operation and puts it in line, in the caller's transaction. From here on its content never changes. */
export async function mint<T extends OperationType>(
  tx: Writing,
  type: T,
  { walk, id, ...operation }: Minted<T>,
): Promise<OutboxRow> {
  const seq = await nextSeq(tx);
  const row: OutboxRow = {
    seq,
    id,
    entity: operation.entity,
    walk,
    operation: { id, seq, type, ...operation } as Operation,
    passage: NEXT.draft.handed_in,
    attempts: 0,
    not_before: 0,
    deferred: false,
    code: null,
    facts: null,
    version: null,
    conflict_id: null,
    receipt: null,
    replaced_by: null,
  };
  await tx.objectStore("outbox").add(row);
  return row;
}

/** What happened to an operation or a photo, and what is known since. Returns the row as it now stands. */
export function happened<R extends { passage: OutboxRow["passage"] }>(
  row: R,
  happening: Happening,
  facts: Partial<R> = {},
): R {
  return { ...row, ...facts, passage: NEXT[row.passage][happening] };
}
