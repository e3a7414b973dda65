import type { Uuid } from "../domain/wire";
import type { Writing } from "../storage/database";
import { happened } from "../storage/outbox";
import type { OutboxRow } from "../storage/rows";

/** The server's word for it, with an operation, an upload or a tombstone. */
export const ERASED = "erased";

/**
 * Removed by a decision of the responsible nämnd: this phone's own copy goes too. Photos with their bytes, and the words
 * of what was sent; that something was sent stays, and says why it is gone. Drafts are their owner's and stay, and so
 * does what is handed in and not sent: the server answers that it is erased, and then it goes (`asErased`).
 */
export async function dropErased(tx: Writing, entity: Uuid): Promise<void> {
  const gone = new Set<Uuid>([entity]);
  for (const photo of await tx.objectStore("photos").getAll()) {
    if ((photo.id !== entity && photo.of !== entity) || photo.passage === "draft") continue;
    gone.add(photo.id);
    await dropPhoto(tx, photo.id);
  }
  for (const row of await tx.objectStore("outbox").getAll())
    if (gone.has(row.entity) && row.passage === "received") await tx.objectStore("outbox").put(asErased(row));
}

export async function dropPhoto(tx: Writing, photo: Uuid): Promise<void> {
  await tx.objectStore("photos").delete(photo);
  await tx.objectStore("bytes").delete(photo);
}

/** Answered for good: nothing waits, nothing is left of what it said. */
export function asErased(row: OutboxRow): OutboxRow {
  const operation = { ...row.operation, body: {} } as OutboxRow["operation"];
  return happened(row, "applied", { operation, code: ERASED, facts: null, receipt: null, not_before: 0 });
}
