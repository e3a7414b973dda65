import { icons } from "virtual:icons?triangle-alert";
import type { RuleFault } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { href, path } from "../router";

const EVERY = 60_000;

/** Over every room until it is mended: a rule that holds can no longer decide. */
export function RuleAlarm() {
  const found = useLoad<{ alarms: RuleFault[] }>("/api/rules/alarms", EVERY).data;
  const n = new Set(found?.alarms.map((it) => it.rule)).size;
  if (n === 0) return null;
  return (
    <div class="told">
      <div class="stale" role="alert">
        <Icon drawing={icons["triangle-alert"] ?? ""} />
        <span>{t("rules.alarm", { n })}</span>
        {path.value !== "/regler" && (
          <a class="btn" href={href("/regler")}>
            {t("rules.alarm_look")}
          </a>
        )}
      </div>
    </div>
  );
}
