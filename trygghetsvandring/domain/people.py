"""People: who may do what. No person who is observed exists here, by design; only those who walk and those who work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    WALKER = "walker"  # a phone that joined one walk
    COORDINATOR = "coordinator"
    HANDLER = "handler"
    DEPARTMENT_HEAD = "department_head"
    FIELD_SECRETARY = "field_secretary"
    SHOP = "shop"
    POLICE = "police"
    REGISTRATOR = "registrator"  # one nämnd's register
    RECORDS_OFFICER = "records_officer"  # arkivansvarig: decides for that nämnd
    ANSWERING_PARTY = "answering_party"  # who answers about one task by a link, without an account
    RESIDENT = "resident"  # whoever writes from a public page, without an account
    SYSTEM = "system"  # the server itself: photo intake, clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking, derived from a session or a device token only, never from the request's text."""

    municipality: str
    role: Role
    device: UUID | None = None
    user: UUID | None = None
    organisation: str | None = None
    walk: UUID | None = None
    function: str = ""  # "Handläggare, Gata och park": shown instead of a name
    formerly: tuple[UUID, ...] = ()  # the ids this phone had before its storage was restored
    walks: tuple[UUID, ...] = ()  # the walks this phone was on before `walk`
    shut: str = ""  # why it may send and not read: device_revoked, token_expired, user_disabled
    held: str = ""  # why a person has to look at what it sends

    @property
    def devices(self) -> tuple[UUID | None, ...]:
        """Every id of this phone or desk, the one in use first."""
        return (self.device, *self.formerly)

    def has_walked(self, walk: UUID) -> bool:
        return walk in (self.walk, *self.walks)

    def is_me(self, device: UUID | None) -> bool:
        return device is not None and device in self.devices


def system(municipality: str) -> Principal:
    return Principal(municipality=municipality, role=Role.SYSTEM, function="Servern")


@dataclass(frozen=True, slots=True)
class Heard:
    """The last exchange of one of a phone's sessions: what its wall clock was off (server minus phone), and when."""

    session: UUID
    offset_ms: int
    mono_ms: float
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A phone or a desk that sends operations.

    `max_seq` is the highest sequence number seen, `promised_seq` what the phone said at hand-in it would send.
    """

    id: UUID
    version: int
    kind: str  # walk | field | desk
    token_hash: str
    walk: UUID | None
    user: UUID | None
    organisation: str | None
    alias: str
    language: str
    joined_at: datetime
    last_seen_at: datetime
    drafts: int = 0
    max_seq: int = 0
    promised_seq: int = 0
    handed_in_at: datetime | None = None
    revoked_at: datetime | None = None
    key_hash: str = ""  # digest of the key the phone made for itself; asked for when it joins again
    token_at: datetime | None = None  # when its token was made; None: when it joined
    first_seq: int = 1  # what it counts from; higher when it goes on from another id
    formerly: tuple[UUID, ...] = ()
    walks: tuple[UUID, ...] = ()  # those it joined before `walk`, the latest last
    replaced_by: UUID | None = None
    needs_you: int = 0  # what it said waits for its owner, at `told_at`
    kept: bool | None = None  # whether its browser promises not to clear the app's storage; None: never said
    told_at: datetime | None = None
    revoked_by: str = ""  # function
    revoked_reason: str = ""
    heard: tuple[Heard, ...] = ()  # by session, the latest last: so that a clock set between two misleads nobody


class Act(StrEnum):
    """What one may be allowed. Every route and every operation names exactly one."""

    PUBLIC = "public"
    SYNC = "sync"
    READ_MUNICIPALITY = "read_municipality"
    CAPTURE = "capture"
    BE_WOKEN = "be_woken"  # by a word from the server, on this phone or computer
    CONFIRM_TASK = "confirm_task"
    UPLOAD = "upload"
    READ_PHOTO = "read_photo"
    DESK = "desk"  # being signed in at all
    PLAN_WALK = "plan_walk"
    READ_WALKS = "read_walks"
    TRIAGE = "triage"
    READ_PHONES = "read_phones"
    SHUT_PHONE = "shut_phone"
    DECIDE_HELD = "decide_held"
    RESCUE = "rescue"
    READ_FINDINGS = "read_findings"
    READ_TASKS = "read_tasks"
    SEE_DONE = "see_done"  # what is said to be mended, and may be confirmed from outside the unit that said so
    WORK_TASK = "work_task"
    REFUSE_TASK = "refuse_task"
    VERIFY_TASK = "verify_task"
    SEND_LINK = "send_link"
    ANSWER_BY_LINK = "answer_by_link"
    CONNECT = "connect"
    CLOSE_CONFLICT = "close_conflict"
    LOG_PRESENCE = "log_presence"
    READ_PRESENCE = "read_presence"
    READ_PRESENCE_SUMS = "read_presence_sums"
    READ_REGISTER = "read_register"
    KEEP_REGISTER = "keep_register"
    KEEP_RULES = "keep_rules"
    KEEP_LETTERS = "keep_letters"
    DECIDE_ERASURE = "decide_erasure"
    DRAFT_PROTOCOL = "draft_protocol"
    KEEP_PROTOCOL = "keep_protocol"
    KEEP_PROMISES = "keep_promises"
    KEEP_EST = "keep_est"
    KEEP_LAGESBILD = "keep_lagesbild"
    READ_PLANS = "read_plans"
    REPORT_BACK = "report_back"
    SEND_REPORT_LINK = "send_report_link"
    READ_TRADE = "read_trade"
    TELL_TRADE = "tell_trade"
    KEEP_TRADE = "keep_trade"
    SEND_TRADE_LINK = "send_trade_link"
    KEEP_ROTA = "keep_rota"
    SEND_ROTA_LINK = "send_rota_link"
    GIVE_FEEDBACK = "give_feedback"
    READ_FEEDBACK = "read_feedback"
    KEEP_FEEDBACK = "keep_feedback"
    READ_MAIL = "read_mail"
    ANSWER_SURVEY = "answer_survey"
    READ_SURVEYS = "read_surveys"
    KEEP_SURVEYS = "keep_surveys"
    SYSTEM = "system"


_REGISTER = frozenset({Role.REGISTRATOR, Role.RECORDS_OFFICER})
_STAFF = _REGISTER | {
    Role.COORDINATOR,
    Role.HANDLER,
    Role.DEPARTMENT_HEAD,
    Role.FIELD_SECRETARY,
    Role.SHOP,
    Role.POLICE,
}
_DEPARTMENT = frozenset({Role.HANDLER, Role.DEPARTMENT_HEAD})
_COORDINATOR = frozenset({Role.COORDINATOR})
_TRADE = _COORDINATOR | {Role.SHOP, Role.POLICE}  # the safety group, and nobody beside it

MAY: Mapping[Act, frozenset[Role]] = {
    Act.PUBLIC: frozenset(Role),
    Act.SYNC: _STAFF | {Role.WALKER},
    Act.READ_MUNICIPALITY: _STAFF | {Role.WALKER},
    Act.CAPTURE: frozenset({Role.WALKER}),
    Act.BE_WOKEN: _DEPARTMENT | _COORDINATOR | {Role.WALKER, Role.FIELD_SECRETARY},
    Act.CONFIRM_TASK: _COORDINATOR | {Role.WALKER, Role.FIELD_SECRETARY},
    Act.UPLOAD: _DEPARTMENT | _COORDINATOR | {Role.WALKER, Role.ANSWERING_PARTY},
    Act.READ_PHOTO: _DEPARTMENT | _COORDINATOR | {Role.WALKER},
    Act.DESK: _STAFF,
    Act.PLAN_WALK: _COORDINATOR,
    Act.READ_WALKS: _COORDINATOR,
    Act.TRIAGE: _COORDINATOR,
    Act.READ_PHONES: _COORDINATOR,
    Act.SHUT_PHONE: _COORDINATOR,
    Act.DECIDE_HELD: _COORDINATOR,
    Act.RESCUE: _COORDINATOR,
    Act.READ_FINDINGS: _COORDINATOR,
    Act.READ_TASKS: _DEPARTMENT | _COORDINATOR,
    Act.SEE_DONE: _COORDINATOR | {Role.FIELD_SECRETARY},
    Act.WORK_TASK: _DEPARTMENT | _COORDINATOR,  # a coordinator only for parties that do not sign in
    Act.REFUSE_TASK: _COORDINATOR | {Role.DEPARTMENT_HEAD},  # likewise
    Act.VERIFY_TASK: _DEPARTMENT | _COORDINATOR | {Role.FIELD_SECRETARY},
    Act.SEND_LINK: _DEPARTMENT | _COORDINATOR | {Role.SYSTEM},
    Act.ANSWER_BY_LINK: frozenset({Role.ANSWERING_PARTY}),
    Act.CONNECT: _COORDINATOR,
    Act.CLOSE_CONFLICT: _COORDINATOR | {Role.FIELD_SECRETARY},  # each behind its own wall
    Act.LOG_PRESENCE: frozenset({Role.FIELD_SECRETARY}),
    Act.READ_PRESENCE: frozenset({Role.FIELD_SECRETARY}),
    Act.READ_PRESENCE_SUMS: _COORDINATOR,
    Act.READ_REGISTER: _REGISTER,
    Act.KEEP_REGISTER: _REGISTER,
    Act.KEEP_RULES: _COORDINATOR,
    Act.KEEP_LETTERS: _COORDINATOR,
    Act.DECIDE_ERASURE: frozenset({Role.RECORDS_OFFICER}),
    Act.DRAFT_PROTOCOL: _COORDINATOR | {Role.SYSTEM},  # by itself when the walk is in
    Act.KEEP_PROTOCOL: _COORDINATOR,
    Act.KEEP_PROMISES: _COORDINATOR,
    Act.KEEP_LAGESBILD: _COORDINATOR,  # enters what the police tell, and that they have signed
    Act.KEEP_EST: _COORDINATOR,  # shows it to the group at the meeting, and hands on the export
    Act.READ_PLANS: _DEPARTMENT | _COORDINATOR | {Role.POLICE},  # all but the coordinator: what is their own
    Act.REPORT_BACK: _DEPARTMENT | _COORDINATOR | {Role.POLICE},  # likewise
    Act.SEND_REPORT_LINK: _COORDINATOR | {Role.SYSTEM},  # by itself with a reminder
    Act.READ_TRADE: _TRADE,
    Act.TELL_TRADE: _TRADE,  # all but the coordinator: for their own party
    Act.KEEP_TRADE: _COORDINATOR,
    Act.SEND_TRADE_LINK: _COORDINATOR | {Role.SYSTEM},  # by itself with a reminder
    Act.KEEP_ROTA: _COORDINATOR,
    Act.SEND_ROTA_LINK: _COORDINATOR | {Role.SYSTEM},  # by itself with a letter
    Act.GIVE_FEEDBACK: frozenset({Role.RESIDENT}),
    Act.READ_FEEDBACK: _REGISTER | _COORDINATOR,  # the register: of the nämnd that answers for the page
    Act.KEEP_FEEDBACK: _COORDINATOR,
    Act.READ_MAIL: _DEPARTMENT | _COORDINATOR,  # a unit: what is about its own tasks
    Act.ANSWER_SURVEY: _COORDINATOR | {Role.RESIDENT},  # the coordinator: what came on paper
    Act.READ_SURVEYS: _REGISTER | _COORDINATOR,  # single answers: the register of the nämnd that asks
    Act.KEEP_SURVEYS: _COORDINATOR,
    Act.SYSTEM: frozenset({Role.SYSTEM}),
}


def may(principal: Principal, act: Act) -> bool:
    """The one place where permission is decided; the organisation walls are in each room's queries and rules."""
    return principal.role in MAY[act]
