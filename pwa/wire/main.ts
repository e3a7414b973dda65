/**
 * Phones for the wire bench, told what to do by lines of JSON on standard input and answering on standard output:
 * `node main.js <page.js> <folder of photos>`. One process plays one schedule's phones at a time.
 */
import "fake-indexeddb/auto";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Evaluate, Product } from "./phone";
import { type Act, Player, type Walk } from "./player";

interface Opening {
  do: "open";
  seed: number;
  address: string;
  walk: Walk;
  phones: { wall: number; hasLocks: boolean; plant: string | null }[];
}
type Told =
  | Opening
  | { do: "step"; acts: { act: Act; settle: boolean }[] }
  | { do: "heal"; keepsDrafts: boolean[] }
  | { do: "look" | "dump" | "close" };

const [code, folder] = [process.argv[2] as string, process.argv[3] as string];
const evaluate = compiled(readFileSync(code, "utf8"));
const photos = readdirSync(folder)
  .sort()
  .map((name) => readFileSync(`${folder}/${name}`))
  .map((bytes) => new Uint8Array(bytes).buffer);
let players: Player[] = [];

/** The page's script is read once and evaluated for every page, with that page's own globals. */
function compiled(script: string): Evaluate {
  const names = new Set<string>();
  let make: ((...values: unknown[]) => Product) | null = null;
  return (globals) => {
    if (!make) {
      for (const name of Object.keys(globals)) names.add(name);
      make = new Function(...names, `${script}\nreturn Page;`) as (...values: unknown[]) => Product;
    }
    return make(...[...names].map((name) => globals[name]));
  };
}

async function obey(told: Told): Promise<unknown> {
  switch (told.do) {
    case "open":
      return open(told);
    case "step":
      await Promise.all(told.acts.map(({ act, settle }, n) => step(players[n] as Player, act, settle)));
      return null;
    case "heal":
      return Promise.all(players.map((player, n) => player.heal(told.keepsDrafts[n] ?? false)));
    case "look":
      return Promise.all(players.map(looked));
    case "dump":
      return Promise.all(players.map(dumped));
    case "close":
      for (const player of players) player.end();
      players = [];
      return null;
  }
}

async function open({ seed, address, walk, phones }: Opening): Promise<boolean[]> {
  players = phones.map((facts, phone) => new Player({ seed, phone, address, evaluate, ...facts }, walk, photos));
  return Promise.all(players.map((player) => player.begin(40)));
}

async function step(player: Player, act: Act, settle: boolean): Promise<void> {
  await player.take(act);
  if (settle) await player.quiet();
}

/** Where everything is in this moment. */
async function looked(player: Player) {
  const { drafts, outbox, states } = await player.stores("drafts", "outbox", "states");
  return {
    ledger: player.ledger,
    drafts: (drafts as { id: string }[]).map(({ id }) => id),
    outbox: (outbox as { entity: string; replaced_by: string | null }[]).map(({ entity }) => entity),
    states: (states as { kind: string; id: string; version: number; run: number }[]).map((row) => [
      `${row.kind} ${row.id}`,
      row.run,
      row.version,
    ]),
    faults: player.faults,
  };
}

async function dumped(player: Player) {
  const stores = await player.stores("meta", "drafts", "photos", "bytes", "outbox", "states");
  const bytes = (stores.bytes as { id: string; bytes: ArrayBuffer }[]).map((row) => ({
    id: row.id,
    size: row.bytes.byteLength,
    sha256: createHash("sha256").update(new Uint8Array(row.bytes)).digest("hex"),
  }));
  return { ...stores, bytes, ledger: player.ledger, faults: player.faults };
}

// A page that was ended leaves promises nobody waits for.
process.on("unhandledRejection", () => undefined);
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await obey(JSON.parse(line) as Told).then(
    (said) => ({ said }),
    (error: unknown) => ({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
