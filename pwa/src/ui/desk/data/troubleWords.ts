import { t } from "../../parts/words";
import type { TroubleKind } from "./api";
import type { Refusal } from "./submit";

/** Codes of a refused operation that have a sentence of their own. The rest get the common one, with the code. */
export const REFUSALS = [
  "no_such_arrow",
  "not_your_task",
  "not_allowed",
  "closer_cannot_verify",
  "field_missing",
  "public_text_not_safe",
  "personal_data",
  "date_not_possible",
  "seen_before_done",
  "task_is_closed",
  "needs_a_finding",
  "text_too_long",
  "walk_ended",
  "walk_not_plannable",
  "missing",
  "department_unknown",
  "social_is_not_a_task",
  "social_takes_no_photo",
  "kind_is_not_a_task",
  "category_unknown",
  "cannot_merge",
  "too_many_photos",
  "not_your_observation",
  "severity_unknown",
  "position_out_of_range",
  "malformed",
  "no_owner",
  "photo_too_large",
  "photo_differs",
  "photo_role_differs",
  "photo_of_another",
] as const;

export function refusalText(refusal: Refusal): string {
  return (REFUSALS as readonly string[]).includes(refusal.code)
    ? t(`refused.${refusal.code}`)
    : t("refused.other", { code: refusal.code });
}

export interface TroubleWords {
  title: string;
  text: string;
}

export function troubleText(kind: TroubleKind): TroubleWords {
  return { title: t(`trouble.${kind}.title`), text: t(`trouble.${kind}.text`) };
}
