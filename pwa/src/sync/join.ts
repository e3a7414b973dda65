import { uuid7 } from "../domain/ids";
import { nowInstant } from "../domain/times";
import type { Joined, Problem, Uuid, WalkCard } from "../domain/wire";
import type { Database } from "../storage/database";
import { type Identity, identity, saveIdentity, setMeta } from "../storage/identity";
import { type Answer, ask, browserWorld, type World } from "./ask";

export type Invitation = { code: string } | { secret: string };

/** The server said no; `problem.detail` is Swedish and may be shown. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.name = "Refused";
    this.problem = problem;
  }
}

/** No answer of ours came: no network, or somebody else's page in between. */
export class Unreachable extends Error {
  constructor() {
    super("no answer from the server");
    this.name = "Unreachable";
  }
}

export async function look(invitation: Invitation, world: World = browserWorld): Promise<WalkCard> {
  return told<WalkCard>(await ask(world, "/api/join/look", { json: tidy(invitation) }), ["municipality", "name"]);
}

/** May be repeated: the same phone gets a fresh token, and is counted once. */
export async function join(
  db: Database,
  invitation: Invitation,
  alias: string,
  world: World = browserWorld,
): Promise<Identity> {
  const device = await deviceFor(db, invitation, world);
  const json = { ...tidy(invitation), device, key: await ownKey(db), alias, language: "sv" };
  const joined = told<Joined>(await ask(world, "/api/join", { json }), ["token", "device", "walk"]);
  const who: Identity = { ...joined, alias, joined_at: nowInstant(new Date(world.now())), surface: db.surface };
  await saveIdentity(db, who);
  return who;
}

/** The field secretary's phone: the session at the desk vouches for it once; then it lives on its own token. */
export async function enrol(db: Database, alias = "", world: World = browserWorld): Promise<Identity> {
  const device = await newOrOwnDevice(db);
  const answer = await ask(world, "/api/session/device", { json: { device, key: await ownKey(db) }, cookies: true });
  const joined = told<Omit<Joined, "walk"> & { organisation: string }>(answer, ["token", "device", "organisation"]);
  const joined_at = nowInstant(new Date(world.now()));
  const who: Identity = { ...joined, walk: "", alias, joined_at, surface: db.surface };
  await saveIdentity(db, who);
  return who;
}

/** "abcd-efgh" as typed with cold fingers: Crockford reads O as 0 and I, L as 1. */
function tidy(invitation: Invitation): Invitation {
  if (!("code" in invitation)) return invitation;
  const letters = invitation.code.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return { code: letters.length === 8 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters };
}

function told<T>(answer: Answer, expected: (keyof T & string)[]): T {
  if (answer.kind === "refused") throw new Refused(answer.problem);
  if (answer.kind === "lost") throw new Unreachable();
  const body = answer.body as T & object;
  if (expected.some((key) => !(key in body))) throw new Unreachable();
  return body;
}

/**
 * One id per phone and municipality, written down before it is used. What is unsent belongs to the municipality it was
 * made for, and is never sent to another: such a phone sends first.
 */
async function deviceFor(db: Database, invitation: Invitation, world: World): Promise<Uuid> {
  const before = await identity(db);
  if (!before) return newOrOwnDevice(db);
  const card = await look(invitation, world);
  if (card.municipality.id === before.municipality) return before.device;
  const unsent = await db.read(["outbox", "drafts"], async (tx) => {
    const rows = await tx.objectStore("outbox").getAll();
    const open = rows.filter((row) => row.passage !== "received" && row.replaced_by === null).length;
    return open + (await tx.objectStore("drafts").count());
  });
  if (unsent > 0) throw new Refused(elsewhere(unsent));
  return replaceDevice(db);
}

/** Shown at every joining, so that nobody who learns the phone's id can join in its name. Leaves for nothing else but to prove that this phone made a rescue file, sealed inside it. */
export function ownKey(db: Database): Promise<string> {
  return db.write(["meta"], async (tx) => {
    const known = (await tx.objectStore("meta").get("join_key"))?.value as string | undefined;
    if (known) return known;
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const key = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    await setMeta(tx, "join_key", key);
    return key;
  });
}

function newOrOwnDevice(db: Database): Promise<Uuid> {
  return db.write(["meta"], async (tx) => {
    const known = (await tx.objectStore("meta").get("device"))?.value as { id: Uuid } | undefined;
    const device = known?.id ?? uuid7();
    if (!known) await setMeta(tx, "device", { id: device });
    return device;
  });
}

/** Nothing is unsent: another municipality sees a new phone that counts from one. */
function replaceDevice(db: Database): Promise<Uuid> {
  return db.write(["meta", "outbox", "photos", "bytes", "states"], async (tx) => {
    for (const store of ["meta", "outbox", "photos", "bytes", "states"] as const) await tx.objectStore(store).clear();
    const device = uuid7();
    await setMeta(tx, "device", { id: device });
    return device;
  });
}

function elsewhere(unsent: number): Problem {
  return {
    code: "unsent_for_another_municipality",
    title: "Det finns sådant som inte är skickat",
    detail: "Telefonen har kvar sådant som hör till en annan kommun. Skicka det först. Gå sedan med här.",
    status: 409,
    facts: { unsent },
  };
}
