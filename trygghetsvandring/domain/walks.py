"""Walks: planned by a coordinator, walked by a group that joins with a code and no accounts."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.places import length_m
from trygghetsvandring.domain.stops import Stop

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
JOIN_AFTER_END = timedelta(hours=24)
LONGEST = timedelta(hours=16)


class Recording(StrEnum):
    ONE_RECORDER = "one_recorder"
    OWN_PHONES = "own_phones"


class WalkState(StrEnum):
    PLANNED = "planned"
    ENDED = "ended"


class InviteUnknown(Refused):
    code = "invite_unknown"


class InviteEnded(Refused):
    code = "invite_ended"


class InviteFull(Refused):
    code = "invite_full"


class NotThisPhone(Refused):
    """Somebody knows a phone's id, but not the key that phone made for itself."""

    code = "not_this_phone"


class WalkEnded(Refused):
    code = "walk_ended"


class WalkNotPlannable(Refused):
    """The plan cannot be walked, for the `reason` among its facts."""

    code = "walk_not_plannable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """On a re-walk: a task that its owner says is mended, to be looked at from `stop`. `before` is the old photo."""

    id: UUID  # the task's
    stop: UUID
    number: str
    title: str
    unit: str
    done_on: date | None
    said: str
    before: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    id: UUID
    version: int
    name: str
    place: str
    starts_at: datetime
    ends_at: datetime
    leader: str
    meeting_point: str
    recording: Recording
    night: bool
    camera: bool
    stops: tuple[Stop, ...]
    state: WalkState = WalkState.PLANNED
    participants: int = 0
    invite: UUID | None = None  # the one in use; a new one closes it
    revisits: tuple[Revisit, ...] = ()
    card: UUID | None = None  # the one that opens the group's page; a new one shuts it

    @property
    def length_m(self) -> int:
        return length_m([(stop.lat, stop.lon) for stop in self.stops])

    def stop(self, id: UUID) -> Stop | None:
        return next((stop for stop in self.stops if stop.id == id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A way in. Code and secret are derived from the id with the server's key and kept only as digests."""

    id: UUID
    version: int
    walk: UUID
    code_hash: str
    secret_hash: str
    cap: int
    joined: int
    ends_at: datetime
    closed: bool = False


def must_be_walkable(walk: Walk) -> Walk:
    if walk.ends_at <= walk.starts_at:
        raise WalkNotPlannable(reason="ends before it starts")
    if walk.ends_at - walk.starts_at > LONGEST:
        raise WalkNotPlannable(reason="longer than 16 hours")
    if not 1 <= len(walk.stops) <= 40:
        raise WalkNotPlannable(reason="needs 1 to 40 stops")
    if [stop.number for stop in walk.stops] != list(range(1, len(walk.stops) + 1)):
        raise WalkNotPlannable(reason="stops are not numbered 1, 2, 3")
    if any(not (-90 <= stop.lat <= 90 and -180 <= stop.lon <= 180) for stop in walk.stops):
        raise WalkNotPlannable(reason="a stop lies outside the world")
    if len({stop.id for stop in walk.stops}) < len(walk.stops):
        raise WalkNotPlannable(reason="two stops are the same")
    if any(not 5 <= stop.radius_m <= 500 for stop in walk.stops):
        raise WalkNotPlannable(reason="a stop's radius is 5 to 500 m")
    return walk


def join_code(key: bytes, invite: UUID) -> str:
    """Eight Crockford characters, 40 bits: enough with ten tries an hour and a walk that ends."""
    return crockford(int.from_bytes(_derive(key, b"code", invite)[:5], "big"), 40)


def crockford(number: int, bits: int) -> str:
    """A code's characters, five bits in each."""
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(bits - 5, -5, -5))


def join_secret(key: bytes, invite: UUID) -> str:
    """128 bits for the link's fragment, base64url without padding."""
    return urlsafe_b64encode(_derive(key, b"secret", invite)[:16]).decode().rstrip("=")


def join_token(key: bytes, device: UUID, own_key: str) -> str:
    """A phone's token, the same at every joining of the same phone: an answer that got lost, or a request that arrives
    after the phone has joined again, shuts nobody out. Only who has the phone's own key is ever given it.
    """
    told = b"token:" + device.bytes + own_key.encode()
    return urlsafe_b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode().rstrip("=")


def tidy_code(typed: str) -> str:
    """What a cold thumb typed, as the code it meant: case, blanks, dashes of every kind and look-alikes forgiven."""
    return "".join(character for character in typed.upper().translate(_LOOKALIKES) if character.isalnum())


def digest(token: str) -> str:
    """How codes, secrets and tokens are kept. They are high-entropy or rate-limited, so one plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _derive(key: bytes, use: bytes, invite: UUID) -> bytes:
    return hmac.new(key, b"invite:" + use + b":" + invite.bytes, hashlib.sha256).digest()


def must_be_open(invite: Invite | None, now: datetime) -> Invite:
    if invite is None:
        raise InviteUnknown()
    if invite.closed or now > invite.ends_at:
        raise InviteEnded()
    return invite
