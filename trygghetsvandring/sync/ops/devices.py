"""Operations by phones about themselves."""

from dataclasses import replace
from uuid import UUID

from trygghetsvandring.domain.errors import Malformed, NotAllowed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Act, Device
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Status(Body, kw_only=True):
    drafts: int


@operation("device.status", Status, act=Act.CAPTURE, needs=lambda op: [(Device, op.actor.device or uuid7())])
def status(op: Op[Status], known: Known) -> Decision:
    """How many drafts lie on the phone: a number, nothing of what they say."""
    if op.actor.device is None:
        raise NotAllowed(reason="no phone")
    if not 0 <= op.body.drafts <= 10_000:
        raise Malformed(reason="drafts out of range")
    device = known.need(Device, op.actor.device)
    return Decision(entities=[replace(device, drafts=op.body.drafts, last_seen_at=op.received_at)])


class Enrol(Body, kw_only=True):
    """Made by the server from POST /api/session/device."""

    user: UUID
    token_hash: str


@operation("device.enrol", Enrol, act=Act.LOG_PRESENCE, needs=lambda op: [(Device, op.entity)])
def enrol(op: Op[Enrol], known: Known) -> Decision:
    before = known.get(Device, op.entity)
    if before is not None and (before.user != op.actor.user or before.revoked_at is not None):
        raise NotAllowed(reason="another user's phone")
    if before is not None:
        return Decision(entities=[replace(before, token_hash=op.body.token_hash)])
    return Decision(
        entities=[
            Device(
                id=op.entity,
                version=0,
                kind="field",
                token_hash=op.body.token_hash,
                walk=None,
                user=op.actor.user,
                organisation=op.actor.organisation,
                alias="",
                language="sv",
                joined_at=op.received_at,
                last_seen_at=op.received_at,
            )
        ]
    )
