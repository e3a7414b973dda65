"""Operations by phones about themselves, and by a coordinator about a phone."""

from dataclasses import replace
from uuid import UUID

from trygghetsvandring.domain.devices import reason_of
from trygghetsvandring.domain.errors import Malformed, NotAllowed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Act, Device
from trygghetsvandring.domain.walks import NotThisPhone
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body

_MOST = 10_000


class Status(Body, kw_only=True):
    """Counts, and whether the browser has promised to keep them. A phone from before says only `drafts`."""

    drafts: int
    needs_you: int = 0
    kept: bool | None = None


@operation("device.status", Status, act=Act.SYNC, needs=lambda op: [(Device, op.actor.device or uuid7())])
def status(op: Op[Status], known: Known) -> Decision:
    """How much lies on the phone: numbers, nothing of what it says."""
    if op.actor.device is None:
        raise NotAllowed(reason="no phone")
    body = op.body
    if not all(0 <= n <= _MOST for n in (body.drafts, body.needs_you)):
        raise Malformed(reason="drafts or needs_you out of range")
    device = known.get(Device, op.actor.device)
    if device is None:  # a desk
        raise NotAllowed(reason="no phone")
    said = replace(
        device,
        drafts=body.drafts,
        needs_you=body.needs_you,
        kept=body.kept,
        told_at=op.received_at,
        last_seen_at=op.received_at,
    )
    return Decision(entities=[said])


class Enrol(Body, kw_only=True):
    """Made by the server from POST /api/session/device."""

    user: UUID
    token_hash: str
    key_hash: str = ""


@operation("device.enrol", Enrol, act=Act.LOG_PRESENCE, needs=lambda op: [(Device, op.entity)], at_the_door=True)
def enrol(op: Op[Enrol], known: Known) -> Decision:
    body, before = op.body, known.get(Device, op.entity)
    if before is not None and (before.user != op.actor.user or before.revoked_at is not None):
        raise NotAllowed(reason="another user's phone")
    if before is not None:
        key = before.key_hash or body.key_hash
        again = replace(before, token_hash=body.token_hash, token_at=op.received_at, key_hash=key)
        return Decision(entities=[again])
    return Decision(
        entities=[
            Device(
                id=op.entity,
                version=0,
                kind="field",
                token_hash=body.token_hash,
                walk=None,
                user=op.actor.user,
                organisation=op.actor.organisation,
                alias="",
                language="sv",
                joined_at=op.received_at,
                last_seen_at=op.received_at,
                key_hash=body.key_hash,
            )
        ]
    )


class Renew(Body, kw_only=True):
    """Made by the server from POST /api/session/renew. `was` is the id the token belongs to."""

    was: UUID
    token_hash: str
    key_hash: str
    first_seq: int


@operation(
    "device.renew",
    Renew,
    act=Act.SYNC,
    needs=lambda op: [(Device, op.entity), (Device, op.body.was)],
    at_the_door=True,
)
def renew(op: Op[Renew], known: Known) -> Decision:
    """A phone whose storage was put back counts lower than it has sent: it goes on under another id, as itself.

    What it made before stays its own. The old id keeps what it promised, so that nothing missing is forgotten.
    """
    body, old, before = op.body, known.need(Device, op.body.was), known.get(Device, op.entity)
    if not 1 <= body.first_seq < 2**31:
        raise Malformed(reason="first_seq out of range")
    # A log's phone from before has no key of its own: its token is then all that vouches for it.
    if (old.key_hash and old.key_hash != body.key_hash) or old.revoked_at is not None:
        raise NotThisPhone()
    if before is not None and old.id not in before.formerly:
        raise NotThisPhone()
    if before is not None:
        return Decision(entities=[replace(before, token_hash=body.token_hash, token_at=op.received_at)])
    new = replace(
        old,
        id=op.entity,
        version=0,
        token_hash=body.token_hash,
        token_at=op.received_at,
        last_seen_at=op.received_at,
        max_seq=body.first_seq - 1,
        promised_seq=body.first_seq - 1,
        first_seq=body.first_seq,
        formerly=(old.id, *old.formerly),
    )
    return Decision(entities=[new, replace(old, replaced_by=op.entity, drafts=0, needs_you=0)])


class Reason(Body, kw_only=True):
    reason: str


class Nothing(Body, kw_only=True):
    pass


def _phone(known: Known, id: UUID) -> Device:
    device = known.need(Device, id)
    if device.kind == "desk":
        raise NotAllowed(reason="not a phone")
    return device


@operation("device.revoke", Reason, act=Act.SHUT_PHONE, needs=lambda op: [(Device, op.entity)])
def revoke(op: Op[Reason], known: Known) -> Decision:
    """From now on it reads nothing, and what it hands in waits for a person. A second time changes nothing."""
    device, reason = _phone(known, op.entity), reason_of(op.body.reason)
    if device.revoked_at is not None:
        return Decision()
    shut = replace(device, revoked_at=op.received_at, revoked_by=op.actor.function, revoked_reason=reason)
    return Decision(entities=[shut])


@operation("device.readmit", Nothing, act=Act.SHUT_PHONE, needs=lambda op: [(Device, op.entity)])
def readmit(op: Op[Nothing], known: Known) -> Decision:
    """It was the wrong phone, or it was found. What waited until now still waits for a person."""
    device = _phone(known, op.entity)
    if device.revoked_at is None:
        return Decision()
    return Decision(entities=[replace(device, revoked_at=None, revoked_by="", revoked_reason="")])
