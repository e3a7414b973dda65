import type { Database } from "./database";
import { forgetProven } from "./forget";

const MIB = 1_048_576;
/** One photo is at most about half a MiB; the write and its journal need some room beside it. */
export const FULL_BELOW = 4 * MIB;
/** About an evening's photos. */
export const TIGHT_BELOW = 48 * MIB;

export type Room = "ok" | "tight" | "full";

/**
 * Asked before the shutter, so that nobody takes a photo that cannot be kept. When room is short, photos that the
 * municipality is proven to have make way first. A browser that cannot say (iOS 16) answers "ok": the write itself tells.
 */
export async function roomForPhoto(db: Database): Promise<Room> {
  const before = await room();
  if (before === "ok") return before;
  return (await forgetProven(db, "storage_short")) > 0 ? room() : before;
}

async function room(): Promise<Room> {
  const { quota, usage } = (await globalThis.navigator?.storage?.estimate?.().catch(() => null)) ?? {};
  if (quota === undefined || usage === undefined) return "ok";
  const free = quota - usage;
  if (free < FULL_BELOW) return "full";
  return free < TIGHT_BELOW ? "tight" : "ok";
}
