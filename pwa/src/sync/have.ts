import type { Passage } from "../domain/outbox";
import type { Uuid } from "../domain/wire";
import type { Database, Writing } from "../storage/database";
import { type Identity, meta } from "../storage/identity";
import { happened } from "../storage/outbox";
import { ask, DONE, type Ended, ended, type World } from "./ask";

const AT_MOST = 500;
const ANSWERED = new Set<Passage>(["received", "needs_you"]);

/**
 * After a restore the server names which of the operations it once answered it no longer has; those wait again, with
 * the same ids, numbers and content. Also what it had refused: without it the server would think that a number is still
 * on the phone, and wait for it for ever. What came back another way, by a rescue file, has another number than the
 * phone was told: the server names it too, and answers with the number that counts. The wish to ask is written down with
 * the restore, and struck when answered.
 */
export async function offerAgain(db: Database, world: World, who: Identity): Promise<Ended & { missing?: number }> {
  if (!(await meta<boolean>(db, "offer_again"))) return DONE;
  const rows = await db.read(["outbox"], async (tx) => {
    const passage = tx.objectStore("outbox").index("passage");
    return [...(await passage.getAll("received")), ...(await passage.getAll("needs_you"))];
  });
  rows.sort((a, b) => a.seq - b.seq);
  let missing = 0;
  for (let from = 0; from < rows.length; from += AT_MOST) {
    const part = rows.slice(from, from + AT_MOST);
    const operations = part.map((row) => row.id);
    const receipts = Object.fromEntries(part.flatMap(({ id, receipt }) => (receipt ? [[id, receipt.number]] : [])));
    const answer = await ask(world, "/sync/have", { token: who.token, json: { operations, receipts } });
    if (answer.kind !== "ok") return ended(answer);
    const named = (answer.body as { missing?: unknown }).missing;
    if (!Array.isArray(named)) return { kind: "lost", retry_after: null };
    missing += await forgotten(db, named as Uuid[]);
  }
  await db.write(["meta"], (tx) => tx.objectStore("meta").delete("offer_again"), "quiet");
  return { kind: "done", missing };
}

function forgotten(db: Database, ids: Uuid[]): Promise<number> {
  return db.write(["outbox", "photos"], async (tx) => {
    let missing = 0;
    for (const id of ids) {
      const row = await tx.objectStore("outbox").index("id").get(id);
      if (!row || !ANSWERED.has(row.passage)) continue;
      await tx.objectStore("outbox").put(happened(row, "forgotten", { not_before: 0, code: null }));
      if (row.operation.type === "photo.declare") await forgottenPhoto(tx, row.entity);
      missing += 1;
    }
    return missing;
  });
}

async function forgottenPhoto(tx: Writing, id: Uuid): Promise<void> {
  const photo = await tx.objectStore("photos").get(id);
  if (!photo) return;
  const again = { url: null, sent: 0, not_before: 0, proved_at: null };
  await tx.objectStore("photos").put(happened(photo, "forgotten", again));
}
