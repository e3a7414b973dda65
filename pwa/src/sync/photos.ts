import { sha256 } from "../domain/ids";
import type { Happening } from "../domain/outbox";
import type { Uuid } from "../domain/wire";
import type { Database } from "../storage/database";
import { type Identity, setMeta } from "../storage/identity";
import { happened } from "../storage/outbox";
import type { PhotoRow } from "../storage/rows";
import { DONE, type Ended, type Uploaded, type World } from "./ask";
import { hold, pause } from "./contact";
import { dropPhoto, ERASED } from "./erased";

/** After this many whole arrivals with a wrong digest the bytes are damaged where a retry does not help. */
const MOST_MISMATCHES = 3;
/** So many in a row without an answer, and it is the network, not the photo. */
const MOST_LOST = 2;

/** Sends the declared photos' bytes, one at a time, the smallest first; one that fails rests and lets the next go. */
export async function sendPhotos(db: Database, world: World, who: Identity, holder: string): Promise<Ended> {
  const tried = new Set<Uuid>();
  let lost = 0;
  let ended: Ended = DONE;
  for (;;) {
    const row = await next(db, world, holder, tried);
    if (row === "not_mine") return { kind: "not_mine" };
    if (row === null) return ended;
    tried.add(row.id);
    const uploaded = await sendOne(db, world, who, row, holder);
    if (uploaded.kind === "unauthorised") return { kind: "unauthorised", code: "device_unknown" };
    if (uploaded.kind !== "lost") {
      lost = 0;
      continue;
    }
    lost += 1;
    ended = { kind: "lost", retry_after: uploaded.retry_after };
    if (uploaded.status === 0 || uploaded.retry_after !== null || lost >= MOST_LOST) return ended;
  }
}

/** A photo's bytes go only after the server has taken in its declaration. */
function next(db: Database, world: World, holder: string, tried: Set<Uuid>): Promise<PhotoRow | null | "not_mine"> {
  return db.write(
    ["meta", "photos", "outbox"],
    async (tx) => {
      if (!(await hold(tx, holder, world.now()))) return "not_mine" as const;
      const passage = tx.objectStore("photos").index("passage");
      const rows = [...(await passage.getAll("waiting")), ...(await passage.getAll("sending"))];
      const ready = rows.filter((row) => !tried.has(row.id) && row.not_before <= world.now());
      for (const row of ready.sort((a, b) => a.size - b.size)) {
        const about = await tx.objectStore("outbox").index("entity").getAll(row.id);
        const declared = about.find((made) => made.operation.type === "photo.declare");
        // A declaration already forgotten by this phone was received long ago.
        if (!declared || declared.passage === "received" || declared.passage === "held") return row;
      }
      return null;
    },
    "quiet",
  );
}

async function sendOne(db: Database, world: World, who: Identity, row: PhotoRow, holder: string): Promise<Uploaded> {
  const kept = await db.read(["bytes"], (tx) => tx.objectStore("bytes").get(row.id));
  const wrong = kept ? await isChanged(row, kept.bytes) : "photo_missing_here";
  if (wrong || !kept) {
    const refused: Uploaded = { kind: "refused", code: wrong || "photo_missing_here" };
    await settle(db, world, row.id, refused);
    return refused;
  }
  await change(db, row.id, (now) => happened(now, "picked", { attempts: now.attempts + 1, code: null }));
  // Progress is written in order and awaited at the end, so that a late one never overwrites the outcome.
  let written: Promise<unknown> = Promise.resolve();
  const write = (facts: Partial<PhotoRow>) => {
    written = written.then(() => change(db, row.id, (now) => ({ ...now, ...facts }))).catch(() => undefined);
  };
  const uploaded = await world
    .upload({
      photo: row.id,
      sha256: row.sha256 ?? "",
      bytes: kept.bytes,
      token: who.token,
      url: row.url,
      onUrl: (url) => write({ url }),
      onSent: (sent) => {
        write({ sent });
        written = written
          .then(() => db.write(["meta"], (tx) => hold(tx, holder, world.now()), "quiet"))
          .catch(() => undefined);
      },
    })
    .catch((): Uploaded => ({ kind: "lost", status: 0, retry_after: null }));
  await written;
  await settle(db, world, row.id, uploaded);
  return uploaded;
}

async function isChanged(row: PhotoRow, bytes: ArrayBuffer): Promise<string | null> {
  return (await sha256(bytes)) === row.sha256 ? null : "photo_changed_here";
}

async function settle(db: Database, world: World, id: Uuid, uploaded: Uploaded): Promise<void> {
  await db.write(["photos", "meta", "bytes"], async (tx) => {
    const row = await tx.objectStore("photos").get(id);
    if (!row) return;
    if (uploaded.kind === "refused" && uploaded.code === ERASED) return dropPhoto(tx, id);
    const damaged = uploaded.kind === "mismatch" && row.mismatches + 1 >= MOST_MISMATCHES;
    const said: Uploaded = damaged ? { kind: "refused", code: "photo_damaged" } : uploaded;
    await tx.objectStore("photos").put(happened(row, HAPPENED[said.kind], factsOf(row, said, world)));
    // It has forgotten what it once acknowledged: ask what else is gone.
    if (uploaded.kind === "undeclared") await setMeta(tx, "offer_again", true);
  });
}

const HAPPENED: Record<Uploaded["kind"], Happening> = {
  received: "applied",
  complete: "lost",
  mismatch: "lost",
  unauthorised: "lost",
  undeclared: "lost",
  lost: "lost",
  refused: "refused",
};

function factsOf(row: PhotoRow, uploaded: Uploaded, world: World): Partial<PhotoRow> {
  const rest = world.now() + pause(row.attempts, world.random);
  switch (uploaded.kind) {
    case "received":
      return { sent: row.size, code: null };
    case "refused":
      return { code: uploaded.code };
    case "mismatch":
      return { url: null, sent: 0, mismatches: row.mismatches + 1, not_before: rest };
    case "complete":
      return { sent: row.size, not_before: rest };
    case "undeclared":
      return { url: null, sent: 0, not_before: rest };
    case "lost":
      return { not_before: rest };
    case "unauthorised":
      return {};
  }
}

async function change(db: Database, id: Uuid, to: (row: PhotoRow) => PhotoRow): Promise<void> {
  await db.write(["photos"], async (tx) => {
    const row = await tx.objectStore("photos").get(id);
    if (row) await tx.objectStore("photos").put(to(row));
  });
}
