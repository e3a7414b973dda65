import { t } from "../../parts/words";
import type { TroubleKind } from "./api";
import type { Refusal } from "./submit";

/** Codes of a refused operation that have a sentence of their own. The rest get the common one, with the code. */
export const REFUSALS = [
  "no_such_arrow",
  "not_your_task",
  "filter_not_yours",
  "not_allowed",
  "closer_cannot_verify",
  "field_missing",
  "public_text_not_safe",
  "personal_data",
  "date_not_possible",
  "seen_before_done",
  "task_is_closed",
  "task_is_gone",
  "task_is_made",
  "tasks_cannot_merge",
  "not_merged",
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
  "reason_missing",
  "conflict_closed",
  "conflict_moved",
  "conflict_not_takeable",
  "erased",
  "under_hold",
  "same_owner",
  "rulebook_broken",
  "rulebook_not_tried",
  "rulebook_not_a_draft",
  "rulebook_draft_exists",
  "rulebook_moved",
  "rulebook_never_live",
  "protocol_moved",
  "nothing_changed",
  "nothing_doubted",
  "nothing_to_verify",
  "too_many_stops",
  "not_on_this_walk",
  "protocol_not_signable",
  "protocol_no_such_part",
  "four_eyes",
  "case_decided",
  "nothing_decided",
  "too_much_at_once",
  "not_an_address",
  "party_unknown",
  "step_unknown",
  "link_over",
  "answered_already",
  "message_sent_already",
  "no_card",
  "card_too_late",
  "not_publishable",
  "not_published",
  "seen_has_moved",
  "photo_not_releasable",
  "key_unsound",
  "key_revoked",
  "address_unsound",
  "partner_unknown",
  "delivery_stands",
  "update_repeated",
  "agreement_not_possible",
  "count_not_possible",
  "heading_adds_numbers",
  "no_such_promise_arrow",
  "nothing_seen_there",
  "owner_unknown",
  "preview_is_old",
  "promise_is_answered",
  "promise_not_public",
  "report_crosses_the_end",
] as const;

export function refusalText(refusal: Refusal): string {
  return (REFUSALS as readonly string[]).includes(refusal.code)
    ? t(`refused.${refusal.code}`, refusal.facts)
    : t("refused.other", { code: refusal.code });
}

export interface TroubleWords {
  title: string;
  text: string;
}

export function troubleText(kind: TroubleKind): TroubleWords {
  return { title: t(`trouble.${kind}.title`), text: t(`trouble.${kind}.text`) };
}
