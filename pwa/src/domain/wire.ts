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
// POST /api/join       {code|secret, device, key, alias?, language?} -> Joined  the same, and 409 invite_full; repeating it with the same device and key gives the same token,
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
  last_seq?: number; // the highest number this phone has given out; lower than what the server has seen: 409 device_restarted
  operations: Operation[];
}

export interface Operation<T extends OperationType = OperationType> {
  id: Uuid;
  seq: number | null; // gapless per phone, minted at hand-in; null from a desk
  type: T;
  entity: Uuid; // what the operation is about; only operations on the same entity wait for each other
  base: number | null; // version the change was made on; null = creates, or does not care. An older one is merged, field by field
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
  /** Two changed the same. `facts.held`: nothing changed, a person decides; else this one stands, and the other is kept. */
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
  // --- other systems, by the coordinator. The key of `api_key.create` is made at the desk; its SHA-256 travels
  "api_key.create": { name: string; secret_hash: string; organisation: string | null };
  "api_key.revoke": Record<string, never>;
  /** entity = the party's own, from GET /api/connections. `services`: our category to theirs, "" for all others. */
  "partner.set": {
    organisation: string;
    endpoint: string;
    jurisdiction: string;
    format: "json" | "xml";
    services: Record<string, string>;
    sealed_key: string | null; // from POST /api/connections/seal; null keeps the one there is
    knows_repeats: boolean;
    is_open: boolean;
    attributes: Record<string, string>;
  };
  // --- letters, by the coordinator. entity: from GET /api/correspondence; "" = nobody is written to, no text
  "correspondence.address": { organisation: string; mail: string };
  "correspondence.text": { id: string; step: OperationType; tile: string; text: string };
  /** entity = the walk. `seen`: its version as the person read it; `name`: who shows it to everybody. */
  "walk.announce": { seen: number; name: string; sure: boolean };
  "walk.take_back": Record<string, never>;
  // --- surveys, by the coordinator; entity = the survey
  "survey.make": SurveyBody;
  "survey.import": SurveyImportBody;
  "survey.close": Record<string, never>;
  /** entity = the answer, by an id that tells no time. `help`, `age`, `text`: "" = not answered. */
  "survey.answer": SurveyAnswerBody;
  /** `digest` of what the person has read; `name`: whoever stands for it. */
  "survey.release": { digest: string; name: string };
  "survey.withdraw": Record<string, never>;
  /** entity = the feedback. `receipt`: the other e-service's own id; "" = read, and ends here. */
  "feedback.close": { receipt: string };
  /** entity = the feedback: its words become a finding in the inbox, once. */
  "feedback.make_finding": Record<string, never>;
  /** entity = the mail: somebody at the desk has answered for the sender. */
  "incoming_mail.use": Record<string, never>;
  "incoming_mail.put_aside": { why: MailAside };
  /** `unit`: told of that unit's tasks; null: of what is public. */
  "webhook.create": { name: string; url: string; unit: string | null };
  "webhook.end": Record<string, never>;
  "webhook.retry": Record<string, never>;
  /** entity = the task. */
  "delivery.retry": { turn: number };
  /** entity = the finding. */
  "publication.propose": { text: string; place_words: string; photos: Uuid[] };
  /** `seen`, `read_at`: the finding's version and point ([] = none) that were read; others by now are refused. */
  "publication.publish": { text: string; place_words: string; photos: Uuid[]; seen?: number; read_at?: number[] };
  "publication.withdraw": Record<string, never>;
  /** `looked`: the person has looked at both. `seen`: the publication's version that was read. */
  "publication.pair": {
    task: Uuid;
    before: Uuid;
    after: Uuid;
    before_words: string;
    after_words: string;
    name: string;
    looked: boolean;
    seen: number;
  };
  "publication.unpair": Record<string, never>;

  // --- phone, before hand-in only these two travel (joining itself is POST /api/join)
  /** Numbers, and whether the browser has promised not to clear them. */
  "device.status": { drafts: number; needs_you: number; kept: boolean | null };
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

  // --- a nämnd's register; none of these deletes by itself. entity = the case's, the hold's or the act's own id
  "erasure.request": { about: RegisterRef[]; received_on: DateOnly; reference: string };
  "erasure.decide": { granted: boolean; name: string; ground: string; reason: string; appeal: string };
  "hold.place": { about: RegisterRef[]; reason: string };
  "hold.lift": { reason: string };
  "retention.decide": { series: RegisterSeries; keep_days: number; reference: string; name: string };
  "gallring.decide": {
    series: RegisterSeries;
    items: { kind: string; id: Uuid }[];
    until: DateOnly;
    name: string;
  };
  /** After hand-in: a new version. Only the fields named are changed. */
  "observation.correct": Partial<Pick<ObservationBody, "category" | "severity" | "text" | "position" | "place_words">>;
  "observation.withdraw": { reason: string };
  "photo.hold": { reason: string };
  "photo.let_go": Record<string, never>;
  "photo.declare": {
    of: { kind: "observation" | "task"; id: Uuid };
    role: "before" | "after";
    sha256: string; // lower-case hex of the masked bytes; the camera original never leaves the phone
    bytes: number;
    media_type: "image/jpeg";
    width: number;
    height: number;
    masks: number; // number of boxes painted over before hand-in
    checked?: boolean; // the question about people is answered; with no masks: nobody is in the picture
    taken_at: Instant;
  };
  /** Somebody who walked has been there after the work was said to be done. entity = the task. */
  "rewalk.check": { walk: Uuid; stop: Uuid; seen: "good" | "partly" | "no"; seen_on: DateOnly };
  "task.confirm": { seen: "good" | "partly" | "no" | "not_there"; seen_on: DateOnly | null };

  // --- field secretary's phone: each saving is its own hand-in
  /** entity = passId(organisation, evening, kind): the same on every phone of the team. */
  "presence.pass": { evening: DateOnly; kind: "field_shift" | "night_walk"; adults: number | null };
  "presence.log": PresenceBody;
  "presence.correct": Partial<PresenceBody>;

  // --- desk: coordinator
  /** entity = the phone. From then it reads nothing, and what it hands in waits for a person. */
  "device.revoke": { reason: string };
  "device.readmit": Record<string, never>;
  /** entity = a fresh id. `operations`: at most 200 ids of what waits. */
  "held.accept": { operations: Uuid[] };
  "held.refuse": { operations: Uuid[]; reason: string };
  "walk.plan": WalkBody;
  "walk.change": Partial<WalkBody>;
  /** Makes a new link and code, and ends the one before it. entity = the walk. */
  "walk.invite": { cap: number };
  "walk.end": Record<string, never>;
  /** entity = the new walk. A re-walk of what is said to be mended; `stops`: fresh ids, at least one for each task. */
  "rewalk.plan": Omit<WalkBody, "stops" | "recording"> & { tasks: Uuid[]; stops: Uuid[] };
  /** The code by which the group sees how it goes. Ends the one before it. entity = the walk. */
  "walk.make_card": Record<string, never>;
  "walk.shut_card": Record<string, never>;
  /** One message to everybody who walked; it cannot be taken back. entity = the walk */
  "walk.message": { text: string };
  /** entity = the protocol's id, from GET /api/walks/<id>/protocol. Begun by itself when the walk is in. */
  "protocol.draft": { walk: Uuid };
  /** Only the fields named are changed; a list is the whole list. */
  "protocol.edit": Partial<ProtocolTexts>;
  /** What was read: `digest` and `made_from` as they came. Refused (`protocol_moved`) when it says something else now. */
  "protocol.approve": {
    walk: Uuid;
    made_from: ProtocolSources;
    digest: string;
    name: string;
    changed: string;
    publish: boolean;
  };
  "observation.review": { category: string; severity: number | null; note: string };
  "observation.dismiss": { reason: DismissReason; public_text: string };
  /** What all but triage read instead of the walker's words; null = those again. */
  /** What is left out stays. `text` null = the walker's own words again, `place` null = the registered name. */
  "observation.moderate": { text?: string | null; place?: string | null };
  /** "Inte samma": not suggested again. `apart` false takes it back. */
  "observation.keep_apart": { kind: "observation" | "task"; other: Uuid; apart: boolean };
  "observation.merge": { into: Uuid };
  "observation.unmerge": Record<string, never>;
  "observation.withhold": { reason: string };
  "observation.release": Record<string, never>;
  /** entity = a fresh task id. `besides`: the tasks these findings had on the screen; one more is `task_is_made`. */
  "task.create": {
    title: string;
    observations: Uuid[];
    priority: 1 | 2 | 3;
    priority_reason?: string;
    besides?: Uuid[];
  };
  "task.link": { observation: Uuid };
  /** One draft at a time; `seen` is the version that was changed, null makes a new one. entity = the book. */
  // --- agreements and promises, by the coordinator. entity = the agreement's or the promise's id, fresh when it is new
  "agreement.enter": {
    kind: AgreementKind;
    title: string;
    purpose: string;
    parties: AgreementParty[];
    valid_from: string | null;
    valid_to: string | null;
    keeper: string;
    part_of: Uuid | null;
    predecessor: Uuid | null;
    review_on: string | null;
  };
  /** The signed words, whole. Refused when it is public or has been reported on, and they would change. */
  "promise.enter": {
    agreement: Uuid;
    number: number;
    by: string[];
    text: string;
    heading: string;
    evidence: EvidenceKind;
    tiles: string[];
    report_by: string | null;
  };
  /** The surveys and dialogues it is built on: all of them, each time. */
  "promise.build_on": { surveys: Uuid[] };
  /** All of them, each time. */
  "promise.meet_needs": { needs: MetNeed[] };
  /** What a party has told, of days on one side of the promise's end. Never takes the place of another report. */
  "promise.report": {
    party: string;
    told_by: string;
    told_on: string;
    first: string;
    last: string;
    result: ReportResult;
    text: string;
    reason: string;
    count: PromiseCount | null;
    may_publish: boolean;
  };
  "promise.withdraw": Record<string, never>;
  // --- the EST week, by the coordinator. entity = the week's own id, as GET /api/est says it
  "est.review": { week: string };
  "est.reopen": { week: string; reason: string };
  /** Things that a party has counted, never people. The same `count` again takes the place of what it said before. */
  "est.count": {
    week: string;
    count: Uuid;
    party: string;
    told_by: string;
    told_on: DateOnly;
    area: string;
    place: string | null;
    evening: DateOnly | null;
    hour: number | null;
    category: string;
    n: number;
    vehicles: VehicleBand[]; // only of what is about vehicles
    stretch: string | null;
  };
  /** `present`: functions, never names. */
  "est.meet": { week: string; met_on: DateOnly; present: string[] };
  /** `task`: a fresh id when `observations` become the owner's work; null, and it stands as decided. */
  "est.decide": {
    week: string;
    decision: Uuid;
    text: string;
    owner: string;
    due_on: DateOnly;
    place: string | null;
    task: Uuid | null;
    observations: Uuid[];
  };
  "est.settle": { week: string; decision: Uuid; is_done: boolean; said: string };
  /** The whole list, each time. */
  "est.next": { week: string; places: EstPlace[] };
  // --- the lägesbild of a period, by the coordinator. entity = the period's own id, as GET /api/lagesbild says it
  /** The whole draft. `crime` null: nothing told. `focus`: action plans whose focus areas rest on it. */
  "lagesbild.write": {
    first: DateOnly;
    last: DateOnly;
    texts: { heading: LagesbildHeading; text: string }[];
    crime: { text: string; source: string; told_by: string; told_on: DateOnly } | null;
    focus: Uuid[];
  };
  /** entity = the edition. `digest` of the preview that was read. */
  "lagesbild.release": { digest: string; name: string };
  /** `number` of the edition that was seen to be shown. */
  "lagesbild.withdraw": { number: number };
  // --- activities. entity = the activity's id, fresh when it is new
  /** The whole activity. One day, or the first and last day of a month. `reason`: of a correction. */
  "activity.enter": ActivityBody;
  "activity.withdraw": { reason: string };
  // --- the rota. entity = the evening's id, of `rota.link` and `rota.unlink` the link's
  "rota.plan": RotaPlan;
  "rota.sign": { party: string; adults: number }; // 0: they do not come after all
  "rota.walked": { party: string; adults: number }; // 0: nobody walked
  "rota.call_off": { reason: string };
  "rota.link": { party: string; contact: Uuid };
  "rota.unlink": Record<string, never>;
  "rota.unattest": { reason: string }; // entity = the attestation's id
  // --- the grocery trade's safety group. entity = the id that `GET /api/trade` gives it
  "trade.card": { party: string; function: string; phone: string; mail: string; hours: string };
  "trade.confirm": Record<string, never>;
  "trade.routine": { text: string; decided_by: string; valid_from: string };
  /** null: not told. `told_by`: the coordinator's to say; a shop tells for itself. */
  "trade.count": { shop: string; week: string; numbers: Record<string, number | null>; told_by: string };
  /** entity = the card; to the card's own address. */
  "trade.link": { link: Uuid };
  "trade.unlink": { link: Uuid };
  "trade.leave": { reason: string };
  // --- action plans. entity = the plan's or the commitment's id, fresh when it is new
  "plan.enter": { agreement: Uuid; focus: string; title: string };
  /** The whole commitment. `due_on` inside the agreement's time; who does it is never changed. */
  "commitment.enter": {
    plan: Uuid;
    executor: string;
    text: string;
    due_on: string;
    rhythm: Rhythm;
    promises: Uuid[];
    tasks: Uuid[];
  };
  /** For one report day, by its executor. The coordinator writes down who told it, and when. */
  "commitment.report": {
    due_on: string;
    told: CommitmentTold;
    text: string;
    reason: string;
    told_by: string;
    told_on: string | null;
  };
  /** entity = the commitment. `to` "" = the executor's own address. */
  "report_link.send": { link: Uuid; to: string };
  "report_link.revoke": { link: Uuid };
  "rulebook.save": { rules: RulesData; note: string; seen: number | null };
  "rulebook.discard": Record<string, never>;
  /** Refused until this very draft has been run on history, and while any rule is broken. */
  "rulebook.publish": Record<string, never>;
  /** What was live once is live again. entity = that book. */
  "rulebook.go_back": Record<string, never>;
  "task.unlink": { observation: Uuid };
  /** entity = a fresh task id. The findings leave `task`, where at least one stays. */
  "task.split": { task: Uuid; title: string; observations: Uuid[]; priority: 1 | 2 | 3 };
  /** The task is gone, with a pointer; its findings, followers and counts move along. */
  "task.merge": { into: Uuid };
  "task.unmerge": Record<string, never>;
  /** Made by mistake, and nobody has accepted it. Its findings are judged again. */
  "task.retract": { reason: string };
  "task.assign": { department: string; explanation: string; due_on: DateOnly };
  "task.reopen": { department: string; seen: string; due_on: DateOnly };

  // --- desk or phone: department
  /** `assignee`: the user, when one of the unit's own was chosen. */
  "task.accept": { person: string; assignee?: Uuid | null };
  "task.decline": { reason: "wrong_owner" | "duplicate" | "unclear"; public_text: string; next_owner: string | null };
  "task.plan": { planned_on: DateOnly };
  /** Another day for what is planned, and why. */
  "task.replan": { planned_on: DateOnly; public_text: string };
  "task.start": { note: string };
  "task.wait": { reason: WaitReason; public_text: string; next_look_on: DateOnly };
  "task.refer": { party: string; contact: string; reference: string; public_text: string; next_look_on: DateOnly };
  /** A matter of authority: it goes on in the authority's own system, and nothing more is expected of us. */
  "task.hand_over": { party: string; reference: string; public_text: string; handed_on: DateOnly };
  "task.finish": { extent: "full" | "partly"; public_text: string; photos: Uuid[] };
  /** Department head only; a coordinator for a party that does not sign in, with who said it and when. */
  "task.refuse": { public_text: string; said_by?: string; said_on?: DateOnly | null };
  /** Someone else than the one who finished it. */
  "task.verify": { seen: string; seen_on: DateOnly };
  /** Somebody says that it is not mended; the coordinator has an answer, and the task stays where it stands. */
  "task.uphold": { public_text: string };
  /** The coordinator's; what is left out stays as it is. The reason can be read by everybody. */
  "task.change": { reason: string; title?: string; place?: string; priority?: 1 | 2 | 3; due_on?: DateOnly };
  /** Within the unit that has it. */
  "task.hand_on": { person: string; assignee?: Uuid | null };
  "task.note": { text: string };
  /** A party without an account gets a link by mail. entity = the task. `to` "" = the party's own address */
  "answer_link.send": { link: Uuid; to: string; recipient: string };
  "answer_link.revoke": { link: Uuid };

  // --- desk: one's own way of looking at the work list. entity = the saved filter
  /** `query`: the work list's address after the question mark. `shared`: with the unit, by its head or the coordinator. */
  "filter.save": { name: string; query: string; first: boolean; shared: boolean };
  "filter.forget": Record<string, never>;

  // --- desk: whoever decides between two who changed the same. entity = the conflict
  /** `about_version`: of what it is about, as the person saw it; taking the other is refused (`conflict_moved`) when it has moved since. */
  "conflict.close": { choice: "keep" | "take" | "anew"; about_version: number };
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
// What the device may see no longer comes as gone, what it may see now comes as it is; the rest is not read again.
// `&checksum=` SHA-256 of "kind id version" of everything held, a line each, sorted: must_refetch when the server's is another.

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
  conflict: ConflictState;
  /** Removed by a decision: why, and nothing of what it was. id = what is gone; its own kinds come as gone. */
  erased: ErasedState;
  /** The one message back to all who walked. id = the walk's. */
  message: MessageState;
  /** The evening is called off. id = the evening's in the rota. */
  called_off: CalledOffState;
}

export interface MessageState {
  id: Uuid;
  version: number;
  text: string;
  by: string; // a function
  at: Instant;
}

export interface CalledOffState {
  id: Uuid; // the walk's
  version: number;
  reason: string;
  by: string; // a function
  at: Instant;
}

export interface ErasedState {
  id: Uuid;
  version: number;
  kind: RegisterKind;
  reason: "erasure" | "gallring";
  on: DateOnly;
}

/** Said to be mended, and nobody outside the unit has confirmed it: for those who are out anyway. */
export interface UnseenRow {
  id: Uuid; // the task's
  title: string;
  near: string; // a place the municipality knows by name, or ""
  lat: number | null;
  lon: number | null;
  unit: string;
  done_on: DateOnly | null;
  said: string; // what everybody may read
  partly: boolean;
}

export interface MunicipalityState {
  id: string;
  name: string;
  duty: { phone: string; hours: string };
  read_by: string; // who reads what is handed in, "Trygghetssamordnaren"
  tell_on_url: string; // the municipality's "Tyck till"
  turn_to?: { when: string; who: string; phone: string; url: string }[]; // where a personal matter belongs
  privacy: { controller: string; dpo: string; basis: string; retention: string; rights: string; disclosure: string };
  areas: string[]; // tätorter
  small_areas?: string[]; // of these: so few live there that presence asks no more than with band 1-5
  places: { id: string; name: string; area: string; place_type: string; lat: number; lon: number }[];
  stretches?: { id: string; name: string; line: [number, number][] }[]; // lat, lon in order
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

/** On a re-walk: a task its owner says is mended, to be looked at from `stop`. id = the task. */
export interface Revisit {
  id: Uuid;
  stop: Uuid;
  number: string;
  title: string;
  unit: string;
  done_on: DateOnly | null;
  said: string;
  before: Uuid | null; // the old photo; whoever walks may see it
}
export interface WalkState extends WalkBody {
  revisits?: Revisit[];
  /** The card in use, by which the group sees how it goes; null: none. Servers of before 2026-11-24 do not say. */
  card?: Uuid | null;
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
  held?: string; // why the coordinator holds this one back; only triage is told
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
  | "partly"
  | "partly_verified"
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

/** To the phone whose operation met another's change; of a field team's log to the whole team. `choice` null = nobody has decided yet. */
export interface ConflictState {
  id: Uuid; // the operation's
  version: number;
  about: Uuid;
  held: boolean;
  choice: Bodies["conflict.close"]["choice"] | null;
}

// ---------------------------------------------------------------- re-offer: POST /sync/have {operations: Uuid[], receipts: Record<Uuid, string>} -> {missing: Uuid[]}
// `receipts`: the number each was given; one that has got another since is named too, and its push is answered with that

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

export type Role =
  | "coordinator"
  | "handler"
  | "department_head"
  | "field_secretary"
  | "shop"
  | "police"
  | "registrator"
  | "records_officer";
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
// GET /api/walks/<id> -> WalkRow & {phones: PhoneRow[], feelings: FeelingRow[], answers: AnswerRow[], rates: ProtocolRates}
// GET /api/walks/<id>/protocol -> ProtocolView
// GET /api/walks/<id>/protocol/<html|pdf|docx|xlsx>?edition=   the draft, or an edition
// GET /api/walks/<id>/meeting/<html|pdf|docx|xlsx>?department= the report for the meeting, or one unit's sheet
// GET /protokoll/<walk> and /protokoll/<walk>/<format>          the published edition, for everybody
export interface ProtocolTexts {
  reference: string;
  weather: string;
  parties: string[];
  purpose: string;
  summary: string;
  feedback: string;
  next_walk_on: DateOnly | null;
  comments: { id: Uuid; text: string }[]; // by stop
  words: { id: Uuid; text: string }[]; // by finding
  judged: { id: Uuid; work: ProtocolWork | null; cost: ProtocolCost | null }[]; // by task
  photos: Uuid[];
}
export type ProtocolWork = "running" | "simple" | "investment" | "decision";
export type ProtocolCost = "small" | "medium" | "large";
export interface ProtocolSources {
  observations: Uuid[];
  tasks: Uuid[];
  feelings: Uuid[];
  photos: Uuid[];
  earlier: Uuid | null;
  earlier_tasks: Uuid[];
}
export interface ProtocolLine {
  id: Uuid;
  number: string;
  category: string;
  severity: number | null;
  words: string;
  outcome: string;
  photos: Uuid[];
}
export interface ProtocolAction {
  id: Uuid;
  number: string;
  title: string;
  owner: string;
  state: string;
  state_words: string;
}
/** Said and seen are two numbers: `claimed` by those responsible, `verified` by somebody else at the place. */
export interface ProtocolRates {
  actions: number;
  claimed: number;
  verified: number;
  partly: number;
  refused: number;
  open: number;
  without_owner: number;
  reopened: number;
}
export interface ProtocolView {
  /** `version` 0: nobody has begun it. */
  protocol: ProtocolTexts & { id: Uuid; version: number; walk: Uuid; edition: number };
  minutes: {
    name: string;
    place: string;
    good: number;
    found: number;
    unsorted: number;
    rates: ProtocolRates;
    stops: {
      id: Uuid | null;
      number: number;
      name: string;
      felt: { n: string; safe: string; neither: string; unsafe: string } | null;
      good: ProtocolLine[];
      found: ProtocolLine[];
    }[];
    actions: ProtocolAction[];
    earlier: { walk: Uuid; actions: ProtocolAction[]; rates: ProtocolRates } | null;
  };
  digest: string;
  made_from: ProtocolSources;
  photos: { id: Uuid; of: Uuid; role: "before" | "after" }[];
  originals: { id: Uuid; text: string }[];
  units: { id: string; name: string }[];
  editions: {
    number: number;
    approved_by: string;
    approved_at: Instant;
    changed: string;
    published: boolean;
  }[];
}
// GET /api/phones?walk= -> {phones: PhoneRow[], not_done: number, held: number, photos_wait: number, store_silent_since: string | null}
//   photos_wait: every byte is on the server, and the object store has not taken them yet   without `walk`: those that are not done, or shut
// GET /api/held -> {held: HeldRow[], count: number}
// GET /api/rescue-key -> RescueKey
// GET /api/rescues -> {rescues: RescueRow[]}
// POST /api/rescues (the file) -> RescueRow; 422 not_a_rescue, rescue_truncated, rescue_damaged, rescue_key_unknown, rescue_elsewhere,
//   rescue_device_unknown, 413 rescue_too_large: nothing was taken in
// GET /api/rescues/<id> -> RescueRow
// POST /api/rescues/<id>/drafts {drafts: Uuid[]} -> RescueRow
// POST /api/session/renew {device, key, first_seq} by token -> {token, device}      403 not_this_phone
export interface RescueKey {
  municipality: string;
  key: string;
  spki: string; // base64, ECDH on P-256
}
export interface HeldRow {
  operation: Uuid;
  device: Uuid | null;
  alias: string;
  walk: Uuid | null;
  type: OperationType;
  entity: Uuid;
  at: Instant;
  received_at: Instant;
  why: "device_revoked" | "token_expired" | "user_disabled" | "rescue_unproven";
  said: Record<string, unknown>;
  here?: boolean; // a photo's bytes
}
export interface RescueRow {
  id: Uuid;
  device: Uuid;
  alias: string;
  imported_at: Instant;
  imported_by: string;
  made_at?: Instant;
  drafts?: RescueDraft[];
  operations?: Record<"applied" | "repeated" | "held" | "deferred" | "rejected", number>;
  photos?: Record<"taken" | "here" | "sealed", number>;
}
export interface RescueDraft {
  id: Uuid;
  kind: "observation" | "feeling" | "answer";
  at: Instant | null;
  said: Record<string, unknown>;
  photos: number;
  unchecked: number;
  here: boolean;
}
export interface PhoneRow {
  id: Uuid;
  version: number;
  kind: "walk" | "field";
  number: number; // "Telefon 3" on its walk
  walk: Uuid | null;
  walk_name?: string;
  alias: string;
  joined_at: Instant;
  last_seen_at: Instant;
  drafts: number;
  handed_in_at: Instant | null;
  missing_operations: number; // promised by walk.hand_in and not here
  missing: [first: number, last: number][]; // the numbers that never came
  photos: number; // declared
  missing_photos: number;
  needs_you: number;
  kept: boolean | null;
  held: number;
  replaced_by: Uuid | null;
  revoked_at: Instant | null;
  revoked_by: string;
  revoked_reason: string;
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
// GET /api/card, for the phone's walk; GET /api/walks/<id>/card -> WalkCardView            404 no_card, card_too_late
// GET /api/walks/<id>/card/slips -> text/html, eight of them on one A4 page to print
export interface WalkCardView {
  id: Uuid;
  walk: Uuid;
  code: string; // "ABCD-EFGH-JKMN"
  address: string; // where it is typed
  qr_svg: string; // the address, with the code after "#"
  through: DateOnly; // the last day it opens the page
  made_at?: Instant; // at the desk
  made_by?: string; // a function
}
// GET /api/walks/<id>/sheet -> text/html, one A4 page to print: name, time, QR, code, stops, route
// GET /api/observations?state=&walk=&kind=&q=&id=&after=&limit=&brief= -> {observations: FindingRow[], next: string|null, counts: Record<state, number>}; danger first, then newest first
//   counts: 1,001 means more than a thousand. brief=1: without `suggestion` and `near`, for a list. id: those named, at most 200
// GET /api/observations/<id> -> FindingRow
/** `task`: the open task it belongs to; number, title and state are then the task's. `observation`: what was seen, nearest. */
export interface NearRow {
  task: Uuid | null;
  observation: Uuid;
  number: string;
  title: string;
  category: string;
  state: TaskWord | ObservationState["state"];
  distance_m: number;
  seen_at: Instant;
  hours_apart: number;
  text: string;
  place_words: string;
  photos: PhotoState[];
}
/** The last day for one priority, in working days, and why: "10 arbetsdagar, Trasig lampa, snart." */
export interface DueState {
  priority: 1 | 2 | 3;
  due_on: DateOnly;
  days: number;
  why: string;
}
export interface SuggestionState {
  department: string;
  department_name: string;
  reason: string;
  due_on: DateOnly;
  rule: string; // the rule's id, "category" or "last_resort"
  book: number; // the rule book's number; 0 = what came with the installation
  priority: 1 | 2 | 3;
  priority_reason: string; // "" when nothing speaks for it
  skipped: string[]; // broken rules that were passed
  authority: boolean;
  asked: boolean; // a private owner, who may say no
  times: DueState[]; // one for each priority
  raises: RaiseState[]; // open tasks of lamps in the same row, that would go before where they stand
}
/** More dark lamps came in beside a task. Nothing is changed: whoever sorts says yes, by `task.change`. */
export interface RaiseState {
  task: Uuid;
  version: number;
  number: string;
  title: string;
  stands: 1 | 2 | 3;
  priority: 1 | 2 | 3;
  because: string;
  due_on: DateOnly | null; // never later than what is promised; null where nothing is
}
// GET /api/observations/<id>/suggestion?category=&severity= -> Suggested: as if it were this
export type Suggested = Pick<FindingRow, "suggestion" | "dark_hint">;
// GET /api/colleagues -> {colleagues: Colleague[]}: of one's own unit
export interface Colleague {
  id: Uuid;
  function: string;
  login: string;
}
// GET /api/deadlines?task=<id,…> -> DueDates
export interface DueDates {
  deadlines: Record<Uuid, DueState[]>;
}

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
  stretch: string | null; // the stråk it lies on: worked out, never typed
  point: { lat: number; lon: number } | null; // its own place, else its stop's
  /** Where the rules would send it, and why; null when it must not become a task (kind S, U, P). */
  suggestion: SuggestionState | null;
  dark_hint: string; // why a lamp that was seen dark may be as it should; "" when nothing speaks for it
  /** What could be the same thing, nearest first. */
  near: NearRow[];
  /** What all but triage read instead of `text`; null = `text` itself. Only triage is told. */
  moderated: string | null;
  /** Where all but triage read that it is; null = `registered_place`. Only triage is told, and only triage gets the walker's `place_words`. */
  moderated_place: string | null;
  registered_place: string; // the stop's name, else the walk's place
  merged_from: Uuid[];
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
// GET /api/tasks?state=&department=&late=1&doubted=1&q=&after=&limit= -> {tasks: TaskRow[], next, counts: Record<TaskWord|"late"|"week"|"doubted", number>}
//   coordinator: all of the municipality; handler, department_head: their own department's only
// GET /api/tasks/<id> -> TaskRow & {findings: FindingRow[], history: TaskEvent[], photos: PhotoState[], arrows: OperationType[], spent: TaskSpent}
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
  assignee: Uuid | null; // whose that is, when they were chosen among the unit's own
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
  stretch: string | null; // the stråk it lies on, by its name: worked out, never typed
  tile: string; // what sort of thing it is about
  lat: number | null;
  lon: number | null;
  findings_count: number;
  finished_by: string | null; // function
  reopen_proposed: boolean; // somebody who walked has been there: not mended
  priority_reason: string;
  next_owner: string | null; // whom the unit that declined it named
  proposed: { department: string; department_name: string } | null; // that one, else the rules'
  routed: { rule: string; book: number; reason: string } | null;
  authority: boolean;
  decision_needed: boolean; // back twice: the coordinator decides
  handed_over: { party: string; reference: string; handed_on: DateOnly } | null;
}
// GET /api/tasks/counts?<the same filter> -> TaskCounts;  GET /api/tasks/points?<the same filter>&bbox=&across= -> TasksOnMap
// GET /api/tasks/field-list/<html|xlsx|csv>?<the same filter>: to take along, place by place
//   the filter: state, department, tile, area, stretch, place, priority, late=1, walk, when ("4": Friday, "4-22": Friday 22-24), q; several states, tiles and priorities by comma
export interface TaskCounts {
  counts: Record<TaskWord | "late" | "week" | "doubted", number>;
  tile: Record<string, number>;
  priority: Partial<Record<"1" | "2" | "3", number>>;
  place: Record<string, number>; // the commonest forty
}
// GET /api/tasks/hours?<the filter>, /api/observations/hours?state&walk&q -> SeenHours
export interface SeenHours {
  hours: number[]; // where each block of two hours begins, from six to six
  days: number[][]; // Monday first; how many were seen in each block. Past midnight stands with the evening it began
  sums: number[]; // how many each day: a task of which something was seen in two blocks counts once
}
export interface TaskPoint {
  id: Uuid;
  lat: number;
  lon: number;
  state: TaskWord;
}
/** What lies in one square: all of it, counted. */
export interface TaskCluster {
  n: number;
  lat: number; // their middle
  lon: number;
  south: number; // how far they reach
  west: number;
  north: number;
  east: number;
  priority: 1 | 2 | 3; // the most urgent among them
  late: number;
  doubted: number;
}
/** Every task of the choice in the box (west, south, east, north): each as a point, or all in clusters when they are more than `limit`. */
export interface TasksOnMap {
  points: TaskPoint[];
  clusters: TaskCluster[];
  limit: number;
}
// GET /api/filters -> {filters: SavedFilter[]}
export interface SavedFilter {
  id: Uuid;
  version: number;
  name: string;
  query: string;
  first: boolean;
  shared: boolean;
  mine: boolean;
}
// GET /api/walks/<id>/announcement -> AnnouncementView
export interface AnnouncementView {
  seen: number; // the version that would be shown
  outing: { name: string; place: string; meeting_point: string; starts_at: Instant; ends_at: Instant };
  asks: boolean; // a word of it may be about a person: `sure` must be said
  is_shown: boolean; // nobody has taken it away, also when it is called off
  standing: "no" | "shown" | "called_off" | "over";
  released_by: string; // name and function
  changed_at: Instant | null;
  is_over: boolean; // nobody can come to it any more
  public_path: string;
}
// GET /api/feedback?state=&skip= -> FeedbackView       the coordinator; a registrator of the nämnd that answers for the page
export interface FeedbackView {
  rows: FeedbackRow[]; // latest first
  counts: { open: number; closed: number };
  more: boolean;
  may_close: boolean;
  tell_on_url: string; // the municipality's e-service for complaints; "" = none
}
export interface FeedbackRow {
  id: Uuid;
  version: number;
  number: string; // "S-12"
  helped: "yes" | "partly" | "no";
  text: string;
  received_at: Instant;
  state: "open" | "closed";
  closed_at: Instant | null;
  closed_by: string; // function
  receipt: string;
  contact: string | null; // to whoever may close; gone when it is closed
  finding: { id: Uuid; number: string } | null; // made of it; number "" = it is gone
}
// GET /api/mail?state=&skip= -> MailView               a unit: what is about its own tasks; the coordinator: all
// GET /api/tasks/<id>/mail -> TaskMail                 what people answered about it, latest first
// GET /api/mail/<id>/original -> MailOriginal
export interface MailView {
  rows: MailRow[]; // latest first
  counts: { unread: number; settled: number };
  more: boolean;
  mailbox: { since: Instant; reason: string } | null; // to the coordinator; reason "" = it can be read, null = none is
}
export interface TaskMail {
  rows: MailRow[];
}
export type MailAside = "thanks" | "answered" | "not_ours" | "junk" | "person";
export interface MailRow {
  id: Uuid;
  version: number;
  number: string; // "M-12"
  kind: "answer" | "stray" | "automatic";
  task: { id: Uuid; number: string; title: string } | null;
  why: "no_letter" | "revoked" | "moved" | "gone" | null; // of a stray
  who: string; // the function or party the letter went to; "" = nobody known
  same_sender: boolean; // it came from the address the letter went to
  subject: string;
  text: string; // the sender's own words
  is_cut: boolean;
  warns: string[]; // kinds of the guard
  attachments: number; // not fetched
  is_long: boolean; // the rest lies in the mailbox
  received_at: Instant;
  state: "unread" | "used" | "put_aside";
  settled_at: Instant | null;
  settled_by: string; // function
  aside: MailAside | null;
}
export interface MailOriginal {
  subject: string;
  text: string;
  sender: string | null; // to the coordinator, while it is kept
}
export type SurveySource = "citizens" | "youth" | "staff";
export type SurveyAge = "0-17" | "18-29" | "30-64" | "65-";
/** `places`: ids of the municipality's own. `hours`: of the view's `bands`. `follows`: the one it is compared with. */
export interface SurveyBody {
  title: string;
  source: SurveySource;
  places: string[];
  hours: string[];
  helps: string[];
  free_text: boolean;
  follows: Uuid | null;
}
export interface SurveySums {
  place: string;
  band: string;
  safe: number;
  neither: number;
  unsafe: number;
}
/** Sums of a dialogue held elsewhere. `told_by`: what they are taken from. No sums: "Uppgift saknas". */
export interface SurveyImportBody {
  title: string;
  source: SurveySource;
  told_by: string;
  first: DateOnly;
  last: DateOnly;
  sums?: SurveySums[]; // without: those that have been entered stand; []: nobody has told any
}
/** `on`: the day it was given; null = today. */
export interface SurveyAnswerBody {
  survey: Uuid;
  place: string;
  hours: string;
  felt: Feeling;
  help: string;
  age: SurveyAge | "";
  text: string;
  on: DateOnly | null;
}
// GET /api/surveys -> SurveysView                  the coordinator; a registrator of the nämnd that asks
// POST /api/surveys/<id>/count {seen}              counts, when five more have answered; 409 too_few_answered
export interface SurveysView {
  today: DateOnly;
  may_keep: boolean;
  places: { id: string; name: string }[];
  bands: string[]; // every one there is: "fre–lör 22–00"
  helps: string[]; // what a new survey begins with
  public_path: string;
  rows: SurveyRow[]; // latest first
}
/** Counts only in classes of five, as everybody may read them. */
export interface SurveyRow {
  id: Uuid;
  version: number;
  title: string;
  source: SurveySource;
  told_by: string; // "" = asked here
  follows: string; // title; "" = none
  opened_on: DateOnly;
  closed_on: DateOnly | null;
  places: { id: string; name: string }[];
  bands: string[];
  helps: string[];
  asks_age: boolean;
  free_text: boolean;
  link: { url: string; qr_svg: string; tablet: string } | null;
  may_count: boolean; // five more have answered
  counted_on: DateOnly | null;
  preview: { digest: string; shown: SurveyShown } | null; // null: never counted
  is_shown: boolean;
  is_as_shown: boolean;
  changed_at: Instant | null;
  released_by: string; // name and function
  texts: string[]; // what was written, in no order; never outside
}
// GET /enkat/<municipality>/<code>/fragor -> SurveyAsked         for a tablet on the square
// POST /enkat/<municipality>/<code>/svar TabletAnswer            sent again it is the same answer
export interface SurveyAsked {
  title: string;
  notice: string;
  is_open: boolean;
  places: { id: string; name: string }[];
  bands: string[];
  helps: string[];
  asks_age: boolean;
}
/** Everything a person chose. `help` and `age` "": not answered. `on`: the day by the tablet's clock. */
export interface TabletAnswer {
  id: Uuid;
  place: string;
  hours: string;
  felt: Feeling;
  help: string;
  age: SurveyAge | "";
  on: DateOnly;
}
/** As everybody would read it. */
export interface SurveyShown {
  title: string;
  lines: string[];
  tables: LagesbildTable[];
}
// GET /api/correspondence -> CorrespondenceView
export interface CorrespondenceView {
  id: Uuid;
  parties: PartyAddress[];
  texts: ReplyText[];
  steps: OperationType[]; // in which a reply is written
  tiles: { id: string; name: string }[];
  duty: string; // from the settings only
  changes: { at: Instant; by: string; about: string | null; was: string; now: string }[]; // latest first; about null = a text
}
export interface PartyAddress {
  id: string;
  name: string;
  mail: string;
  readers: string[]; // functions that sign in there and hear by mail
}
// GET /api/reply-texts -> {texts: ReplyText[]}: words to begin a public reply with; tile "" = whatever it is about
export interface ReplyText {
  id: string;
  step: OperationType;
  tile: string;
  text: string;
}
// POST /api/preview {operations: [{type, entity, body}]} -> StepPreview: what everybody would read after them; 400 with its code when refused
/** `before`, `after`: the photo pair of the answer; `shown` false while it is on its way. `message`: to a whole group. */
export interface StepPreview {
  state: ReplyWord | null;
  department: string | null;
  public_text: string;
  planned_on: DateOnly | null;
  step: { on: DateOnly; word: ReplyWord; text: string } | null;
  before: PreviewPhoto | null;
  after: PreviewPhoto | null;
  message: string | null;
}
export interface PreviewPhoto {
  id: Uuid;
  shown: boolean;
}
/** Whole hours: open time that neither waited nor lay with somebody else, and those two by themselves. */
/** What a task has to do with others. `id` null: another unit's. `near`: for triage, open ones that could be the same. */
export interface TogetherRow {
  retracted: boolean;
  merged_into: TogetherTask | null;
  absorbed: TogetherTask[];
  near: TogetherTask[];
}
export interface TogetherTask {
  id: Uuid | null;
  number: string;
  title: string;
}
export interface TaskSpent {
  working: number;
  waiting: number;
  referred: number;
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
// GET /api/agreements -> AgreementsView             coordinator only, like all four
// GET /api/promises/<id> -> PromiseView
// POST /api/promises/<id>/publish {digest, name} -> {version}    the digest of the preview that was read
// POST /api/promises/<id>/verify -> {version}                    refused unless every lamp has been seen on the spot
export type AgreementKind = "samverkansoverenskommelse" | "medborgarlofte" | "trygghetsoverenskommelse";
export type EvidenceKind = "street" | "walks" | "reported" | "yearly";
export type ReportResult = "going_on" | "done" | "not_done";
export type PromiseMark = "lit" | "half" | "plan" | "no" | "reported" | "counted" | "dropped" | "missing";

export interface AgreementParty {
  id: string;
  name: string;
  called: string;
}

export interface PromiseCount {
  n: number;
  of: number | null;
  unit: string;
  are_people: boolean;
}

type BodyOfReport = Bodies["promise.report"];
export interface PromiseReport extends BodyOfReport {
  id: Uuid;
  entered_by: string;
  entered_at: Instant;
}

export interface PromiseLine {
  mark: PromiseMark;
  lead: string;
  text: string;
  lamps: number;
  more: string[];
}

export interface AgreementHead {
  id: Uuid;
  version: number;
  kind: AgreementKind;
  title: string;
  purpose: string;
  parties: AgreementParty[];
  valid_from: string | null;
  valid_to: string | null;
  keeper: string;
  part_of: Uuid | null;
  predecessor: Uuid | null;
  review_on: string | null;
  validity: "coming" | "in_force" | "expired";
  days_left: number | null;
}

export interface PromiseRow extends Omit<Bodies["promise.enter"], "agreement"> {
  id: Uuid;
  version: number;
  state: "promised" | "done" | "verified" | "not_done";
  release: "internal" | "proposed" | "public" | "withdrawn";
  reports: number;
  changed_at: Instant | null;
  released_by: string;
}

export interface AgreementsView {
  agreements: (AgreementHead & { promises: PromiseRow[] })[];
  public_path: string;
  tiles: { id: string; name: string }[];
}

/** Lamps of one stråk. Only what was seen when it was dark is compared; `missing` was seen by daylight only. */
export interface StretchLamps {
  id: string;
  name: string;
  length_m: number;
  evenings: number;
  lit: number;
  half: number;
  dark: number;
  missing: number;
}

/** `is_as_shown`: what everybody reads now is what a release would show. */
export interface PromiseView {
  promise: Omit<PromiseRow, "reports"> & { reports: PromiseReport[] };
  agreement: AgreementHead;
  preview: {
    owners: string[];
    standing: string;
    lines: PromiseLine[];
    later: PromiseLine[];
    stretches: StretchLamps[];
    built_on: string[];
    needs: { lagesbild: Uuid | null; source: string; rows: string[]; met: string[] } | null;
  };
  digest: string;
  is_as_shown: boolean;
  published_at: Instant | null;
  may_verify: boolean;
  public_path: string;
  built_on: Uuid[];
  surveys: { id: Uuid; words: string }[]; // all there are
  needs: NeedsView;
}

/** `place` "": the area. `weekday` from Monday, 0; `block`: the two hours it begins. */
export interface NeedAt {
  area: string;
  place: string;
  weekday: number;
  block: number;
}

export interface MetNeed extends NeedAt {
  commitment: Uuid;
}

/** `period`: of the lägesbild that was signed last, null = none. `commitments`: those that lead to the promise. */
export interface NeedsView {
  period: { first: DateOnly; last: DateOnly } | null;
  slots: (NeedAt & { n: number; evenings: number; names: string[] })[];
  met: MetNeed[];
  commitments: {
    id: Uuid;
    text: string;
    state: "planned" | "under_way" | "done" | "not_done";
    due_on: DateOnly;
    executor: string;
  }[];
}

// GET /api/est?week=2026-W47 -> EstView             coordinator only; without a week the last that is over
// POST /api/est/compile {week, digest} -> {version}  refused when it has changed since it was read, or is not all sorted
// GET /api/est/export/csv|json?week=2026-W47         docs/est.md
export type EstTrend = "new" | "first_look" | "more" | "same" | "fewer" | "gone" | "not_looked";

/** `n` null: nobody was out and nothing was told. Never shown as 0. */
export interface EstCell {
  n: number | null;
  evenings: number;
  people: string;
}
export interface EstPlace {
  place: string;
  evening: DateOnly;
  from_hour: number;
  to_hour: number;
  owner: string;
  why: string;
}
export interface EstDecision {
  id: Uuid;
  text: string;
  owner: string;
  due_on: DateOnly;
  place: string | null;
  settled_on: DateOnly | null;
  is_done: boolean;
  said: string;
  task: Pick<
    TaskRow,
    | "id"
    | "number"
    | "state"
    | "department"
    | "department_name"
    | "department_kind"
    | "planned_on"
    | "extent"
    | "reopened"
    | "public_text"
    | "reopen_proposed"
  > | null;
}
/** `place` "" is the whole area; people are bands, ready to show. */
export interface EstPicture {
  evenings: DateOnly[];
  walks: number;
  stops: number;
  felt: { answers: string; safe: string; neither: string; unsafe: string };
  blocks: number[]; // hours that blocks of two begin at, in the order of an evening
  by_place: { area: string; place: string; cells: EstCell[]; undated: number; total: number; evenings: number }[];
  by_hour: { evening: DateOnly; cells: EstCell[]; no_hour: number; evenings: number }[];
  by_category: { category: string; kind: CategoryState["kind"]; n: number; before: number }[];
  changes: {
    category: string;
    area: string;
    place: string;
    n: number;
    before: number;
    evenings: number;
    evenings_before: number;
    trend: EstTrend;
  }[];
  total: number;
  unsorted: number;
}
export interface EstView {
  id: Uuid;
  version: number; // 0: nobody has done anything with it yet
  week: string;
  number: number;
  before: string;
  before_id: Uuid;
  before_version: number;
  after: string;
  next_evenings: DateOnly[];
  is_over: boolean;
  is_whole: boolean; // false: more was handed in than is counted
  step: "reporting" | "review" | "compiled";
  met_on: DateOnly | null;
  present: string[];
  counts: (Omit<Bodies["est.count"], "week" | "count"> & { id: Uuid })[];
  next_places: EstPlace[];
  history: { at: Instant; operation: string; start: string; end: string; by: string; text: string }[];
  compiled: { at: Instant; by: string; events: number; digest: string } | null;
  digest: string;
  is_as_compiled: boolean;
  picture: EstPicture;
  released: { by: string; on: DateOnly } | null;
  decisions: EstDecision[];
  last_decisions: EstDecision[];
  ready: { id: Uuid; number: string; category: string; place: string }[];
  parties: { id: string; name: string; owns_tasks: boolean }[];
  places: { id: string; name: string; area: string }[];
  areas: string[];
  categories: { code: string; name: string }[];
  vehicle_categories: string[];
  stretches: { id: string; name: string }[];
}

export type Vehicle = "a_tractor" | "moped" | "car" | "motorcycle" | "other";
export type VehicleSort = "music" | "speed" | "gathering" | "other";

export interface VehicleBand {
  vehicle: Vehicle;
  band: "1-5" | "6-15" | "16-30" | "31+";
}

/** One place of one week. `line`: one point for a place, more for a stråk, none for an area: it is on no map. */
export interface VehicleSpot {
  where: { area: string; place: string; stretch: string };
  line: [number, number][];
  n: number | null; // null: nobody was out and nothing was told
  before: number | null;
  evenings: number;
  evenings_before: number;
  trend: EstTrend;
  sorts: { sort: VehicleSort; n: number }[];
  vehicles: VehicleBand[];
  when: { evening: DateOnly | null; block: number | null; n: number }[];
}

export interface VehicleWeek {
  week: string;
  number: number;
  first: DateOnly;
  last: DateOnly;
  evenings: number;
  total: number;
  spots: VehicleSpot[];
}

// GET /api/est/vehicles?week=2026-W47 -> VehiclesView    the coordinator, for the group; the oldest week first
export interface VehiclesView {
  weeks: VehicleWeek[];
  is_whole: boolean;
}

// GET /api/activities -> ActivitiesView          the coordinator
export interface ActivityCount {
  n: number;
  of: number | null;
  unit: string;
  are_people: boolean;
}

export interface ActivityBody {
  promise: Uuid;
  kind: string;
  first: string;
  last: string;
  party: string;
  place_type: string;
  partners: string[];
  counts: ActivityCount[];
  told_by: string;
  told_on: string;
  may_publish: boolean;
  reason: string;
}

export interface ActivitySaid extends Omit<ActivityBody, "promise"> {
  kind_name: string;
  party_name: string;
  words: string[]; // the counts, as everybody would read them
  is_withdrawn: boolean;
  entered_by: string;
  entered_at: Instant;
}

export interface ActivityRow {
  id: Uuid;
  version: number;
  promise: Uuid;
  heading: string;
  said: ActivitySaid[]; // latest first: the first one holds
}

export interface ActivityKind {
  id: string;
  name: string;
  unit: string;
  places: string[];
}

/** `cells` by month; null: nobody has told. */
export interface VisitTable {
  kind: string;
  name: string;
  unit: string;
  months: string[];
  rows: { place_type: string; cells: (number | null)[] }[];
}

export interface ActivityPromise {
  id: Uuid;
  heading: string;
  agreement: string;
  parties: { id: string; name: string }[];
}

export interface ActivitiesView {
  today: string;
  kinds: ActivityKind[];
  promises: ActivityPromise[];
  activities: ActivityRow[];
  tables: VisitTable[];
}

// GET /api/trade -> TradeView          the safety group's parties: coordinator, shops, police
export interface TradeContact {
  function: string;
  phone: string;
  mail: string;
  hours: string;
  said_by: string;
  said_at: Instant;
}

export interface TradeLinkRow {
  id: Uuid;
  to: string;
  made_at: Instant;
  made_by: string;
  ends_at: Instant;
  used_at: Instant | null;
  standing: "open" | "revoked" | "expired" | "moved";
}

export interface TradeCardRow {
  id: Uuid;
  version: number;
  party: string;
  party_name: string;
  contacts: TradeContact[]; // latest first: the first one holds; earlier ones only to who may write
  confirmed_on: string;
  confirmed_by: string;
  is_due: boolean;
  may_write: boolean;
  may_send: boolean;
  links: TradeLinkRow[];
}

export interface RoutineText {
  text: string;
  decided_by: string;
  valid_from: string;
  entered_by: string;
  entered_at: Instant;
}

/** By type of crime; null or absent: not told. */
export type CrimeNumbers = Record<string, number | null>;

export interface ShopWeekRow {
  id: Uuid;
  version: number;
  numbers: CrimeNumbers;
  told: { numbers: CrimeNumbers; told_by: string; by_link: boolean; told_at: Instant }[]; // latest first
}

export interface TradeShop {
  id: string;
  name: string;
  weeks: ShopWeekRow[]; // as `weeks` of the view
}

/** Fewer in one shop and more in another, the same week. It says nothing of why. */
export interface TradeShift {
  kind: string;
  week: string;
  fewer: string;
  fell: [number, number];
  more: string;
  rose: [number, number];
}

export interface TradeView {
  today: string;
  is_coordinator: boolean;
  is_member: boolean; // false: a shop without a card, which reads nothing
  left: { party: string; party_name: string; version: number; left: { reason: string; by: string; at: Instant }[] }[];
  own: string | null;
  kinds: { id: string; name: string }[];
  weeks: string[]; // "2026-W47", the oldest first
  cards: TradeCardRow[];
  parties: { id: string; name: string }[];
  card_ids: Record<string, Uuid>;
  routine: { id: Uuid; version: number; now: RoutineText | null; texts: RoutineText[] };
  shops: TradeShop[];
  shifts: TradeShift[];
}

// GET /api/rota -> RotaView          the coordinator
export type OutingKind = "night_walk" | "field_shift" | "safety_walk";

/** Clock times in Stockholm, "20:00"; what is before six in the morning belongs to the evening before. */
export interface RotaPlan {
  kind: OutingKind;
  area: string;
  place: string;
  evening: DateOnly;
  starts: string;
  ends: string;
  needed: number; // adults
  walk: Uuid | null;
}

export interface RotaSaid {
  party: string;
  name: string;
  adults: number;
  by: string;
  by_link: boolean;
  at: Instant;
}

export interface RotaRow extends RotaPlan {
  id: Uuid;
  version: number;
  starts_at: Instant;
  ends_at: Instant;
  when: "evening" | "weekend" | "day";
  missing: number; // adults that nobody has promised
  has_begun: boolean;
  is_over: boolean;
  may_tell: boolean; // it is over, and not so long ago that nobody remembers how many walked
  called_off: { reason: string; by: string; at: Instant } | null;
  crew: (RotaSaid & { walked: number | null })[]; // who comes; `walked` null: not said
  came_unsigned: RotaSaid[]; // who walked without having said so, by the coordinator's word
  history: RotaSaid[]; // latest first
}

export interface RotaContact {
  id: Uuid;
  function: string;
  address: string;
}

export interface RotaLinkRow {
  id: Uuid;
  made_at: Instant;
  made_by: string;
  ends_at: Instant;
  used_at: Instant | null;
  standing: "open" | "revoked" | "expired" | "moved";
}

export interface RotaParty {
  id: string;
  name: string;
  is_association: boolean;
  is_municipal: boolean; // a field shift is for these only
  contact: RotaContact | null;
  forgotten_on: DateOnly | null; // the address, when it has been of no use for so long
  links: RotaLinkRow[]; // latest first
}

export interface RotaView {
  tonight: DateOnly;
  kinds: OutingKind[];
  areas: string[];
  walks: { id: Uuid; name: string; starts_at: Instant }[];
  parties: RotaParty[];
  evenings: RotaRow[]; // the first to begin first, five weeks back and half a year ahead
}
// POST /api/rota/contact { party, function, mail } -> { party }          mail "": forget it

// GET /api/rota/attestations?party&first&last -> AttestationView
export interface WalkedEvening {
  evening: DateOnly;
  kind: OutingKind;
  when: "evening" | "weekend" | "day";
  adults: number | null; // null: nobody has said
  minutes: number;
  source: "log" | "link" | "desk"; // desk: the coordinator's word
}

export interface WalkedTotals {
  evenings: number;
  weekends: number;
  logged: number; // of `evenings`, those that a kept pass tells of
  hours: number; // adults' whole hours
  unsaid: number;
}

export interface AttestationView {
  rows: WalkedEvening[];
  totals: WalkedTotals;
  digest: string;
  attested: {
    id: Uuid;
    version: number;
    first: DateOnly;
    last: DateOnly;
    signed_by: string;
    signed_at: Instant;
    taken_back: { reason: string; by: string; at: Instant } | null;
    totals: WalkedTotals;
    overlaps: boolean;
  }[]; // latest first
}
// POST /api/rota/attestations { party, first, last, digest, name } -> { id }
// GET /api/rota/attestations/<id>/<html|pdf|docx|xlsx|csv>

// GET /api/plans[?task=<id>] -> PlansView          the coordinator: all of it; an executor: its own
export type Rhythm = "once" | "month" | "quarter" | "tertial" | "half_year" | "year";
export type CommitmentTold = "not_begun" | "going_on" | "done" | "not_done";

export interface ReportBack {
  id: Uuid;
  due_on: string;
  told: CommitmentTold;
  text: string;
  reason: string;
  told_by: string; // function, never a person
  told_on: string;
  by_link: boolean;
  entered_by: string;
  entered_at: Instant;
}

export interface ReportLinkRow {
  id: Uuid;
  to: string;
  made_at: Instant;
  made_by: string;
  ends_at: Instant;
  used_at: Instant | null;
  standing: "open" | "revoked" | "expired" | "closed";
}

export interface CommitmentRow {
  id: Uuid;
  version: number;
  plan: Uuid;
  executor: string;
  executor_name: string;
  text: string;
  due_on: string;
  rhythm: Rhythm;
  state: "planned" | "under_way" | "done" | "not_done";
  terms: { since: string; due_on: string; rhythm: Rhythm; set_by: string; set_at: Instant }[];
  is_late: boolean;
  days: { day: string; kept: "coming" | "on_time" | "late" | "missing" }[];
  asked_for: string | null;
  may_tell: CommitmentTold[];
  reports: ReportBack[]; // latest first
  promises: { id: Uuid; heading: string }[];
  tasks: { id: Uuid; number: string; title: string; state: TaskWord }[];
  links: ReportLinkRow[];
  mail: string;
}

export interface PlanRow {
  id: Uuid;
  version: number;
  focus: string;
  title: string;
  rests_on: { first: DateOnly; last: DateOnly }[]; // lägesbilder
  commitments: CommitmentRow[];
}

/** Another executor of the same agreement, as an executor reads it; `on_time` and `of` within that agreement. */
export interface PlansOther extends OnTime {
  late: { text: string; since: DateOnly; due_on: DateOnly }[];
}

export interface PlansAgreement {
  id: Uuid;
  title: string;
  valid_from: string | null;
  valid_to: string | null;
  validity: "coming" | "in_force" | "expired";
  review_on: string | null;
  plans: PlanRow[];
  others: PlansOther[]; // none to the coordinator, who reads every commitment
}

/** `of`: report days that have come or are met; 0 = nothing to count yet. */
export interface OnTime {
  executor: string;
  name: string;
  on_time: number;
  of: number;
}

export interface PlansView {
  today: string;
  is_coordinator: boolean;
  agreements: PlansAgreement[];
  rates: OnTime[];
  executors: { id: string; name: string }[];
  promises: { id: Uuid; heading: string }[];
}

// GET /api/lagesbild?from=2026-05-01&to=2026-08-31 -> LagesbildView    coordinator only; without days the last tertial
// POST /api/lagesbild/sign {first, last, digest, name, police_by, police_on, changed}
// GET /api/lagesbild/<edition>/html|pdf|docx
export type LagesbildHeading = "otrygghet" | "brott" | "ordningsstorning" | "samverkan";

/** `n` null: nobody is known to have been out, and nothing was told. `seen`: those of `n` seen on a walk. `walked`: evenings with one. */
export interface LagesbildCount {
  n: number | null;
  seen: number;
  evenings: number;
  walked: number;
}

export interface LagesbildBar {
  label: string;
  n: number | null;
  said: string;
}

export interface LagesbildTable {
  caption: string;
  columns: string[];
  rows: string[][];
}

/** As everybody would read it. */
export interface LagesbildShown {
  municipality: string;
  number: number;
  parts: {
    heading: LagesbildHeading;
    title: string;
    text: string;
    lines: string[];
    bars: LagesbildBar[];
    tables: LagesbildTable[];
    source: string;
  }[];
  focus: string[];
  signed: string[];
  keeper: string;
  changed: string;
}

export interface LagesbildAlike {
  heading: LagesbildHeading;
  is_dark: boolean;
  block: number;
  seen: number;
  evenings: number;
  seen_before: number;
  evenings_before: number;
  is_comparable: boolean;
}

export interface LagesbildPicture {
  blocks: number[];
  unsafe: number;
  order: number;
  good: number;
  unsorted: number;
  by_place: { area: string; place: string; unsafe: LagesbildCount; order: LagesbildCount }[];
  by_hour: { heading: LagesbildHeading; rows: LagesbildCount[][]; no_hour: number }[]; // seven rows from Monday
  by_category: { heading: LagesbildHeading; category: string; name: string; n: number }[];
  needs: {
    area: string;
    place: string;
    category: string;
    name: string;
    weekday: number;
    block: number;
    n: number;
    evenings: number;
  }[];
  alike: LagesbildAlike[];
  felt: { safe: string; neither: string; unsafe: string }; // bands
  together: {
    walks: number;
    stops: number;
    evenings: number;
    walked: number;
    passes: number;
    meetings: number;
    decisions: number;
    done: number;
  };
}

export interface LagesbildEdition {
  id: Uuid;
  number: number;
  signed_at: Instant;
  signatures: { party: string; name: string; function: string; on: DateOnly }[];
  changed: string;
  focus: string[];
}

export interface LagesbildView {
  draft: {
    id: Uuid;
    version: number;
    first: DateOnly;
    last: DateOnly;
    texts: { heading: LagesbildHeading; text: string }[];
    crime: { text: string; source: string; told_by: string; told_on: DateOnly } | null;
    focus: Uuid[];
    edition: number;
  };
  today: DateOnly;
  is_over: boolean;
  is_whole: boolean;
  digest: string;
  picture: LagesbildPicture;
  year_before: { first: DateOnly; last: DateOnly };
  editions: LagesbildEdition[]; // latest first
  is_as_signed: boolean;
  plans: { id: Uuid; focus: string; title: string }[];
  known: { id: Uuid; first: DateOnly; last: DateOnly; edition: number }[];
  preview: { edition: Uuid; number: number; digest: string; shown: LagesbildShown } | null;
  shown: { number: number; by: string; at: Instant } | null; // number 0: taken away
  shown_from: DateOnly;
  public_path: string;
}

// GET /api/rules -> RulesView                     coordinator only, like all three
// GET /api/rules/alarms -> {book: number, alarms: RuleFault[]}     what is wrong with the live rules today
// POST /api/rules/<id>/dry-run -> application/x-ndjson: TrialLine per page of history, the last one with the result
export interface Rule {
  id: string;
  name: string;
  categories: string[]; // an empty condition fits everything
  tiles: string[];
  kinds: CategoryState["kind"][];
  place_types: string[];
  areas: string[]; // tätorter
  polygon: [lon: number, lat: number][][]; // rings as in GeoJSON; a ring in a ring is a hole
  owners: string[]; // whose ground it is
  answers: string[]; // checklist questions that were answered Nej
  severities: number[];
  department: string;
  deadline_days: number | null; // working days
  authority: boolean; // myndighetsutövning: ends for us with the hand-over
  because: string;
}
export interface RulesData {
  rules: Rule[];
  limits: { categories: string[]; tiles: string[]; priorities: number[]; days: number }[];
  precedence: {
    tiles: string[];
    place_types: string[];
    severities: number[];
    dark_lamps: number;
    priority: number;
    because: string;
  }[];
  lamps: string[]; // categories of dark lamps
  switch_offs: { areas: string[]; first: string; last: string; starts: string; ends: string; because: string }[];
}
export interface RuleFault {
  rule: string; // "" for a row of another table
  code: string;
  about: string;
  name?: string;
}
export interface RuleBookHead {
  id: Uuid | null; // null: what came with the installation
  number: number;
  published_by: string;
  published_at: Instant | null;
  note: string;
  rules: RulesData;
}
export interface RulesView {
  live: RuleBookHead & { faults: RuleFault[] };
  draft: {
    id: Uuid;
    version: number;
    note: string;
    saved_by: string;
    saved_at: Instant;
    rules: RulesData;
    faults: RuleFault[];
    tried: { at: Instant; by: string; findings: number; changed: number; last_resort: number; never: string[] } | null;
  } | null;
  earlier: RuleBookHead[];
  choices: Record<"owners" | "place_types" | "questions", { id: string; name: string }[]> & { ground: string[] };
}
export interface TrialExample {
  id: Uuid;
  number: string;
  category: string;
  place: string;
  now: string;
  then: string;
}
export interface TrialResult {
  findings: number;
  work: number; // of those, what may become a task
  changed: number;
  other_days: number; // would have been promised for another day
  other_order: number; // would have another priority
  owners: { id: string; name: string; now: number; then: number }[];
  changes: { from: string; to: string; count: number; examples: TrialExample[] }[];
  reached: { rule: string; count: number }[];
  never: string[];
  last_resort: number;
  homeless: TrialExample[];
  points: [lat: number, lon: number, changes: boolean][];
}
export type TrialLine = { done: number; of: number } | { result: TrialResult; kept: boolean; version: number | null };

// GET /api/presence/sums?from=2026-11-16&to=2026-11-22 -> {released: {by, on}|null, rows: PresenceSum[]}     coordinator only
export interface PresenceSum {
  area: string;
  evening: DateOnly;
  passes: number; // 0 = nobody was out, shown as "–"
  people: string; // "–", "0", "färre än 5", or a band such as "6–15"
  moods: Partial<Record<PresenceBody["mood"], number>> | null; // null when hidden
}
// GET /api/presence/hours?year=2026 -> AdultHours     coordinator only
export interface AdultHours {
  released: { by: string; on: string } | null;
  year: number;
  months: DateOnly[]; // the first day of each that has begun
  rows: AdultMonth[]; // each area, month by month
}
export interface AdultMonth {
  area: string;
  month: DateOnly;
  evenings: number; // 0 = nobody was out, shown as "–"
  hours: number | null; // whole hundreds, at least so many; null = fewer, or not said
  is_hidden: boolean; // few people live there: no hours are told
}
// GET /api/conflicts?limit= -> {conflicts: ConflictRow[], waiting: number}     held ones first, then newest first
//   coordinator: the municipality's own; field secretary: the own organisation's log
export interface ConflictRow {
  id: Uuid; // the second operation's
  version: number;
  kind: "walk" | "observation" | "task" | "presence" | "pass";
  about: Uuid;
  about_version: number;
  title: string;
  operation: OperationType;
  held: boolean; // nothing changed and a person decides; else the second stands
  refusal: string | null; // why it could not be done on what was here
  takeable: boolean; // false: what the other wanted no longer fits, and is written anew
  differences: ConflictDifference[];
  first_by: string; // functions, never names
  first_at: Instant;
  second_by: string;
  second_at: Instant;
  received_at: Instant;
}
export interface ConflictDifference {
  field: string;
  element: string | null; // one stop of the walk, by name
  part: string | null; // the stop's field
  stake: "scalar" | "text" | "elements" | "high" | "with_state" | "trail";
  seen: unknown; // what the second had before them
  first: unknown; // what stands when it is held
  second: unknown;
}

// ---------------------------------------------------------------- a nämnd's register
export type RegisterKind =
  | "observation"
  | "photo"
  | "task"
  | "feeling"
  | "answer"
  | "pass"
  | "presence"
  | "feedback"
  | "incoming_mail"
  | "survey_answer";
export type RegisterSeries =
  | "partial"
  | "quarantine"
  | "rejected"
  | "findings"
  | "presence"
  | "feedback"
  | "incoming_mail"
  | "survey_answer";
export interface RegisterRef {
  kind: RegisterKind;
  id: Uuid;
}
export interface RegisterAbout extends RegisterRef {
  number: string | null; // null: it has none, or it is removed
}
// GET /api/register -> RegisterView       registrator, records_officer: their own nämnd's, which follows from who asks
export interface RegisterView {
  board: string;
  may_decide: boolean;
  cases: RegisterCase[];
  holds: RegisterHold[];
  series: RegisterDue[];
  decisions: RegisterDecision[];
  appeal: string; // what a refusal says when nothing else is written
}
export interface RegisterCase {
  id: Uuid;
  version: number;
  number: string;
  state: "open" | "granted" | "refused";
  about: RegisterAbout[];
  received_on: DateOnly;
  reference: string;
  registered_by: string; // function
  registered_at: Instant;
  registered_by_me: boolean; // then somebody else decides
  decided_by: string;
  decided_at: Instant | null;
  ground: string;
  reason: string;
  appeal: string;
  decision: Uuid | null;
}
export interface RegisterHold {
  id: Uuid;
  about: RegisterAbout[];
  reason: string;
  placed_by: string;
  placed_at: Instant;
  lifted_by: string;
  lifted_at: Instant | null;
  lifted_why: string;
}
export interface RegisterDue {
  series: RegisterSeries;
  rule: {
    series: RegisterSeries;
    keep_days: number;
    reference: string;
    decided_by: string;
    decided_at: Instant;
  } | null;
  due: {
    until: DateOnly;
    count: number;
    more: boolean; // there are more than are named
    held: number;
    oldest: Instant | null;
    items: { kind: string; id: Uuid }[];
  } | null;
}
export interface RegisterDecision {
  id: Uuid;
  reason: "erasure" | "gallring";
  total: number;
  left: number;
  decided_at: Instant;
  replayed_at: Instant | null; // brought back by the journal after a restore
  done_at: Instant | null;
}
// GET /api/register/list?from=&to=&q= -> RegisterList
export interface RegisterList {
  first: DateOnly;
  last: DateOnly;
  is_whole: boolean; // false: more came in than can be listed, so ask for a shorter time
  rows: RegisterRow[]; // the latest first
}
export interface RegisterRow extends RegisterRef {
  number: string;
  on: DateOnly;
  sender: string; // an organisation, a walk or a form; never a person
  about: string; // the sort and the registered place; nothing that somebody wrote
}
// GET /api/register/look?number=LK-12 -> RegisterThing
export interface RegisterThing extends RegisterRef {
  number: string;
  photos: number;
  tasks: string[];
}

// --- the return path by mail
// GET /api/tasks/<id>/links -> AnswerLinks
export interface AnswerLinks {
  links: AnswerLinkRow[]; // latest first
  party: string | null;
  to: string; // the party's own address, or that of whom it was referred to; "" = somebody has to write one
  recipient: string; // whom it was referred to; "" = nobody
  decides: boolean; // who gets a link at `to` decides for the party; else they help it
  decides_elsewhere: boolean; // the same, at any other address
  can_send: boolean;
}
export interface AnswerLinkRow {
  id: Uuid;
  number: string; // the hand-over's receipt
  to: string;
  recipient: string;
  helps: boolean; // decides nothing for the unit
  made_at: Instant;
  made_by: string;
  ends_at: Instant;
  answer_by: DateOnly;
  used_at: Instant | null;
  revoked_at: Instant | null;
  revoked_by: string;
  standing: "open" | "revoked" | "expired" | "closed" | "moved";
  delivery: "pending" | "sent" | "failed"; // failed: tried again by itself, or given up
  sent_at: Instant | null;
  reason: string;
}
// GET /api/reminders -> LateView
export interface LateView {
  late: LateRow[]; // the last step first
  count: number;
  letters: FailedLetter[]; // for a coordinator
  unsorted: { count: number; since: DateOnly; days: number; step: number; why: string } | null; // for a coordinator
  outside: Outside | null; // for a coordinator: what has not come through to other systems
  today: DateOnly;
}
export interface LateRow {
  id: Uuid;
  number: string;
  title: string;
  place: string;
  state: TaskRow["state"];
  department_name: string | null;
  clock: "undecided" | "not_accepted" | "no_news" | "look_passed" | "not_verified" | "doubted";
  since: DateOnly;
  days: number; // working days
  step: number;
  why: string;
  wait_reason: string | null;
  public_text: string;
  said: { step: number; on: DateOnly }[];
  next_step_in: number | null; // working days; null after the last
}
export interface Outside {
  tasks: StuckRow[];
  undone: StuckRow[]; // done here, and they say that it is not
  silent: { party: string; since: Instant; tasks: number }[];
  webhooks: { id: Uuid; name: string; calls: number; reason: string; since: Instant }[];
}
export interface StuckRow {
  id: Uuid;
  number: string;
  title: string;
  party: string;
  turn: number;
  state: DeliveryRow["state"];
  reason: string;
  since: Instant;
  may_retry: boolean;
}
export interface FailedLetter {
  id: Uuid;
  kind: string;
  tasks: { id: Uuid; number: string }[]; // all that it tells of
  observation: Uuid | null;
  attempts: number;
  reason: string;
  gave_up_on: DateOnly | null;
}
// GET /api/walks/<id>/group -> GroupView
export interface GroupView {
  addresses: number; // confirmed; never which
  message: { text: string; by: string; at: Instant } | null;
}
// POST /api/subscriptions
export interface Subscribe {
  address: string;
  walk?: Uuid;
}

// --- other systems
// GET /api/connections -> Connections
export interface Connections {
  keys: ApiKeyRow[];
  partners: PartnerRow[];
  parties: Party[];
  units: { id: string; name: string }[];
  webhooks: WebhookRow[];
  deliveries: (DeliveryRow & { number: string })[];
  calls: WebhookCall[];
  endpoint: string;
}
export interface ApiKeyRow {
  id: Uuid;
  version: number;
  name: string;
  organisation: string | null;
  created_at: Instant;
  created_by: string;
  revoked_at: Instant | null;
}
/** A party that tasks can be sent to; `partner` is the id of its settings, there or not. */
export interface Party {
  id: string;
  name: string;
  partner: Uuid;
}
export interface PartnerRow {
  id: Uuid;
  version: number;
  organisation: string;
  name: string;
  endpoint: string;
  jurisdiction: string;
  format: "json" | "xml";
  services: Record<string, string>;
  knows_repeats: boolean;
  is_open: boolean;
  has_key: boolean;
  attributes: Record<string, string>; // what is answered where they require something, by its code
  heard_at: Instant | null; // when the system last answered about anything still open
}
export interface WebhookRow {
  id: Uuid;
  version: number;
  name: string;
  url: string;
  unit: string | null;
  secret: string;
  created_at: Instant;
  ended_at: Instant | null;
}
export interface WebhookCall {
  id: Uuid;
  webhook: Uuid;
  finding: Uuid | null;
  task: Uuid | null;
  event: string;
  state: "sent" | "waiting" | "failed" | "superseded";
  status: number | null;
  reason: string;
  attempts: number;
  changed_at: Instant;
}
// GET /api/tasks/<id>/deliveries -> {deliveries: DeliveryRow[], expects: boolean}
export interface DeliveryRow {
  id: Uuid;
  about: Uuid; // the task
  organisation: string;
  party: string;
  turn: number;
  state: "pending" | "sent" | "acknowledged" | "failed";
  began_at: Instant;
  changed_at: Instant;
  reason: string;
  remote_id: string;
  remote_status: string;
  remote_text: string;
  asked_at: Instant | null; // when their system last answered about it
}
// GET /api/walks/<id>/release -> ReleaseView
export interface ReleaseView {
  walk_name: string;
  findings: ReleaseRow[];
  /** Not in the list: held back, about people, not sorted yet, or merged and taken back. */
  left: Record<"held" | "social" | "unsorted" | "other", number>;
}
/** A finding as everybody would read it; the words and the photos are chosen by whoever releases it. */
export interface ReleaseRow {
  id: Uuid;
  version: number;
  number: string;
  category: string;
  stop_name: string;
  seen_at: Instant;
  notes: string; // what its tasks have come to, in the words that everybody reads
  lat: number | null; // to about a hundred metres
  lon: number | null;
  photos: Uuid[]; // those that may be shown
  photos_left: number;
  publication: PublicationState | null;
}
// GET /api/tasks/<id>/pairs -> TaskPairs               coordinator only
export interface TaskPairs {
  is_done: boolean;
  findings: PairFinding[];
  after: { id: Uuid; on: string }[]; // of the finished work, those that may be shown
  left: number; // photos that nobody outside may see
}
export interface PairFinding {
  id: Uuid;
  number: string;
  walk: Uuid;
  on: string;
  is_public: boolean;
  version: number; // of its publication
  text: string;
  photos: Uuid[];
  pair: PhotoPair | null; // that everybody sees
}
export interface PairSide {
  photo: Uuid;
  words: string;
  on: string;
}
export interface PhotoPair {
  before: PairSide;
  after: PairSide;
  released_by: string;
}
// GET /api/promises/<id>/pairs -> {stretches: StretchPair[]}
export interface StretchPair {
  id: string;
  name: string;
  finding: Uuid | null;
  pair: PhotoPair | null;
  tasks: { id: Uuid; number: string; title: string; place: string }[]; // done, with photos of before and after
}
// GET /api/observations/<id>/publication -> {publication: PublicationState | null}
export interface PublicationState {
  id: Uuid;
  version: number;
  state: "internal" | "proposed" | "public" | "withdrawn";
  text: string;
  place_words: string;
  photos: Uuid[];
}
