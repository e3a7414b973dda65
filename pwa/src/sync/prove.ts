import type { Instant, Kind, OperationType, PhotoState } from "../domain/wire";
import type { Writing } from "../storage/database";
import { happened } from "../storage/outbox";
import type { PhotoRow, StateRow } from "../storage/rows";

/** Lays the feed's word over our own photos and deferred operations, in the transaction that stored the feed's word. */
export async function prove(tx: Writing, server_time: Instant): Promise<void> {
  await provePhotos(tx, server_time);
  await proveDeferred(tx);
}

async function provePhotos(tx: Writing, server_time: Instant): Promise<void> {
  for (const row of await tx.objectStore("photos").getAll()) {
    if (row.passage === "draft") continue;
    const known = (await tx.objectStore("states").get(["photo", row.id])) as StateRow<"photo"> | undefined;
    const next = known && judged(row, known.state, server_time);
    if (next && next !== row) await tx.objectStore("photos").put(next);
  }
}

/** A pull is always another request than the upload: what it says is the proof that lets the phone forget. */
export function judged(row: PhotoRow, state: PhotoState, server_time: Instant): PhotoRow {
  if (state.state === "refused") {
    const isKnown = row.passage === "needs_you";
    return isKnown ? row : happened(row, "refused", { code: state.code ?? "photo_refused", proved_at: null });
  }
  if (state.state === "declared") {
    // Every byte was here and now they are not: a restored server. We still have them for at least two days.
    if (row.passage !== "received") return row;
    return happened(row, "forgotten", { url: null, sent: 0, not_before: 0, proved_at: null });
  }
  if (state.sha256 !== row.sha256) return happened(row, "refused", { code: "photo_differs", proved_at: null });
  if (row.passage === "received" && row.proved_at !== null) return row;
  return happened(row, "applied", { sent: row.size, code: null, proved_at: server_time });
}

/** What brings an entity into being, and the state that shows it is there. A pass is the whole team's, so it proves nothing. */
const MAKES: Partial<Record<OperationType, Kind>> = {
  "observation.record": "observation",
  "feeling.answer": "feeling",
  "checklist.answer": "answer",
  "photo.declare": "photo",
  "presence.log": "presence",
};

/** A deferred operation was taken in later, on the server's side: the feed shows its entity. */
async function proveDeferred(tx: Writing): Promise<void> {
  const outbox = tx.objectStore("outbox");
  for (const row of await outbox.index("passage").getAll("waiting")) {
    const kind = MAKES[row.operation.type];
    if (!row.deferred || !kind) continue;
    const known = await tx.objectStore("states").get([kind, row.entity]);
    if (known) await outbox.put(happened(row, "applied", { version: known.version, code: null, deferred: false }));
  }
}
