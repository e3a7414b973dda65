import { clock } from "../../domain/times";
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
} as const;

/** Where one thing is on its way: icon, word and colour. Only the server's receipt says "Mottaget". */
export function ItemState({ item }: { item: Item }) {
  const [icon, tone] = LOOK[item.passage];
  return (
    <>
      <p class={`tag ${tone}`}>
        <Icon drawing={drawing(icon)} />
        {words(item)}
      </p>
      {item.percent !== null && item.passage === "sending" && (
        <div class="progress" aria-hidden="true">
          <div style={{ width: `${item.percent}%` }} />
        </div>
      )}
    </>
  );
}

function words(item: Item): string {
  if (item.passage === "received" && item.receipt)
    return t("item.received", { clock: clock(item.receipt.received_at) });
  if (item.passage === "sending") return t("item.sending", { percent: item.percent ?? 0 });
  if (item.passage === "needs_you") return t(`item.needs.${KNOWN.has(item.code ?? "") ? item.code : "other"}`);
  return t(`item.${item.passage}`);
}

const KNOWN = new Set([
  "device_unknown",
  "personal_data",
  "photo_damaged",
  "photo_missing_here",
  "photo_too_large",
  "text_too_long",
  "walk_ended",
]);
