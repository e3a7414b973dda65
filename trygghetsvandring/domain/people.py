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


def system(municipality: str) -> Principal:
    return Principal(municipality=municipality, role=Role.SYSTEM, function="Servern")


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


class Act(StrEnum):
    """What one may be allowed. Every route and every operation names exactly one."""

    PUBLIC = "public"
    SYNC = "sync"
    READ_MUNICIPALITY = "read_municipality"
    CAPTURE = "capture"
    CONFIRM_TASK = "confirm_task"
    UPLOAD = "upload"
    READ_PHOTO = "read_photo"
    DESK = "desk"  # being signed in at all
    PLAN_WALK = "plan_walk"
    READ_WALKS = "read_walks"
    TRIAGE = "triage"
    READ_FINDINGS = "read_findings"
    READ_TASKS = "read_tasks"
    WORK_TASK = "work_task"
    REFUSE_TASK = "refuse_task"
    VERIFY_TASK = "verify_task"
    LOG_PRESENCE = "log_presence"
    READ_PRESENCE = "read_presence"
    READ_PRESENCE_SUMS = "read_presence_sums"
    SYSTEM = "system"


_STAFF = frozenset({Role.COORDINATOR, Role.HANDLER, Role.DEPARTMENT_HEAD, Role.FIELD_SECRETARY, Role.SHOP, Role.POLICE})
_DEPARTMENT = frozenset({Role.HANDLER, Role.DEPARTMENT_HEAD})
_COORDINATOR = frozenset({Role.COORDINATOR})

MAY: Mapping[Act, frozenset[Role]] = {
    Act.PUBLIC: frozenset(Role),
    Act.SYNC: _STAFF | {Role.WALKER},
    Act.READ_MUNICIPALITY: _STAFF | {Role.WALKER},
    Act.CAPTURE: frozenset({Role.WALKER}),
    Act.CONFIRM_TASK: frozenset({Role.WALKER}),
    Act.UPLOAD: _DEPARTMENT | _COORDINATOR | {Role.WALKER},
    Act.READ_PHOTO: _DEPARTMENT | _COORDINATOR | {Role.WALKER},
    Act.DESK: _STAFF,
    Act.PLAN_WALK: _COORDINATOR,
    Act.READ_WALKS: _COORDINATOR,
    Act.TRIAGE: _COORDINATOR,
    Act.READ_FINDINGS: _COORDINATOR,
    Act.READ_TASKS: _DEPARTMENT | _COORDINATOR,
    Act.WORK_TASK: _DEPARTMENT | _COORDINATOR,  # a coordinator only for parties that do not sign in
    Act.REFUSE_TASK: _COORDINATOR | {Role.DEPARTMENT_HEAD},  # likewise
    Act.VERIFY_TASK: _DEPARTMENT | _COORDINATOR | {Role.FIELD_SECRETARY},
    Act.LOG_PRESENCE: frozenset({Role.FIELD_SECRETARY}),
    Act.READ_PRESENCE: frozenset({Role.FIELD_SECRETARY}),
    Act.READ_PRESENCE_SUMS: _COORDINATOR,
    Act.SYSTEM: frozenset({Role.SYSTEM}),
}


def may(principal: Principal, act: Act) -> bool:
    """The one place where permission is decided; the organisation walls are in each room's queries and rules."""
    return principal.role in MAY[act]
