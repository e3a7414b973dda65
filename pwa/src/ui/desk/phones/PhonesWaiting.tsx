import { icons } from "virtual:icons?clock-alert";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { href } from "../router";

interface Waits {
  not_done: number;
  held: number;
  photos_wait: number;
  store_silent_since: string | null;
}
const NOTHING: Waits = { not_done: 0, held: 0, photos_wait: 0, store_silent_since: null };
const POLL_MS = 30_000;

/** On the coordinator's first screen, and only when there is something: the way to the phones. */
export function PhonesWaiting() {
  const found = useLoad<Waits>("/api/phones", POLL_MS);
  const { not_done, held, photos_wait, store_silent_since } = found.data ?? NOTHING;
  if (not_done + held === 0 && !store_silent_since) return null;
  return (
    <a class="btn waits" href={href("/telefoner")}>
      <Icon drawing={icons["clock-alert"] ?? ""} />
      {store_silent_since
        ? t("phones.photos_stand", { n: photos_wait })
        : held > 0
          ? t("phones.held", { n: held })
          : t("phones.count", { n: not_done })}
    </a>
  );
}
