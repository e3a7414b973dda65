import { uuid7 } from "../domain/ids";
import type { ObservationBody, Operation, Uuid } from "../domain/wire";
import type { Database, Writing } from "../storage/database";
import { happened, mint } from "../storage/outbox";
import type { OutboxRow } from "../storage/rows";

/**
 * What the server said no to, handed in anew, perhaps with other words: a rejected operation's answer is final, so its
 * successor has an id and a number of its own. The rejected one is kept, and blocks nothing any more.
 */
export async function handInAgain(db: Database, item: Uuid, changes: Partial<ObservationBody> = {}): Promise<void> {
  await db.write(
    ["meta", "outbox", "photos", "bytes"],
    async (tx) => {
      const photos = await tx.objectStore("photos").index("of").getAll(item);
      for (const entity of [item, ...photos.map((photo) => photo.id)]) {
        const rows = await tx.objectStore("outbox").index("entity").getAll(entity);
        for (const row of rows.filter((row) => row.passage === "needs_you" && row.replaced_by === null)) {
          await succeed(tx, row, entity === item ? changes : {});
        }
      }
      for (const photo of photos) {
        if ((await tx.objectStore("bytes").getKey(photo.id)) === undefined) continue;
        const anew = { url: null, sent: 0, mismatches: 0, not_before: 0, code: null };
        if (photo.passage === "needs_you") await tx.objectStore("photos").put(happened(photo, "asked_again", anew));
      }
    },
    "handed_in",
  );
}

async function succeed(tx: Writing, row: OutboxRow, changes: Partial<ObservationBody>): Promise<void> {
  const { type, seq: _, ...operation } = row.operation;
  const body = (
    type === "observation.record" ? { ...operation.body, ...changes } : operation.body
  ) as Operation["body"];
  const successor = await mint(tx, type, { ...operation, id: uuid7(), walk: row.walk, body });
  await tx.objectStore("outbox").put({ ...row, replaced_by: successor.id });
}
