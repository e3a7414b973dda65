"""Operations of the rota: evenings planned, who comes, who walked, what is called off, links and attestations.

What comes by a link (`*_by_link`) and what is attested are made by the server's own routes only.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from trygghetsvandring.domain import announcements, attestations
from trygghetsvandring.domain import rota as rules
from trygghetsvandring.domain import rota_links as links
from trygghetsvandring.domain.announcements import Announcement
from trygghetsvandring.domain.attestations import Attestation, TakenBack, WalkedEvening
from trygghetsvandring.domain.errors import Malformed, NotAllowed, SeenHasMoved
from trygghetsvandring.domain.people import Act, Role
from trygghetsvandring.domain.rota import CalledOff, OutingKind, RotaEvening, RotaNotPossible, Told
from trygghetsvandring.domain.rota_links import RotaLink
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.walks import Walk, WalkState, digest
from trygghetsvandring.storage import rota as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync import changes
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body

ENDED_BEFORE = "Vandringen blir inte av."


class Plan(Body, kw_only=True):
    """Clock times in Stockholm, "20:00"; what is before six in the morning belongs to the evening before."""

    kind: OutingKind
    area: str
    place: str
    evening: date
    starts: str
    ends: str
    needed: int
    walk: UUID | None = None


class Say(Body, kw_only=True):
    """`adults`: how many come, or how many walked. 0: none."""

    party: str
    adults: int


class SayByLink(Body, kw_only=True):
    """`form`: digest of the form it came by. `seen`: what its page was made of (`domain.rota.as_seen`)."""

    link: UUID
    form: str
    seen: str
    adults: int


class Why(Body, kw_only=True):
    reason: str


class Follow(Body, kw_only=True):
    walk: UUID


class MakeLink(Body, kw_only=True):
    party: str
    contact: UUID


class Nothing(Body, kw_only=True):
    pass


class Attest(Body, kw_only=True):
    party: str
    first: date
    last: date
    rows: list[WalkedEvening]
    name: str


def _evening(op: Op[Any]) -> list[Key]:
    return [(RotaEvening, op.entity)]


@operation(
    "rota.plan",
    Plan,
    act=Act.KEEP_ROTA,
    needs=lambda op: [(RotaEvening, op.entity), *([(Walk, op.body.walk)] if op.body.walk else [])],
)
def plan(op: Op[Plan], known: Known) -> Decision:
    body, before = op.body, known.get(RotaEvening, op.entity)
    op.must_have_read(before.version if before else 0)
    if before is not None and op.base is None:
        raise SeenHasMoved(seen=0, now=before.version)
    if body.walk is not None:
        rules.must_be_walked_then(known.need(Walk, body.walk), body.evening)
    starts_at, ends_at = rules.moments(body.evening, body.starts, body.ends)
    it = RotaEvening(
        id=op.entity,
        version=before.version if before else 0,
        kind=body.kind,
        area=body.area,
        place=body.place.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        needed=body.needed,
        walk=body.walk,
    )
    it = rules.planned(before, it, known.municipality, op.received_at)
    return Decision(entities=[it], jobs=_moved(before, it) if before is not None else [])


def _moved(before: RotaEvening, it: RotaEvening) -> list[Job]:
    told = Job(kind="mail.rota", body={"about": "moved", "evening": str(it.id), "plans": it.plans})
    return [told] if it.plans != before.plans and it.crew else []


@operation(
    "rota.follow",
    Follow,
    act=Act.SYSTEM,
    needs=lambda op: [(RotaEvening, op.entity), (Walk, op.body.walk)],
)
def follow(op: Op[Follow], known: Known) -> Decision:
    """The walk was moved or ended before it began: its evening goes with it, and who comes is told."""
    it, walk = known.need(RotaEvening, op.entity), known.need(Walk, op.body.walk)
    if it.walk != walk.id or it.called_off is not None or it.starts_at <= op.received_at:
        return Decision(version=it.version)
    if walk.state is WalkState.ENDED:
        off = CalledOff(reason=ENDED_BEFORE, by=op.actor.function, at=op.received_at)
        crew = Job(kind="mail.rota", body={"about": "off", "evening": str(it.id), "plans": it.plans})
        return Decision(entities=[rules.called_off(it, off)], jobs=[crew] if it.crew else [])
    after = rules.following(it, walk)
    return Decision(version=it.version) if after == it else Decision(entities=[after], jobs=_moved(it, after))


@operation("rota.sign", Say, act=Act.KEEP_ROTA, needs=_evening)
def sign(op: Op[Say], known: Known) -> Decision:
    """The coordinator, for staff and for a party that rang."""
    it = known.need(RotaEvening, op.entity)
    op.must_have_read(it.version)
    return Decision(entities=[rules.signed(it, _told(op, op.body.party, op.body.adults), known.municipality)])


@operation("rota.walked", Say, act=Act.KEEP_ROTA, needs=_evening)
def walked(op: Op[Say], known: Known) -> Decision:
    it = known.need(RotaEvening, op.entity)
    op.must_have_read(it.version)
    return Decision(entities=[rules.walked(it, _told(op, op.body.party, op.body.adults), known.municipality)])


def _by_link(op: Op[SayByLink]) -> list[Key]:
    return [(RotaEvening, op.entity), (RotaLink, op.body.link)]


@operation("rota.sign_by_link", SayByLink, act=Act.ANSWER_BY_LINK, needs=_by_link, at_the_door=True)
def sign_by_link(op: Op[SayByLink], known: Known) -> Decision:
    it, spent = _seen(op, known)
    told = _told(op, spent.party, op.body.adults, by_link=True)
    after = rules.signed(it, told, known.municipality)
    is_near = it.starts_at - op.received_at <= rules.NEAR
    short = Job(kind="mail.rota", body={"about": "short", "evening": str(it.id), "plans": it.plans})
    return Decision(entities=[after, spent], jobs=[short] if is_near and after.missing > it.missing else [])


@operation("rota.walked_by_link", SayByLink, act=Act.ANSWER_BY_LINK, needs=_by_link, at_the_door=True)
def walked_by_link(op: Op[SayByLink], known: Known) -> Decision:
    it, spent = _seen(op, known)
    told = _told(op, spent.party, op.body.adults, by_link=True)
    return Decision(entities=[rules.walked(it, told, known.municipality), spent])


def _seen(op: Op[SayByLink], known: Known) -> tuple[RotaEvening, RotaLink]:
    it, out = known.need(RotaEvening, op.entity), known.need(RotaLink, op.body.link)
    if op.actor.organisation != out.party:
        raise NotAllowed(reason="another party's link")
    spent = links.answered(out, op.body.form, op.received_at)
    if op.body.seen != rules.as_seen(it, out.party):
        raise SeenHasMoved()
    return it, spent


def _told(op: Op[Any], party: str, adults: int, *, by_link: bool = False) -> Told:
    return Told(party=party, adults=adults, by=op.actor.function, by_link=by_link, at=op.received_at)


def _announced(op: Op[Why], known: Known) -> Iterable[Key]:
    it = known.get(RotaEvening, op.entity)
    return [(Announcement, it.walk)] if it is not None and it.walk is not None else []


@operation("rota.call_off", Why, act=Act.KEEP_ROTA, needs=_evening, needs_more=_announced)
def call_off(op: Op[Why], known: Known) -> Decision:
    """Once: who had said that they come get one letter, its walk's phones a line, the calendar and followers hear."""
    it = known.need(RotaEvening, op.entity)
    op.must_have_read(it.version)
    off = CalledOff(reason=op.body.reason.strip(), by=op.actor.function, at=op.received_at)
    shown = known.get(Announcement, it.walk) if it.walk is not None else None
    gone = (
        [announcements.taken_back(shown, by=op.actor.function, at=op.received_at)] if shown and shown.is_shown else []
    )
    crew = Job(kind="mail.rota", body={"about": "off", "evening": str(it.id), "plans": it.plans})
    followers = Job(kind="daily.followers", body={})
    jobs = [*([crew] if it.crew else []), *([followers] if gone else [])]
    return Decision(entities=[rules.called_off(it, off), *gone], jobs=jobs)


@changes.feeds(RotaEvening)
def _feed(it: RotaEvening, _known: Known) -> list[changes.Line]:
    if it.walk is None or it.called_off is None:
        return []
    off = it.called_off
    state = {"id": it.walk, "version": it.version, "reason": off.reason, "by": off.by, "at": off.at}
    return [(changes.of_walk(it.walk), "called_off", state)]


@operation("rota.link", MakeLink, act=Act.SEND_ROTA_LINK, needs=lambda op: [(RotaLink, op.entity)])
def link(op: Op[MakeLink], known: Known) -> Decision:
    """To the party's contact. The same link again changes nothing. With a letter of the server's it leaves in that."""
    if known.get(RotaLink, op.entity) is not None:
        return Decision()
    if known.municipality.organisation(op.body.party) is None:
        raise RotaNotPossible(reason="party")
    made = RotaLink(
        id=op.entity,
        version=0,
        party=op.body.party,
        contact=op.body.contact,
        secret_hash=digest(links.secret(known.key, op.entity)),
        made_at=op.received_at,
        made_by=op.actor.function,
        ends_at=op.received_at + links.LASTS,
    )
    asked = Job(kind="mail.rota", body={"about": "asked", "link": str(op.entity)})
    return Decision(entities=[made], jobs=[] if op.actor.role is Role.SYSTEM else [asked])


@operation("rota.unlink", Nothing, act=Act.KEEP_ROTA, needs=lambda op: [(RotaLink, op.entity)])
def unlink(op: Op[Nothing], known: Known) -> Decision:
    out = known.need(RotaLink, op.entity)
    shut = links.revoked(out, op.actor.function, op.received_at)
    return Decision(version=out.version) if shut == out else Decision(entities=[shut])


@operation("rota.attest", Attest, act=Act.KEEP_ROTA, needs=lambda op: [(Attestation, op.entity)], at_the_door=True)
def attest(op: Op[Attest], known: Known) -> Decision:
    """What is attested is counted by the server (`web/rota_attestations.py`): no desk sends a row of its own.

    The same rows sent again change nothing: the first signature holds.
    """
    body, before = op.body, known.get(Attestation, op.entity)
    if before is not None:
        if before.rows != tuple(body.rows) or before.taken_back is not None:
            raise Malformed(field="entity")
        return Decision(version=before.version)
    party = attestations.must_be_association(known.municipality.organisation(body.party))
    attestations.must_be_period(body.first, body.last, day_of(op.received_at))
    it = Attestation(
        id=op.entity,
        version=0,
        party=party.id,
        party_name=party.name,
        first=body.first,
        last=body.last,
        rows=tuple(body.rows),
        signed_by="",
        signed_at=op.received_at,
    )
    return Decision(entities=[replace(it, signed_by=attestations.signed(it, body.name, op.actor.function))])


@operation("rota.unattest", Why, act=Act.KEEP_ROTA, needs=lambda op: [(Attestation, op.entity)])
def unattest(op: Op[Why], known: Known) -> Decision:
    """It stays, marked: somebody may have paid by it."""
    it = known.need(Attestation, op.entity)
    op.must_have_read(it.version)
    back = TakenBack(reason=op.body.reason.strip(), by=op.actor.function, at=op.received_at)
    return Decision(entities=[attestations.taken_back(it, back)])
