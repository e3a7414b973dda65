import type { WalkCardView } from "../domain/wire";
import type { Database } from "../storage/database";
import { type Identity, meta, setMeta, WALK_CARD } from "../storage/identity";
import { walk } from "../storage/states";
import { ask, type World } from "./ask";

/**
 * The walk's card comes while there is a network, so that the group can be shown it without one. The walk names the card
 * in use: nothing is asked while that one is here, and one that is shut or replaced goes.
 */
export async function fetchCard(db: Database, world: World, who: Identity): Promise<void> {
  if (who.surface !== "field") return;
  const named = (await walk(db, who.walk))?.card;
  const kept = await meta<WalkCardView>(db, WALK_CARD);
  if (named === undefined || named === kept?.id) return;
  if (kept) await db.write(["meta"], (tx) => tx.objectStore("meta").delete(WALK_CARD), "changed");
  if (named === null) return;
  const answer = await ask(world, "/api/card", { token: who.token });
  if (answer.kind !== "ok") return;
  const card = answer.body as Partial<WalkCardView>;
  const whole = [card.id, card.code, card.address, card.qr_svg, card.through].every((it) => typeof it === "string");
  if (whole && card.walk === who.walk) await db.write(["meta"], (tx) => setMeta(tx, WALK_CARD, card), "changed");
}

/** The one to show for this phone's walk. Two weeks after the walk the phone has forgotten it, and the card still holds. */
export async function walkCard(db: Database, who: Identity): Promise<WalkCardView | null> {
  const [kept, evening] = await Promise.all([meta<WalkCardView>(db, WALK_CARD), walk(db, who.walk)]);
  if (kept?.walk !== who.walk) return null;
  return evening?.card === undefined || evening.card === kept.id ? kept : null;
}
