import { uuid7 } from "../domain/ids";
import type { Happening } from "../domain/outbox";
import { nowInstant } from "../domain/times";
import type { Bodies, Operation, OperationType, Outcome, Push, Pushed } from "../domain/wire";
import { PROTOCOL } from "../domain/wire";
import type { Database, Writing } from "../storage/database";
import { type Identity, meta, sessionId, setMeta } from "../storage/identity";
import { happened } from "../storage/outbox";
import type { OutboxRow } from "../storage/rows";
import { type Answer, ask, DONE, type Ended, ended, type World } from "./ask";
import { hold, pause } from "./contact";
import { asErased, dropErased, ERASED } from "./erased";

export const MOST_OPERATIONS = 200;
/** The server takes 256 KiB; the rest is the envelope. */
export const MOST_BYTES = 250 * 1_024;

/** Sends what waits, in order, batch by batch, until nothing more may go now. */
export async function push(db: Database, world: World, who: Identity, holder: string): Promise<Ended> {
  let most = MOST_OPERATIONS;
  let status = await statusDue(db, who, world);
  for (;;) {
    const batch = await pick(db, world, holder, most);
    if (batch === "not_mine") return { kind: "not_mine" };
    if (batch.length === 0 && !status) return DONE;
    const answer = await send(db, world, who, [...batch.map((row) => row.operation), ...(status ? [status] : [])]);
    if (answer.kind === "ok" && isPushed(answer.body)) {
      await answered(db, world, batch, answer.body.outcomes);
      if (status) await statusTold(db, status);
      status = null;
      most = MOST_OPERATIONS;
      continue;
    }
    const isPoison = tooLarge(answer) || malformed(answer);
    if (isPoison && status) {
      // Never let a courtesy stand in the way of an observation.
      status = null;
      await lost(db, batch);
    } else if (isPoison && batch.length > 1) {
      most = Math.ceil(batch.length / 2);
      await lost(db, batch);
    } else if (isPoison && answer.kind === "refused" && batch[0] && isBelievable(answer, batch[0])) {
      await park(db, batch[0], answer.problem.code, answer.problem.facts);
      most = MOST_OPERATIONS;
    } else {
      await lost(db, batch);
      if (answer.kind === "refused" && answer.problem.code === "device_restarted") return { kind: "restarted" };
      return answer.kind === "ok" ? { kind: "lost", retry_after: null } : ended(answer);
    }
  }
}

function tooLarge(answer: Answer): boolean {
  return answer.kind === "refused" ? answer.problem.status === 413 : answer.kind === "lost" && answer.status === 413;
}
/** A few words cannot be too large: then it is not about the operation, and it waits. */
function isBelievable(answer: Answer, row: OutboxRow): boolean {
  return !tooLarge(answer) || JSON.stringify(row.operation).length > 16_384;
}
function malformed(answer: Answer): boolean {
  return answer.kind === "refused" && (answer.problem.status === 400 || answer.problem.status === 422);
}

function isPushed(body: unknown): body is Pushed {
  const outcomes = (body as Partial<Pushed>).outcomes;
  return Array.isArray(outcomes) && outcomes.every((o) => typeof o?.id === "string" && typeof o.outcome === "string");
}

/**
 * The next batch, marked as sending, if this page still is the sender. An entity with a parked or resting operation
 * keeps its later ones back; nobody else waits for it.
 */
async function pick(db: Database, world: World, holder: string, most: number): Promise<OutboxRow[] | "not_mine"> {
  const waiting = await db.read(["outbox"], (tx) => tx.objectStore("outbox").index("passage").count("waiting"));
  const topic = waiting > 0 ? "changed" : "quiet";
  return db.write(
    ["meta", "outbox"],
    async (tx) => {
      if (!(await hold(tx, holder, world.now()))) return "not_mine" as const;
      const batch = fitting(sendable(await open(tx), world.now()), most);
      const picked = batch.map((row) => happened(row, "picked", { attempts: row.attempts + 1 }));
      for (const row of picked) await tx.objectStore("outbox").put(row);
      return picked;
    },
    topic,
  );
}

async function open(tx: Writing): Promise<OutboxRow[]> {
  const passage = tx.objectStore("outbox").index("passage");
  const rows = await Promise.all(
    (["waiting", "sending", "needs_you", "held"] as const).map((word) => passage.getAll(word)),
  );
  return rows.flat().sort((a, b) => a.seq - b.seq);
}

/** In order, without those that wait for an earlier operation on the same entity. */
export function sendable(rows: OutboxRow[], now: number): OutboxRow[] {
  const blocked = new Set<string>();
  return rows.filter((row) => {
    const isOver = row.replaced_by !== null && row.passage === "needs_you";
    if (isOver || blocked.has(row.entity)) return false;
    const longest = row.passage === "held" ? HELD_REST : LONGEST_REST;
    const isResting = row.not_before > now && row.not_before - now <= longest;
    if (row.passage !== "needs_you" && !isResting) return true;
    if (!STANDS_ALONE.has(row.operation.type)) blocked.add(row.entity);
    return false;
  });
}
/** Each says a whole thing by itself, so a later one need not wait for an earlier one. */
const STANDS_ALONE = new Set<OperationType>(["walk.hand_in", "presence.pass", "task.confirm"]);
/** More than this is a clock that was set back. */
const LONGEST_REST = 300_000;
/** A person decides about it: no need to ask more often. */
const HELD_REST = 3_600_000;

function fitting(rows: OutboxRow[], most: number): OutboxRow[] {
  const batch: OutboxRow[] = [];
  let bytes = 0;
  for (const row of rows.slice(0, most)) {
    bytes += new TextEncoder().encode(JSON.stringify(row.operation)).length + 1;
    if (batch.length > 0 && bytes > MOST_BYTES) break;
    batch.push(row);
  }
  return batch;
}

async function send(db: Database, world: World, who: Identity, operations: Operation[]): Promise<Answer> {
  const json: Push = {
    protocol: PROTOCOL,
    device: who.device,
    sent_at: nowInstant(new Date(world.now())),
    session: sessionId(),
    mono_ms: Math.round(performance.now()),
    // Read after the batch was picked: whatever is numbered meanwhile only makes it higher.
    last_seq: ((await meta<number>(db, "next_seq")) ?? 1) - 1,
    operations,
  };
  return ask(world, "/sync/push", { token: who.token, json, gzip: true });
}

function answered(db: Database, world: World, batch: OutboxRow[], outcomes: Outcome[]): Promise<void> {
  const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  return db.write(["outbox", "photos", "bytes"], async (tx) => {
    for (const { seq, id } of batch) {
      const row = await tx.objectStore("outbox").get(seq);
      if (!row) continue;
      if (byId.get(id)?.code === ERASED) {
        await tx.objectStore("outbox").put(asErased(row));
        await dropErased(tx, row.entity);
        continue;
      }
      const next = outcomeOf(row, byId.get(id), world);
      await tx.objectStore("outbox").put(next);
      if (next.passage === "needs_you" && row.operation.type === "photo.declare") await parkPhoto(tx, next);
    }
  });
}

/** No outcome for an operation is no answer: it waits, and is sent again as it is. */
function outcomeOf(row: OutboxRow, outcome: Outcome | undefined, world: World): OutboxRow {
  const word = outcome?.outcome === "repeated" ? outcome.first : outcome?.outcome;
  const happening = word === "deferred" && outcome?.code === "held" ? "held" : HAPPENINGS[word ?? "none"];
  const rest = world.now() + pause(row.attempts, world.random);
  if (!outcome || !happening) return happened(row, "lost", { not_before: rest });
  return happened(row, happening, {
    deferred: happening === "deferred",
    code: outcome.code ?? null,
    facts: outcome.facts ?? null,
    version: outcome.version ?? row.version,
    conflict_id: outcome.conflict_id ?? row.conflict_id,
    receipt: outcome.receipt ?? row.receipt,
    not_before: happening === "held" ? world.now() + HELD_REST : happening === "deferred" ? rest : 0,
  });
}
const HAPPENINGS: Record<string, Happening | undefined> = {
  applied: "applied",
  deferred: "deferred",
  rejected: "rejected",
};

async function parkPhoto(tx: Writing, declared: OutboxRow): Promise<void> {
  const photo = await tx.objectStore("photos").get(declared.entity);
  if (photo) await tx.objectStore("photos").put(happened(photo, "rejected", { code: declared.code }));
}

async function lost(db: Database, batch: OutboxRow[]): Promise<void> {
  if (batch.length === 0) return;
  await db.write(["outbox"], async (tx) => {
    for (const { seq } of batch) {
      const row = await tx.objectStore("outbox").get(seq);
      if (row) await tx.objectStore("outbox").put(happened(row, "lost"));
    }
  });
}

async function park(db: Database, { seq }: OutboxRow, code: string, facts: Record<string, unknown>): Promise<void> {
  await db.write(["outbox", "photos"], async (tx) => {
    const row = await tx.objectStore("outbox").get(seq);
    if (!row) return;
    const parked = happened(row, "rejected", { code, facts: facts ?? null });
    await tx.objectStore("outbox").put(parked);
    if (row.operation.type === "photo.declare") await parkPhoto(tx, parked);
  });
}

// ---------------------------------------------------------------- how many drafts there are: the only thing told before hand-in

/** Not numbered and not kept: the next one says it better. */
async function statusDue(db: Database, who: Identity, world: World): Promise<Operation<"device.status"> | null> {
  const body = await toTell(db);
  const told = await meta<Bodies["device.status"] | number>(db, "drafts_told");
  if (JSON.stringify(body) === JSON.stringify(typeof told === "number" || told === null ? untold(told) : told))
    return null;
  return {
    id: uuid7(),
    seq: null,
    type: "device.status",
    entity: who.device,
    base: null,
    at: nowInstant(new Date(world.now())),
    mono_ms: Math.round(performance.now()),
    session: sessionId(),
    body,
  };
}

/** Counts, and whether the browser has promised to keep what is counted. */
async function toTell(db: Database): Promise<Bodies["device.status"]> {
  const counted = await db.read(["drafts", "outbox"], async (tx) => {
    const stuck = await tx.objectStore("outbox").index("passage").getAll("needs_you");
    return {
      drafts: await tx.objectStore("drafts").count(),
      needs_you: stuck.filter((row) => row.replaced_by === null).length,
    };
  });
  const kept = (await globalThis.navigator?.storage?.persisted?.().catch(() => null)) ?? null;
  return { ...counted, kept };
}

/** What an earlier version of the app has told, or hand-in: a number of drafts, and nothing else. */
function untold(drafts: number | null): Bodies["device.status"] {
  return { drafts: drafts ?? 0, needs_you: 0, kept: null };
}

async function statusTold(db: Database, status: Operation<"device.status">): Promise<void> {
  await db.write(["meta"], (tx) => setMeta(tx, "drafts_told", status.body), "quiet");
}
