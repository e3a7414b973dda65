"""Connections: keys that let another system in, systems that a party's tasks are handed to, and who is told.

    Refused
    ├── KeyUnsound           a name or a digest that is none
    ├── KeyRevoked
    ├── AddressUnsound       no https address, or one with a password in it
    ├── PartnerUnknown       the party has no task of its own
    ├── DeliveryStands       sent already, or not failed: nothing goes twice
    └── UpdateRepeated       an update of this id has come before

Nothing here holds a secret: an incoming key is its digest, an outgoing one is sealed, a webhook's is derived.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.tasks import Task, internal_safe

NAMESPACE = UUID("0b0f5c1e-3311-5b0e-9a53-7b9b9d0f3110")
LONGEST_NAME = 80
_HEX = re.compile(r"[0-9a-f]{64}")


class KeyUnsound(Refused):
    code = "key_unsound"


class KeyRevoked(Refused):
    code = "key_revoked"


class AddressUnsound(Refused):
    code = "address_unsound"


class PartnerUnknown(Refused):
    code = "partner_unknown"


class DeliveryStands(Refused):
    code = "delivery_stands"


class UpdateRepeated(Refused):
    code = "update_repeated"


# ---------------------------------------------------------------- keys that let somebody in


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """`secret_hash` of a key that was made at the desk and shown there once. `organisation`: whose system holds it."""

    id: UUID
    version: int
    name: str
    secret_hash: str
    organisation: str | None
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None


def new_key(id: UUID, *, name: str, secret_hash: str, organisation: str | None, by: str, at: datetime) -> ApiKey:
    if not _HEX.fullmatch(secret_hash):
        raise KeyUnsound(field="secret_hash")
    return ApiKey(
        id=id,
        version=0,
        name=_named(name),
        secret_hash=secret_hash,
        organisation=organisation,
        created_at=at,
        created_by=by,
    )


def revoke(key: ApiKey, at: datetime) -> ApiKey:
    if not key.is_open:
        raise KeyRevoked()
    return replace(key, revoked_at=at)


def _named(name: str) -> str:
    said = internal_safe(name)
    if not 0 < len(said) <= LONGEST_NAME:
        raise KeyUnsound(field="name")
    return said


# ---------------------------------------------------------------- systems that tasks are handed to


class Format(StrEnum):
    JSON = "json"
    XML = "xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """One party's Open311 endpoint. `services`: our category to their service_code, "" for all others. `attributes`:
    what is answered where they require something, by its code.

    `knows_repeats`: the system answers the same Idempotency-Key with the same request. Only then is something sent
    again that may have arrived.
    """

    id: UUID
    version: int
    organisation: str
    endpoint: str
    jurisdiction: str
    format: Format
    services: Mapping[str, str]
    sealed_key: str
    knows_repeats: bool
    is_open: bool
    changed_at: datetime
    changed_by: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    def service_for(self, category: str) -> str | None:
        return self.services.get(category) or self.services.get("") or None


def partner_id(municipality: str, organisation: str) -> UUID:
    """One for each party: another would be a second way to send the same task."""
    return uuid5(NAMESPACE, f"partner {municipality} {organisation}")


def sound_address(url: str) -> str:
    """An address to call. Which machine it leads to is looked at each time it is called."""
    parts = urlsplit(url.strip())
    is_plain = parts.username is None and parts.password is None and not parts.fragment
    if parts.scheme not in {"https", "http"} or not parts.hostname or not is_plain or len(url) > 300:
        raise AddressUnsound()
    return url.strip().rstrip("/")


# ---------------------------------------------------------------- what became of one handing over


class DeliveryState(StrEnum):
    PENDING = "pending"  # on its way to be sent
    SENT = "sent"  # it left; whether it arrived is not known
    ACKNOWLEDGED = "acknowledged"  # they have given it a number
    FAILED = "failed"  # a person has to look


_D = DeliveryState
DELIVERY_PASSAGES: frozenset[tuple[DeliveryState | None, DeliveryState]] = frozenset(
    {
        (None, _D.PENDING),
        (_D.PENDING, _D.PENDING),  # tried and did not leave
        (_D.PENDING, _D.SENT),
        (_D.PENDING, _D.FAILED),
        (_D.SENT, _D.SENT),
        (_D.SENT, _D.PENDING),  # it is known that nothing arrived
        (_D.SENT, _D.ACKNOWLEDGED),
        (_D.SENT, _D.FAILED),
        (_D.ACKNOWLEDGED, _D.ACKNOWLEDGED),
        (_D.FAILED, _D.PENDING),  # a person tries again
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`about` is the task, `turn` which time it was given to the party. The id is also the idempotency key.

    `reason` is a code. `heard` are the ids of their updates that have been taken in, `remote_text` their last words.
    `undone_at`: when they said, after it was done here, that it is not.
    """

    id: UUID
    version: int
    about: UUID
    organisation: str
    turn: int
    state: DeliveryState
    began_at: datetime
    changed_at: datetime
    reason: str = ""
    attempts: int = 0
    remote_id: str = ""
    token: str = ""
    remote_status: str = ""
    remote_text: str = ""
    heard: tuple[str, ...] = ()
    asked_at: datetime | None = None
    undone_at: datetime | None = None


GIVEN = frozenset({"task.assign", "task.reopen"})


def turn_of(task: Task) -> int:
    """Which time it was given to somebody. Each time is a delivery of its own."""
    return sum(event.type in GIVEN for event in task.history)


def delivery_id(municipality: str, task: UUID, turn: int) -> UUID:
    return uuid5(NAMESPACE, f"delivery {municipality} {task} {turn}")


def heard_at(deliveries: Iterable[Delivery]) -> dict[str, datetime]:
    """When each party's system last answered about something that is still open, by organisation."""
    heard: dict[str, datetime] = {}
    for it in deliveries:
        if it.asked_at is not None:
            heard[it.organisation] = max(heard.get(it.organisation, it.asked_at), it.asked_at)
    return heard


def deliver(before: Delivery, to: DeliveryState, at: datetime, **changes: object) -> Delivery:
    """Along one passage, or a refusal: what is acknowledged is never sent again."""
    start = before.state if before.version else None
    if (start, to) not in DELIVERY_PASSAGES:
        raise DeliveryStands(state=before.state.value)
    return replace(before, state=to, changed_at=at, **changes)  # type: ignore[arg-type]


# ---------------------------------------------------------------- who is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that is told of what is public, or of one unit's tasks when it has a `unit`.

    Its secret is derived from the server's own and stands nowhere.
    """

    id: UUID
    version: int
    name: str
    url: str
    created_at: datetime
    created_by: str
    unit: str | None = None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class WorkEvent(StrEnum):
    """What a unit's own system is told of its tasks."""

    GIVEN = "task.given"
    UPDATED = "task.updated"
    LEFT = "task.left"  # another's now, or nobody's: nothing more is told of it


def new_webhook(id: UUID, *, name: str, url: str, unit: str | None, by: str, at: datetime) -> Webhook:
    return Webhook(id=id, version=0, name=_named(name), url=sound_address(url), unit=unit, created_at=at, created_by=by)


# ---------------------------------------------------------------- what another system has said about a finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An update that another system has posted. `about` is the finding; `text` went through the guard."""

    id: UUID
    version: int
    about: UUID
    key: UUID
    status: str
    text: str
    said_at: datetime
    received_at: datetime


def report_id(key: UUID, update: str) -> UUID:
    return uuid5(NAMESPACE, f"report {key} {update}")
