import { t } from "../../parts/words";

/** A code from the server as something to act on; codes with a number in them are read by their beginning. */
export function deliveryReason(code: string): string {
  if (code.startsWith("unclear")) return t("delivery.reason.unclear");
  if (code.startsWith("http_")) return t("delivery.reason.http", { code: code.slice(5) });
  if (code.startsWith("attribute_missing")) {
    return t("delivery.reason.attribute_missing", { code: code.slice("attribute_missing: ".length) });
  }
  const known = [
    "not_reached",
    "name_unknown",
    "address_not_allowed",
    "no_answer",
    "wrong_answer",
    "no_service_code",
    "key_not_readable",
    "too_many_requests",
    "paused",
  ];
  return known.includes(code) ? t(`delivery.reason.${code}`) : t("delivery.reason.other", { code });
}
