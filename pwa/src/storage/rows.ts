import type { Passage } from "../domain/outbox";
import type {
  Feeling,
  Instant,
  Kind,
  ObservationBody,
  Operation,
  PhotoState,
  Receipt,
  States,
  Uuid,
} from "../domain/wire";

// ---------------------------------------------------------------- drafts: rows, freely deleted; nothing here is an operation

export interface PhotoDraft {
  id: Uuid;
  of: Uuid;
  bytes: ArrayBuffer;
  width: number;
  height: number;
  masks: number;
  taken_at: Instant;
  /** The question about people is answered, or they are painted over. */
  checked: boolean;
}
export interface ObservationDraft extends Omit<ObservationBody, "photos" | "sent_alone" | "category"> {
  id: Uuid;
  category: string | null;
  mono_ms: number;
  session: Uuid;
  photos: Uuid[];
  undo_until?: number;
}
/** One per stop and phone. */
export interface FeelingDraft {
  id: Uuid;
  walk: Uuid;
  stop: Uuid;
  felt_at: Instant;
  own: Feeling | null;
  counts: Record<Feeling, number> | null;
  mono_ms: number;
  session: Uuid;
}
/** One per stop and item. */
export interface AnswerDraft {
  id: Uuid;
  walk: Uuid;
  stop: Uuid;
  template: string;
  template_version: number;
  item: string;
  answer: "yes" | "no" | "unknown";
  answered_at: Instant;
  mono_ms: number;
  session: Uuid;
}

export type DraftRow =
  | { kind: "observation"; id: Uuid; walk: Uuid; draft: ObservationDraft }
  | { kind: "feeling"; id: Uuid; walk: Uuid; draft: FeelingDraft }
  | { kind: "answer"; id: Uuid; walk: Uuid; draft: AnswerDraft };

// ---------------------------------------------------------------- photos: what is known of one, apart from its bytes

/** A photo of a draft has passage "draft". The bytes lie in their own store, so that progress never rewrites them. */
export interface PhotoRow {
  id: Uuid;
  of: Uuid;
  width: number;
  height: number;
  masks: number;
  taken_at: Instant;
  checked: boolean;
  size: number;
  /** New at every change of the bytes: a digest belongs to one revision. */
  revision: Uuid;
  passage: Passage;
  walk: Uuid | null;
  sha256: string | null;
  /** How often every byte arrived and the digest did not match. */
  mismatches: number;
  /** Where tus goes on; chosen by the server. */
  url: string | null;
  sent: number;
  attempts: number;
  not_before: number;
  code: string | null;
  /** The server's own time when a pull, later than the upload, showed this digest on disk. */
  proved_at: Instant | null;
}
export interface BytesRow {
  id: Uuid;
  bytes: ArrayBuffer;
}

// ---------------------------------------------------------------- outbox

/** One operation, minted once and never changed; what changes stands beside it. The key is its sequence number. */
export interface OutboxRow {
  seq: number;
  id: Uuid;
  entity: Uuid;
  walk: Uuid | null;
  operation: Operation;
  passage: Passage;
  attempts: number;
  not_before: number;
  /** The server has it, and waits for something else. */
  deferred: boolean;
  /** Why it needs somebody, or what the server waits for. */
  code: string | null;
  facts: Record<string, unknown> | null;
  version: number | null;
  conflict_id: Uuid | null;
  receipt: Receipt | null;
  /** A later operation says the same thing better: this one is kept, and blocks nothing. */
  replaced_by: Uuid | null;
}

// ---------------------------------------------------------------- what came down

export interface StateRow<K extends Kind = Kind> {
  kind: K;
  id: string;
  version: number;
  state: States[K];
  /** Which fetch from nothing it belongs to; older runs are dropped when a new one is complete. */
  run: number;
}
export type { PhotoState };

export interface MetaRow {
  key: string;
  value: unknown;
}
