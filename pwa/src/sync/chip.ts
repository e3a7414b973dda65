import type { Database } from "../storage/database";
import { items, together } from "./items";

export type ChipWord = "saved" | "waiting" | "sending" | "received" | "needs_you" | "held" | "unprotected";
export interface Chip {
  word: ChipWord;
  n: number;
}

/**
 * The one word on every screen. Before hand-in it only counts what is saved: nothing waits for a network that nobody
 * has let go of. What needs a person comes first.
 */
export async function chip(db: Database): Promise<Chip> {
  const all = await items(db, null);
  const away = all.filter((item) => item.passage !== "draft");
  const word = together(away.map((item) => item.passage));
  const drafts = all.length - away.length;
  if (word === "needs_you" || word === "sending" || word === "waiting") return { word, n: count(away, word) };
  if (drafts > 0 || away.length === 0)
    return (await protectedStorage()) ? { word: "saved", n: drafts } : { word: "unprotected", n: drafts };
  return word === "held" ? { word, n: count(away, word) } : { word: "received", n: away.length };
}

function count(all: { passage: string }[], word: string): number {
  return all.filter((item) => item.passage === word).length;
}

/** A browser that cannot say is not accused. */
async function protectedStorage(): Promise<boolean> {
  return (await globalThis.navigator?.storage?.persisted?.().catch(() => true)) ?? true;
}
