/**
 * What travels between phone, desk and server. The Python side is `trygghetsvandring/sync/wire.py`;
 * `docs/api.md` says the same in words. Ids are UUIDv7 made where the thing is made and are never mapped.
 * Times are ISO 8601 with an offset. Positions are WGS 84 degrees, distances metres, ages seconds.
 */

export type Uuid = string;
export type Instant = string;
export type DateOnly = string;

export const PROTOCOL = 1;

// ---------------------------------------------------------------- errors (application/problem+json)

/** Every refused request answers with this body. `code` is stable, `facts` are plain values, `detail` is plain Swedish. */
export interface Problem {
  code: string;
  title: string;
  detail: string;
  status: number;
  facts: Record<string, unknown>;
}

// ---------------------------------------------------------------- joining a walk
// POST /api/join/look  {code} | {secret}                         -> WalkCard     404 invite_unknown, 410 invite_ended, 429 too_many_tries
// POST /api/join       {code|secret, device, key, alias?, language?} -> Joined  the same, and 409 invite_full; repeating it with the same device and key gives a fresh token,
//                      with another key 403 not_this_phone: knowing a phone's id is not being that phone
// The link is `${public}/#g=<secret>` (128 bits, base64url); the typed code is 8 Crockford characters, shown "ABCD-EFGH".

export interface WalkCard {
  municipality: { id: string; name: string };
  name: string;
  place: string;
  starts_at: Instant;
  ends_at: Instant;
  leader: string;
  meeting_point: string;
  stops: number;
  length_m: number;
  points: [lat: number, lon: number][];
}
export interface Joined {
  token: string; // Authorization: Bearer <token>, for /sync, /uploads and /photos
  device: Uuid;
  walk: Uuid;
  municipality: string;
}

// ---------------------------------------------------------------- operations up: POST /sync/push
// Body may be gzip (Content-Encoding: gzip). At most 200 operations or 256 KiB; the phone splits.
// 200 with one outcome per operation, in order. 401 device_unknown, 413 batch_too_large, 400 batch_malformed: nothing was processed.
// Every answer carries the header `Trygg-Protocol: 1` and content type application/json; anything else is not an answer.

export interface Push {
  protocol: number;
  device: Uuid;
  sent_at: Instant; // phone's wall clock when sending
  session: Uuid; // new at every start of the app
  mono_ms: number; // performance.now() when sending, same session
  operations: Operation[];
}

export interface Operation<T extends OperationType = OperationType> {
  id: Uuid;
  seq: number | null; // gapless per phone, minted at hand-in; null from a desk
  type: T;
  entity: Uuid; // what the operation is about; only operations on the same entity wait for each other
  base: number | null; // version the change was made on; null = creates, or does not care
  at: Instant; // wall clock when the person did it
  mono_ms: number; // performance.now() then
  session: Uuid; // session it was done in
  body: Bodies[T];
}

export type OutcomeWord = "applied" | "repeated" | "deferred" | "rejected";

export interface Outcome {
  id: Uuid;
  outcome: OutcomeWord;
  /** For `repeated`: what was answered the first time. */
  first?: Exclude<OutcomeWord, "repeated">;
  version?: number;
  code?: string; // for rejected and deferred
  facts?: Record<string, unknown>;
  conflict_id?: Uuid;
  receipt?: Receipt;
}
export interface Receipt {
  number: string; // "LK-4471"
  received_at: Instant;
  /** When a person will read it, ready to show: "måndag 23 november". */
  read_on: DateOnly;
}
export interface Pushed {
  protocol: number;
  server_time: Instant;
  outcomes: Outcome[];
}

export type OperationType = keyof Bodies;

export interface Bodies {
  // --- phone, before hand-in only these two travel (joining itself is POST /api/join)
  "device.status": { drafts: number };
  "walk.hand_in": { walk: Uuid; items: number; first_seq: number; last_seq: number };

  // --- phone, minted at hand-in
  /** `own`: one person's answer. `counts`: the recorder's; n counts people. entity = a fresh id per answer. */
  "feeling.answer": {
    walk: Uuid;
    stop: Uuid;
    felt_at: Instant;
    own: Feeling | null;
    counts: Record<Feeling, number> | null;
  };
  "checklist.answer": {
    walk: Uuid;
    stop: Uuid;
    template: string;
    template_version: number;
    item: string;
    answer: "yes" | "no" | "unknown";
    answered_at: Instant;
  };
  "observation.record": ObservationBody;
  /** After hand-in: a new version. Only the fields named are changed. */
  "observation.correct": Partial<Pick<ObservationBody, "category" | "severity" | "text" | "position" | "place_words">>;
  "observation.withdraw": { reason: string };
  "photo.declare": {
    of: { kind: "observation" | "task"; id: Uuid };
    role: "before" | "after";
    sha256: string; // lower-case hex of the masked bytes; the camera original never leaves the phone
    bytes: number;
    media_type: "image/jpeg";
    width: number;
    height: number;
    masks: number; // number of boxes painted over before hand-in
    taken_at: Instant;
  };
  /** Somebody who walked has been there after the work was said to be done. entity = the task. */
  "task.confirm": { seen: "good" | "partly" | "no" | "not_there"; seen_on: DateOnly | null };

  // --- field secretary's phone: each saving is its own hand-in
  /** entity = passId(organisation, evening, kind): the same on every phone of the team. */
  "presence.pass": { evening: DateOnly; kind: "field_shift" | "night_walk"; adults: number | null };
  "presence.log": PresenceBody;
  "presence.correct": Partial<PresenceBody>;

  // --- desk: coordinator
  "walk.plan": WalkBody;
  "walk.change": Partial<WalkBody>;
  /** Makes a new link and code, and ends the one before it. entity = the walk. */
  "walk.invite": { cap: number };
  "walk.end": Record<string, never>;
  "observation.review": { category: string; severity: number | null; note: string };
  "observation.dismiss": { reason: DismissReason; public_text: string };
  "observation.merge": { into: Uuid };
  "observation.unmerge": Record<string, never>;
  "observation.withhold": { reason: string };
  "observation.release": Record<string, never>;
  /** entity = a fresh task id. */
  "task.create": { title: string; observations: Uuid[]; priority: 1 | 2 | 3 };
  "task.link": { observation: Uuid };
  "task.unlink": { observation: Uuid };
  "task.assign": { department: string; explanation: string; due_on: DateOnly };
  "task.reopen": { department: string; seen: string; due_on: DateOnly };

  // --- desk or phone: department
  "task.accept": { person: string };
  "task.decline": { reason: "wrong_owner" | "duplicate" | "unclear"; public_text: string; next_owner: string | null };
  "task.plan": { planned_on: DateOnly };
  "task.start": { note: string };
  "task.wait": { reason: WaitReason; public_text: string; next_look_on: DateOnly };
  "task.refer": { party: string; contact: string; reference: string; public_text: string; next_look_on: DateOnly };
  "task.finish": { extent: "full" | "partly"; public_text: string; photos: Uuid[] };
  /** Department head only; a coordinator for a party that does not sign in, with who said it and when. */
  "task.refuse": { public_text: string; said_by?: string; said_on?: DateOnly | null };
  /** Someone else than the one who finished it. */
  "task.verify": { seen: string; seen_on: DateOnly };
  "task.note": { text: string };
}

export type Feeling = "safe" | "neither" | "unsafe";
export type DismissReason =
  | "positive"
  | "already_fixed"
  | "not_found"
  | "outside_remit"
  | "personal_matter"
  | "lagesbild";
export type WaitReason = "parts" | "permit" | "season" | "budget" | "external" | "investigation";

export interface Position {
  lat: number;
  lon: number;
  accuracy_m: number | null;
  age_s: number;
  source: "gps" | "moved" | "stop" | "map";
}

export interface ObservationBody {
  walk: Uuid;
  stop: Uuid | null; // null = between stops
  category: string;
  severity: 0 | 1 | 2 | 3 | null;
  text: string; // at most 500 characters; the guard has seen it
  position: Position | null;
  place_words: string; // "plats i ord", at most 120 characters
  seen_at: Instant;
  photos: Uuid[]; // declared by photo.declare
  called: { choice: "called" | "not_called"; at: Instant } | null;
  checklist_item: string | null;
  sent_alone: boolean; // handed in by "Lämna in nu"
}

export type Band = "0" | "1-5" | "6-15" | "16-30" | "31+";
export interface PresenceBody {
  pass: Uuid;
  place: string | null; // a place's id
  area: string; // tätort
  at: Instant;
  band: Band;
  mood: "calm" | "lively" | "uneasy" | "threatening";
  /** null when the band is 1-5 (never asked), or not answered. */
  substances: "none" | "signs" | "clear" | null;
  action: "talk" | "support" | "contact" | "present";
  minutes: number | null;
  ages: ("under_13" | "13_15" | "16_18" | "19_25" | "adult")[] | null; // never with band 1-5
  activity: ("hanging_out" | "sport" | "vehicles" | "party" | "youth_centre")[] | null;
  noise: "none" | "some" | "lasting" | null;
}

export interface StopBody {
  id: Uuid;
  number: number;
  name: string;
  place: string | null;
  place_type: string;
  lat: number;
  lon: number;
  radius_m: number;
  template: string;
}
export interface WalkBody {
  name: string;
  place: string;
  starts_at: Instant;
  ends_at: Instant;
  leader: string;
  meeting_point: string;
  recording: "one_recorder" | "own_phones";
  night: boolean; // night walks and field shifts: camera off until `camera` is set, and then for physical faults only
  camera: boolean;
  stops: StopBody[];
}

// ---------------------------------------------------------------- states down: GET /sync/pull?cursor=
// Without a cursor: everything the device may see. `must_refetch` (409, code must_refetch): drop the cache, keep the outbox, pull from nothing.

export interface Pulled {
  protocol: number;
  server_time: Instant;
  epoch: string;
  cursor: string;
  more: boolean;
  changes: Change[];
}
export type Change =
  | { kind: Kind; id: string; version: number; gone: true }
  | { [K in Kind]: { kind: K; id: string; version: number; gone?: false; state: States[K] } }[Kind];

export type Kind = keyof States;
export interface States {
  municipality: MunicipalityState;
  walk: WalkState;
  observation: ObservationState;
  feeling: { id: Uuid; stop: Uuid };
  answer: { id: Uuid; stop: Uuid; item: string };
  photo: PhotoState;
  /** What became of one of this phone's observations. id = the observation's id. */
  reply: ReplyState;
  pass: PassState;
  presence: PresenceState;
}

export interface MunicipalityState {
  id: string;
  name: string;
  duty: { phone: string; hours: string };
  read_by: string; // who reads what is handed in, "Trygghetssamordnaren"
  tell_on_url: string; // the municipality's "Tyck till"
  privacy: { controller: string; dpo: string; basis: string; retention: string; rights: string; disclosure: string };
  areas: string[]; // tätorter
  small_areas?: string[]; // of these: so few live there that presence asks no more than with band 1-5
  places: { id: string; name: string; area: string; place_type: string; lat: number; lon: number }[];
  tiles: Tile[];
  categories: CategoryState[];
  templates: TemplateState[];
  departments: { id: string; name: string; kind: string }[];
}
/** A choice on F3b; `default` is the category until somebody says more exactly. */
export interface Tile {
  id: string; // ljus buskar sikt trasigt skrap underlag bra fara annat | ljud fordon samling alkohol
  name: string;
  icon: string; // lucide name, or "l-on"
  default: string;
  categories: string[];
  photo: boolean;
}
export interface CategoryState {
  code: string;
  name: string;
  kind: "F" | "M" | "S" | "U" | "P";
  tile: string;
  urgent: boolean;
  photo: boolean;
}
export interface TemplateState {
  id: string;
  version: number;
  name: string; // "Gångtunnel"
  place_type: string;
  items: { code: string; question: string; no_means: string; positive: boolean; category: string }[];
}

export interface WalkState extends WalkBody {
  id: Uuid;
  version: number;
  state: "planned" | "ended";
  length_m: number;
  participants: number;
}
export interface ObservationState {
  id: Uuid;
  version: number;
  number: string;
  received_at: Instant;
  state: "received" | "reviewed" | "linked" | "no_action" | "merged" | "withheld" | "withdrawn";
}
export interface PhotoState {
  id: Uuid;
  version: number;
  of: { kind: "observation" | "task"; id: Uuid };
  sha256: string;
  bytes: number;
  /** declared: bytes missing. received: every byte here, digest equal, on disk. accepted: decoded, may be shown. refused: see code. */
  state: "declared" | "received" | "accepted" | "refused";
  code?: string;
}
export interface ReplyState {
  id: Uuid; // observation
  version: number;
  number: string;
  category: string;
  stop_name: string;
  /** Never better than the worst open task. */
  state: ReplyWord;
  department: string | null;
  planned_on: DateOnly | null;
  done_on: DateOnly | null;
  public_text: string;
  task: Uuid | null;
  before: Uuid | null; // photo ids
  after: Uuid | null;
  /** Ask "Har du varit där efter …?" */
  ask: boolean;
  steps: { on: DateOnly; word: ReplyWord; text: string }[];
}
export type ReplyWord =
  | "received"
  | "reviewed"
  | "with_department"
  | "planned"
  | "in_progress"
  | "waiting"
  | "referred"
  | "done"
  | "verified"
  | "wont_do"
  | "no_action"
  | "lagesbild"
  | "reopened";

export interface PassState {
  id: Uuid;
  version: number;
  evening: DateOnly;
  kind: "field_shift" | "night_walk";
  organisation: string;
  adults: number | null;
}
export interface PresenceState extends PresenceBody {
  id: Uuid;
  version: number;
  logged_at: Instant;
}

// ---------------------------------------------------------------- re-offer: POST /sync/have {operations: Uuid[]} -> {missing: Uuid[]}

// ---------------------------------------------------------------- photos: tus 1.0 at /uploads/
// POST /uploads/  Upload-Length, Upload-Metadata: photo <base64 of id>, sha256 <base64 of hex>  -> 201 Location /uploads/<photo id>
//   repeating it for the same photo gives the same Location; 404 photo_not_declared (push first), 413 photo_too_large, 409 photo_differs
// HEAD, PATCH as in tus. The PATCH that brings the last byte answers 204 with `Trygg-Photo: received` when the digest is equal, else 460.
// GET /photos/<id>?size=320|full -> image/jpeg, no-store; only when accepted and the asker may see it, otherwise 404.
//   A phone may see the photos it declared and the before and after of its own replies.

// ---------------------------------------------------------------- desk: cookie session, JSON
// POST   /api/session {login, password} -> Me      401 wrong_password, 429 too_many_tries
// GET    /api/session -> Me                        401 not_signed_in
// DELETE /api/session -> 204
// POST   /api/session/device {device} -> {token, device, municipality, organisation}    field secretary only; for /falt/
// GET    /api/start -> Start                       only while the demo is loaded, else 404

export type Role = "coordinator" | "handler" | "department_head" | "field_secretary" | "shop" | "police";
export interface Me {
  device: Uuid; // the desk's own device id, for Push.device
  municipality: { id: string; name: string };
  user: { id: Uuid; login: string; function: string; role: Role };
  organisation: { id: string; name: string };
  public_url: string;
}
export interface Start {
  municipality: string;
  mail_folder: string | null;
  personas: { name: string; login: string; password: string; opens: string; can: string }[];
  walk: { name: string; code: string; link: string } | null;
}

// GET /api/municipality -> MunicipalityState
// GET /api/dusk?date=2026-11-20&lat=58.5&lon=13.16 -> Dusk
export interface Dusk {
  date: DateOnly;
  sunrise: Instant | null;
  sunset: Instant | null;
  civil_dawn: Instant | null;
  civil_dusk: Instant | null; // null = no such moment that day
}
// GET /api/walks -> {walks: WalkRow[]}
export interface WalkRow extends WalkState {
  received: number; // observations received
  phones_not_done: number;
}
// GET /api/walks/<id> -> WalkRow & {phones: PhoneRow[], feelings: FeelingRow[], answers: AnswerRow[]}
export interface PhoneRow {
  id: Uuid;
  alias: string;
  joined_at: Instant;
  last_seen_at: Instant;
  drafts: number;
  handed_in_at: Instant | null;
  missing_operations: number; // promised by walk.hand_in and not here
  missing_photos: number;
}
export interface FeelingRow {
  stop: Uuid;
  safe: number;
  neither: number;
  unsafe: number;
  n: number; // people
}
export interface AnswerRow {
  stop: Uuid;
  item: string;
  yes: number;
  no: number;
  unknown: number;
}
// GET /api/walks/<id>/invite -> Invite            404 no_invite
export interface Invite {
  code: string; // "ABCD-EFGH"
  link: string;
  qr_svg: string;
  cap: number;
  joined: number;
  ends_at: Instant;
}
// GET /api/walks/<id>/sheet -> text/html, one A4 page to print: name, time, QR, code, stops, route
// GET /api/observations?state=&walk=&kind=&after=&limit= -> {observations: FindingRow[], next: string|null, counts: Record<state, number>}; danger first, then newest first
// GET /api/observations/<id> -> FindingRow
export interface FindingRow extends Omit<ObservationBody, "photos"> {
  id: Uuid;
  version: number;
  number: string;
  state: ObservationState["state"];
  kind: CategoryState["kind"];
  received_at: Instant;
  walk_name: string;
  stop_name: string;
  stop_number: number | null;
  photos: PhotoState[];
  tasks: Uuid[];
  dark: boolean | null; // was it dark there and then
  /** Where the rules would send it, and why; null when it must not become a task (kind S, U, P). */
  suggestion: { department: string; department_name: string; reason: string; due_on: DateOnly; rule: string } | null;
  /** Open tasks near enough to be the same thing. */
  near: { task: Uuid; title: string; distance_m: number; state: TaskWord }[];
  review_note: string;
  merged_into: Uuid | null;
  danger: boolean; // severity 3 or an urgent category: first in the list
  withdraw_reason: string; // the walker wants it back; "–" without words, "" when not asked
}

export type TaskWord =
  | "new"
  | "assigned"
  | "accepted"
  | "planned"
  | "in_progress"
  | "waiting"
  | "referred"
  | "done"
  | "wont_do"
  | "verified";
// GET /api/tasks?state=&department=&late=1&q=&after=&limit= -> {tasks: TaskRow[], next, counts: Record<TaskWord|"late"|"week", number>}
//   coordinator: all of the municipality; handler, department_head: their own department's only
// GET /api/tasks/<id> -> TaskRow & {findings: FindingRow[], history: TaskEvent[], photos: PhotoState[], arrows: OperationType[]}
export interface TaskRow {
  id: Uuid;
  version: number;
  number: string; // "Å-31"
  title: string;
  state: TaskWord;
  priority: 1 | 2 | 3;
  department: string | null;
  department_name: string | null;
  department_kind: string | null; // "private" is asked, never ordered
  explanation: string; // why it came here
  person: string;
  due_on: DateOnly | null;
  planned_on: DateOnly | null;
  next_look_on: DateOnly | null;
  done_on: DateOnly | null;
  extent: "full" | "partly" | null;
  public_text: string;
  late: boolean;
  reopened: number;
  bounced: number;
  place: string; // stop's name, or words
  lat: number | null;
  lon: number | null;
  findings_count: number;
  finished_by: string | null; // function
  reopen_proposed: boolean; // somebody who walked has been there: not mended
}
export interface TaskEvent {
  at: Instant;
  type: OperationType;
  from: TaskWord | null;
  to: TaskWord;
  by: string; // function, never a person
  text: string;
  internal: boolean;
}
// GET /api/presence/sums?from=2026-11-16&to=2026-11-22 -> {released: {by, on}|null, rows: PresenceSum[]}     coordinator only
export interface PresenceSum {
  area: string;
  evening: DateOnly;
  passes: number; // 0 = nobody was out, shown as "–"
  people: string; // "–", "0", "färre än 5", or a band such as "6–15"
  moods: Partial<Record<PresenceBody["mood"], number>> | null; // null when hidden
}
