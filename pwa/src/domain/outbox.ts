/** Where something made on this phone is on its way to the municipality. Operations and photos travel alike. */
export type Passage = "draft" | "waiting" | "sending" | "received" | "needs_you" | "held";

/**
 * handed_in: the person let it go. picked: a sender took it. lost: no answer that was ours. applied: the server has it.
 * deferred: the server waits for something else. rejected: the server said no, with a reason. asked_again: the person
 * wants another try. forgotten: the server was restored from a backup and no longer has it. refused: the server looked
 * closer at what it had received, and cannot use it. held: the server has it, and a person there must let it in.
 */
export type Happening =
  | "handed_in"
  | "picked"
  | "lost"
  | "applied"
  | "deferred"
  | "rejected"
  | "asked_again"
  | "forgotten"
  | "refused"
  | "held";

/**
 * Every passage answers every happening; a missing cell does not compile. Answers may come late, twice, or to another
 * tab, so nothing but `forgotten` and `refused` leave `received`, and only a person, a late "applied" or a server that has
 * forgotten its own no leaves `needs_you`.
 */
export const NEXT: Record<Passage, Record<Happening, Passage>> = {
  draft: {
    handed_in: "waiting",
    picked: "draft",
    lost: "draft",
    applied: "draft",
    deferred: "draft",
    rejected: "draft",
    asked_again: "draft",
    forgotten: "draft",
    refused: "draft",
    held: "draft",
  },
  waiting: {
    handed_in: "waiting",
    picked: "sending",
    lost: "waiting",
    applied: "received",
    deferred: "waiting",
    rejected: "needs_you",
    asked_again: "waiting",
    forgotten: "waiting",
    refused: "needs_you",
    held: "held",
  },
  sending: {
    handed_in: "sending",
    picked: "sending", // a crash left it here, and the next sender takes it up
    lost: "waiting",
    applied: "received",
    deferred: "waiting",
    rejected: "needs_you",
    asked_again: "sending",
    forgotten: "waiting",
    refused: "needs_you",
    held: "held",
  },
  received: {
    handed_in: "received",
    picked: "received",
    lost: "received",
    applied: "received",
    deferred: "received",
    rejected: "received",
    asked_again: "received",
    forgotten: "waiting",
    refused: "needs_you",
    held: "received",
  },
  needs_you: {
    handed_in: "needs_you",
    picked: "needs_you",
    lost: "needs_you",
    applied: "received",
    deferred: "needs_you",
    rejected: "needs_you",
    asked_again: "waiting",
    forgotten: "waiting",
    refused: "needs_you",
    held: "needs_you",
  },
  held: {
    handed_in: "held",
    picked: "sending", // asked about again, now and then
    lost: "held",
    applied: "received",
    deferred: "waiting",
    rejected: "needs_you",
    asked_again: "held",
    forgotten: "waiting",
    refused: "needs_you",
    held: "held",
  },
};
