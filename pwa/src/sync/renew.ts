import { uuid7 } from "../domain/ids";
import type { Uuid } from "../domain/wire";
import type { Database, Writing } from "../storage/database";
import { type Identity, meta, setMeta } from "../storage/identity";
import type { OutboxRow } from "../storage/rows";
import { ask, DONE, type Ended, ended, type World } from "./ask";
import { ownKey } from "./join";

const AT_MOST = 500;

/**
 * The phone's storage was put back, so it counts lower than what it has sent before. It asks which of what waits has
 * arrived, takes another id, and gives what has not arrived new numbers; the ids and what they say stay the same.
 * Every step may be repeated: the new id is written down before it is used.
 */
export async function renew(db: Database, world: World, who: Identity): Promise<Ended> {
  const rows = await db.read(["outbox"], (tx) => tx.objectStore("outbox").getAll());
  const open = rows.filter((row) => row.passage !== "received").map((row) => row.id);
  const missing = new Set<Uuid>();
  for (let from = 0; from < open.length; from += AT_MOST) {
    const operations = open.slice(from, from + AT_MOST);
    const answer = await ask(world, "/sync/have", { token: who.token, json: { operations } });
    if (answer.kind !== "ok") return ended(answer);
    const named = (answer.body as { missing?: unknown }).missing;
    if (!Array.isArray(named)) return { kind: "lost", retry_after: null };
    for (const id of named as Uuid[]) missing.add(id);
  }
  const first_seq = (await meta<number>(db, "next_seq")) ?? 1;
  const json = { device: await nextDevice(db), key: await ownKey(db), first_seq };
  const answer = await ask(world, "/api/session/renew", { token: who.token, json });
  if (answer.kind !== "ok") return ended(answer);
  const { token, device } = answer.body as { token?: unknown; device?: unknown };
  if (typeof token !== "string" || device !== json.device) return { kind: "lost", retry_after: null };
  await goOn(db, { ...who, token, device: json.device }, missing, first_seq);
  return DONE;
}

function nextDevice(db: Database): Promise<Uuid> {
  return db.write(
    ["meta"],
    async (tx) => {
      const known = (await tx.objectStore("meta").get("next_device"))?.value as Uuid | undefined;
      const device = known ?? uuid7();
      if (!known) await setMeta(tx, "next_device", device);
      return device;
    },
    "quiet",
  );
}

/** Identity, numbers and the struck wish in one transaction: a crash leaves the old phone or the new one, never half. */
async function goOn(db: Database, who: Identity, missing: Set<Uuid>, first_seq: number): Promise<void> {
  await db.write(["meta", "outbox"], async (tx) => {
    let next = Math.max(first_seq, ((await tx.objectStore("meta").get("next_seq"))?.value as number | undefined) ?? 1);
    for (const row of await tx.objectStore("outbox").getAll()) {
      if (missing.has(row.id)) await renumber(tx, row, next++);
    }
    await setMeta(tx, "next_seq", next);
    await setMeta(tx, "identity", who);
    await setMeta(tx, "device", { id: who.device, municipality: who.municipality });
    await tx.objectStore("meta").delete("next_device");
    await tx.objectStore("meta").delete("contact");
  });
}

async function renumber(tx: Writing, row: OutboxRow, seq: number): Promise<void> {
  await tx.objectStore("outbox").delete(row.seq);
  await tx.objectStore("outbox").add({ ...row, seq, operation: { ...row.operation, seq } });
}
