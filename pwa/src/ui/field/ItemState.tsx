import { clock } from "../../domain/times";
import { ERASED } from "../../sync/erased";
import type { Item } from "../../sync/items";
import { Icon } from "../parts/Icon";
import { t } from "../parts/words";
import { drawing } from "./icons";

const LOOK = {
  draft: ["smartphone", "t-quiet"],
  waiting: ["smartphone", "t-quiet"],
  sending: ["arrow-up", "t-move"],
  received: ["badge-check", "t-calm"],
  needs_you: ["hand", "t-need"],
  held: ["users", "t-move"],
} as const;
const GONE = ["eye-off", "t-quiet"] as const;

/** Where one thing is on its way: icon, word and colour. Only the server's receipt says "Mottaget". */
export function ItemState({ item }: { item: Item }) {
  const [icon, tone] = item.code === ERASED && item.passage === "received" ? GONE : LOOK[item.passage];
  return (
    <>
      <p class={`tag ${tone}`}>
        <Icon drawing={drawing(icon)} />
        {words(item)}
      </p>
      {item.met && (
        <p class="tag t-need">
          <Icon drawing={drawing("hand")} />
          {t(`item.met.${item.met}`)}
        </p>
      )}
      {item.percent !== null && item.passage === "sending" && (
        <div class="progress" aria-hidden="true">
          <div style={{ width: `${item.percent}%` }} />
        </div>
      )}
    </>
  );
}

function words(item: Item): string {
  if (item.passage === "received" && item.code === ERASED) return t("item.erased");
  if (item.passage === "received" && item.receipt)
    return t("item.received", { clock: clock(item.receipt.received_at) });
  if (item.passage === "sending") return t("item.sending", { percent: item.percent ?? 0 });
  if (item.passage === "needs_you") return t(`item.needs.${KNOWN.has(item.code ?? "") ? item.code : "other"}`);
  return t(`item.${item.passage}`);
}

const KNOWN = new Set([
  "device_unknown",
  "not_a_photo",
  "personal_data",
  "photo_damaged",
  "photo_missing_here",
  "photo_too_large",
  "text_too_long",
  "too_many_pixels",
  "too_slow_to_decode",
  "truncated",
  "walk_ended",
]);
