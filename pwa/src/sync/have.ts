import type { Uuid } from "../domain/wire";
import type { Database, Writing } from "../storage/database";
import { type Identity, meta } from "../storage/identity";
import { happened } from "../storage/outbox";
import { ask, DONE, type Ended, ended, type World } from "./ask";

const AT_MOST = 500;

/**
 * After a restore the server names which of the operations it once acknowledged it no longer has; those wait again,
 * with the same ids, numbers and content. The wish to ask is written down with the restore, and struck when answered.
 */
export async function offerAgain(db: Database, world: World, who: Identity): Promise<Ended & { missing?: number }> {
  if (!(await meta<boolean>(db, "offer_again"))) return DONE;
  const rows = await db.read(["outbox"], (tx) => tx.objectStore("outbox").index("passage").getAll("received"));
  const ids = rows.map((row) => row.id);
  let missing = 0;
  for (let from = 0; from < ids.length; from += AT_MOST) {
    const operations = ids.slice(from, from + AT_MOST);
    const answer = await ask(world, "/sync/have", { token: who.token, json: { operations } });
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
      if (row?.passage !== "received") continue;
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
