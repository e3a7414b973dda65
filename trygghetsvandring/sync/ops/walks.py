"""Operations on walks: planned and changed at the desk, joined and handed in by phones."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec

from trygghetsvandring.domain.announcements import Announcement, called_off
from trygghetsvandring.domain.cards import WalkCard
from trygghetsvandring.domain.devices import MOST_PROMISED
from trygghetsvandring.domain.errors import Malformed, NotAllowed, Refused, TextTooLong
from trygghetsvandring.domain.guard import Verdict, inspect
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Act, Device
from trygghetsvandring.domain.stops import Stop
from trygghetsvandring.domain.tasks import internal_safe
from trygghetsvandring.domain.times import aware
from trygghetsvandring.domain.walks import (
    JOIN_AFTER_END,
    Invite,
    InviteFull,
    InviteUnknown,
    NotThisPhone,
    Recording,
    Walk,
    WalkEnded,
    WalkState,
    digest,
    join_code,
    join_secret,
    must_be_open,
    must_be_walkable,
)
from trygghetsvandring.sync import changes
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops import cards
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body

MOST_WALKS = 12
_TEXTS = {"name": 120, "place": 120, "leader": 80, "meeting_point": 160}


class PromisesTooMuch(Refused):
    """A phone says it has more left to send than any phone can hold of an evening."""

    code = "promises_too_much"


class StopBody(msgspec.Struct, kw_only=True):
    id: UUID
    number: int
    name: str
    place: str | None = None
    place_type: str
    lat: float
    lon: float
    radius_m: int = 40
    template: str


class Plan(Body, kw_only=True):
    name: str
    place: str
    starts_at: datetime
    ends_at: datetime
    leader: str
    meeting_point: str
    recording: Recording
    night: bool = False
    camera: bool = True
    stops: list[StopBody]


class ChangePlan(Body, kw_only=True):
    name: str | None = None
    place: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    leader: str | None = None
    meeting_point: str | None = None
    recording: Recording | None = None
    night: bool | None = None
    camera: bool | None = None
    stops: list[StopBody] | None = None


class MakeInvite(Body, kw_only=True):
    cap: int


class Nothing(Body, kw_only=True):
    pass


class Join(Body, kw_only=True):
    """Made by the server from POST /api/join: the invite is already found, the token already made."""

    device: UUID
    invite: UUID
    token_hash: str
    key_hash: str = ""
    alias: str
    language: str


class HandIn(Body, kw_only=True):
    walk: UUID
    items: int
    first_seq: int
    last_seq: int


def _stop(body: StopBody) -> Stop:
    if len(body.name) > 120:
        raise TextTooLong(field="stop.name", limit=120)
    for name in ("place", "place_type", "template"):
        if len(getattr(body, name) or "") > 60:
            raise TextTooLong(field=f"stop.{name}", limit=60)
    internal_safe(body.name)
    return Stop(**{name: getattr(body, name) for name in StopBody.__struct_fields__})


def _short(body: Plan | ChangePlan) -> None:
    """A walk's words stand on the sheet, on every phone and in letters about its tasks."""
    for name, limit in _TEXTS.items():
        if len(getattr(body, name) or "") > limit:
            raise TextTooLong(field=name, limit=limit)
        internal_safe(getattr(body, name) or "")


def _alias(typed: str) -> str:
    """Nobody is kept out for what they call themselves; a personnummer is simply not kept."""
    return "" if inspect(typed).verdict is Verdict.BLOCK else typed[:40]


@operation("walk.plan", Plan, act=Act.PLAN_WALK, needs=lambda op: [(Walk, op.entity), (WalkCard, op.id)])
def plan(op: Op[Plan], known: Known) -> Decision:
    body = op.body
    _short(body)
    if known.get(Walk, op.entity) is not None:
        raise Malformed(reason="a walk with this id exists")
    walk = Walk(
        id=op.entity,
        version=0,
        name=_called(body.name, body.place),
        place=body.place,
        starts_at=aware(body.starts_at),
        ends_at=aware(body.ends_at),
        leader=body.leader,
        meeting_point=body.meeting_point,
        recording=body.recording,
        night=body.night,
        camera=body.camera,
        stops=tuple(_stop(stop) for stop in body.stops),
    )
    card = cards.new(op.id, walk.id, known, op.actor.function, op.received_at)
    return Decision(entities=[replace(must_be_walkable(walk), card=card.id), card])


def _called(name: str, place: str) -> str:
    """A walk without a name is called after its place."""
    return name.strip() or place.strip()


def _invite_in_use(walk: Walk | None) -> list[Key]:
    return [(Invite, walk.invite)] if walk is not None and walk.invite is not None else []


def _invite_of(walk: Walk, known: Known) -> Invite | None:
    return known.get(Invite, walk.invite) if walk.invite else None


def _not_ended(walk: Walk) -> Walk:
    if walk.state is WalkState.ENDED:
        raise WalkEnded()
    return walk


@operation(
    "walk.change",
    ChangePlan,
    act=Act.PLAN_WALK,
    needs=lambda op: [(Walk, op.entity), (Announcement, op.entity)],
    needs_more=lambda op, known: _invite_in_use(known.get(Walk, op.entity)),
)
def change(op: Op[ChangePlan], known: Known) -> Decision:
    """Only what is named changes. The invite in use ends with the walk, also when the walk is moved to another day."""
    walk, body = _not_ended(known.need(Walk, op.entity)), op.body
    _short(body)
    named = {
        name: value
        for name in ChangePlan.__struct_fields__
        if name != "stops" and (value := getattr(body, name)) is not None
    }
    for name in ("starts_at", "ends_at"):
        if name in named:
            named[name] = aware(named[name])
    if body.stops is not None:
        named["stops"] = tuple(_stop(stop) for stop in body.stops)
    changed = replace(walk, **named)
    changed = replace(changed, name=_called(changed.name, changed.place))
    invite = _invite_of(walk, known)

    def whole(changed: Walk) -> list[Walk | Invite | Announcement]:
        must_be_walkable(changed)
        found: list[Walk | Invite | Announcement] = [changed]
        if invite is not None and changed.ends_at != walk.ends_at:
            found.append(replace(invite, ends_at=_last_join(changed)))
        shown = known.get(Announcement, walk.id)
        if shown is not None and (after := called_off(shown, changed, op.received_at)) != shown:
            found.append(after)
        return found

    has_moved = (changed.starts_at, changed.ends_at) != (walk.starts_at, walk.ends_at)
    return Decision(entities=whole(changed), whole=whole, jobs=[_rota(walk)] if has_moved else [])


def _rota(walk: Walk) -> Job:
    """Those who have said that they come on its evening follow it there."""
    return Job(kind="rota.follow", body={"walk": str(walk.id)})


def _last_join(walk: Walk) -> datetime:
    return walk.ends_at + JOIN_AFTER_END


@operation(
    "walk.invite",
    MakeInvite,
    act=Act.PLAN_WALK,
    needs=lambda op: [(Walk, op.entity), (Invite, op.id)],
    needs_more=lambda op, known: _invite_in_use(known.get(Walk, op.entity)),
)
def invite(op: Op[MakeInvite], known: Known) -> Decision:
    """The invite's id is the operation's id, so that a repeated operation makes the same code."""
    walk = _not_ended(known.need(Walk, op.entity))
    if not 1 <= op.body.cap <= 60:
        raise Malformed(reason="cap is 1 to 60")
    made = Invite(
        id=op.id,
        version=0,
        walk=walk.id,
        code_hash=digest(join_code(known.key, op.id)),
        secret_hash=digest(join_secret(known.key, op.id)),
        cap=op.body.cap,
        joined=0,
        ends_at=_last_join(walk),
    )
    return Decision(entities=[replace(walk, invite=made.id), made, *_closed(walk, known)])


def _closed(walk: Walk, known: Known) -> list[Invite]:
    """The invite in use, closed; nothing when there is none."""
    before = _invite_of(walk, known)
    return [replace(before, closed=True)] if before is not None else []


@operation(
    "walk.end",
    Nothing,
    act=Act.PLAN_WALK,
    needs=lambda op: [(Walk, op.entity), (Announcement, op.entity)],
    needs_more=lambda op, known: _invite_in_use(known.get(Walk, op.entity)),
)
def end(op: Op[Nothing], known: Known) -> Decision:
    """Nobody new joins; phones that joined may still hand in. Their findings are never refused for it."""
    walk, shown = known.need(Walk, op.entity), known.get(Announcement, op.entity)
    ended = replace(walk, state=WalkState.ENDED)
    found: list[Walk | Invite | Announcement] = [ended, *_closed(walk, known)]
    if shown is not None and (after := called_off(shown, ended, op.received_at)) != shown:
        found.append(after)
    early = [_rota(walk)] if op.received_at < walk.starts_at else []
    return Decision(entities=found, jobs=[_protocol(walk.id), *early])


@operation(
    "walk.join",
    Join,
    act=Act.CAPTURE,
    needs=lambda op: [(Walk, op.entity), (Invite, op.body.invite), (Device, op.body.device)],
    at_the_door=True,
)
def join(op: Op[Join], known: Known) -> Decision:
    """A device joins a walk once; joining again takes no further place. Next month it joins the next one."""
    walk, body = known.need(Walk, op.entity), op.body
    found = must_be_open(known.get(Invite, body.invite), op.received_at)
    if found.walk != walk.id:
        raise InviteUnknown()
    device = known.get(Device, body.device)
    if device is not None and (device.kind != "walk" or device.revoked_at is not None):
        raise NotAllowed(reason="this phone may not join")
    if device is not None and device.key_hash != body.key_hash:
        raise NotThisPhone()
    if device is not None and walk.id in (device.walk, *device.walks):
        return Decision(entities=[_on(walk, _joined_again(device, op))])
    if found.joined >= found.cap:
        raise InviteFull(cap=found.cap)
    counted = [replace(found, joined=found.joined + 1), replace(walk, participants=walk.participants + 1)]
    if device is not None:
        return Decision(entities=[_on(walk, _joined_again(device, op)), *counted])
    new = Device(
        id=body.device,
        version=0,
        kind="walk",
        token_hash=body.token_hash,
        walk=walk.id,
        user=None,
        organisation=None,
        alias=_alias(body.alias),
        language=body.language[:8],
        joined_at=op.received_at,
        last_seen_at=op.received_at,
        key_hash=body.key_hash,
    )
    return Decision(entities=[new, *counted])


def _on(walk: Walk, device: Device) -> Device:
    """The phone may have things to hand in from the walks before, and reads of the latest of them."""
    before = [it for it in (*device.walks, device.walk) if it is not None and it != walk.id]
    return replace(device, walk=walk.id, walks=tuple(before[-MOST_WALKS:]))


def _joined_again(device: Device, op: Op[Join]) -> Device:
    return replace(device, token_hash=op.body.token_hash, token_at=op.received_at, alias=_alias(op.body.alias))


@operation(
    "walk.hand_in",
    HandIn,
    act=Act.CAPTURE,
    needs=lambda op: [(Device, op.actor.device or uuid7())],
    receipt=True,
)
def hand_in(op: Op[HandIn], known: Known) -> Decision:
    """What the phone promises to send: a gap below `last_seq` later means something is still on the phone.

    Nobody has an evening's work of more than `MOST_PROMISED` still to send: one phone does not make it look as if
    everything were missing.
    """
    if op.actor.device is None:
        raise NotAllowed(reason="no phone")
    device = known.need(Device, op.actor.device)
    if op.body.walk not in (device.walk, *device.walks):
        raise NotAllowed(reason="another walk")
    if op.body.last_seq > device.max_seq + MOST_PROMISED:
        raise PromisesTooMuch(last_seq=op.body.last_seq, most=device.max_seq + MOST_PROMISED)
    promised = max(device.promised_seq, op.body.last_seq)
    return Decision(
        entities=[
            replace(
                device,
                handed_in_at=op.corrected_at,
                promised_seq=promised,
                drafts=0,
                last_seen_at=op.received_at,
            )
        ],
        jobs=[_protocol(op.body.walk)],
    )


def _protocol(walk: UUID) -> Job:
    """Whoever does it looks whether the walk is in."""
    return Job(kind="protocol.draft", body={"walk": str(walk)})


@changes.feeds(Walk)
def walk_lines(walk: Walk, _known: Known) -> list[changes.Line]:
    return [(changes.of_walk(walk.id), "walk", wire_state(walk))]


def wire_state(walk: Walk) -> dict[str, object]:
    """WalkState: what everybody on the walk may know."""
    return {
        "id": walk.id,
        "version": walk.version,
        "name": walk.name,
        "place": walk.place,
        "starts_at": walk.starts_at,
        "ends_at": walk.ends_at,
        "leader": walk.leader,
        "meeting_point": walk.meeting_point,
        "recording": walk.recording,
        "night": walk.night,
        "camera": walk.camera,
        "stops": walk.stops,
        "state": walk.state,
        "length_m": walk.length_m,
        "participants": walk.participants,
        "revisits": walk.revisits,
        "card": walk.card,
    }
