import { icons } from "virtual:icons?footprints";
import type { ProtocolView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { href } from "../router";

/** What of this walk is said to be mended and nobody else has seen, and the way to go and look. */
export function Again({ view }: { view: ProtocolView }) {
  const { minutes, protocol } = view;
  const all = [...minutes.actions, ...(minutes.earlier?.actions ?? [])];
  const walks = [protocol.walk, ...(minutes.earlier ? [minutes.earlier.walk] : [])];
  const waiting = new Set(all.filter(({ state }) => state === "done").map(({ id }) => id)).size;
  return (
    <section class="group">
      <h2 id="again">{t("rewalk.title")}</h2>
      <p>{t("rewalk.lead", { n: waiting })}</p>
      {waiting > 0 && (
        <p>
          <a class="btn" href={href(`/vandringar/igen?vandring=${walks.join(",")}`)}>
            <Icon drawing={icons.footprints ?? ""} />
            {t("rewalk.plan")}
          </a>
        </p>
      )}
    </section>
  );
}
