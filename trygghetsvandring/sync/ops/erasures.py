"""Operations on a nämnd's register: a case, its decision, a hold, the decision about retention, gallring.

None of them deletes. What a decision removes is named by it (`Decision.erasing`); `sync/erasing.py` carries it out.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import erasures as rules
from trygghetsvandring.domain.checklists import Answer
from trygghetsvandring.domain.erasures import (
    About,
    Case,
    CaseState,
    Erasing,
    Hold,
    Reason,
    Ref,
    Register,
    Retention,
    Series,
    register_id,
)
from trygghetsvandring.domain.errors import Malformed, Missing
from trygghetsvandring.domain.feedback import Feedback
from trygghetsvandring.domain.incoming_mail import IncomingMail
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Photo, PhotoOf
from trygghetsvandring.domain.presence import Pass, PresenceEntry
from trygghetsvandring.domain.stops import FeelingAnswer
from trygghetsvandring.domain.surveys import SurveyAnswer
from trygghetsvandring.domain.tasks import Task, internal_safe
from trygghetsvandring.storage import erasures as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body

KIND = "erasure.carry_out"
NUMBERS = "G"
MOST_NAMED = 200
TYPES: dict[About, type[Any]] = {
    About.OBSERVATION: Observation,
    About.PHOTO: Photo,
    About.TASK: Task,
    About.FEELING: FeelingAnswer,
    About.ANSWER: Answer,
    About.PASS: Pass,
    About.PRESENCE: PresenceEntry,
    About.FEEDBACK: Feedback,
    About.INCOMING_MAIL: IncomingMail,
    About.SURVEY_ANSWER: SurveyAnswer,
}


class RefBody(msgspec.Struct, kw_only=True):
    kind: About
    id: UUID


class Request(Body, kw_only=True):
    """`reference` is the register's own number or words for the case; nobody's name is asked for."""

    about: list[RefBody]
    received_on: date
    reference: str = ""


class Decide(Body, kw_only=True):
    granted: bool
    name: str
    ground: str
    reason: str
    appeal: str = ""


class Place(Body, kw_only=True):
    about: list[RefBody]
    reason: str


class Lift(Body, kw_only=True):
    reason: str


class Retain(Body, kw_only=True):
    series: Series
    keep_days: int
    reference: str
    name: str


class Item(msgspec.Struct, kw_only=True):
    kind: str
    id: UUID


class Purge(Body, kw_only=True):
    """`items` as the server proposed them. `until`: nothing younger than the retention decision allows."""

    series: Series
    items: list[Item]
    until: date
    name: str


def _register(op: Op[Any]) -> list[Key]:
    return []  # its id follows from who asks, which only the rule can say


def _own_register(op: Op[Any], known: Known) -> list[Key]:
    board = rules.board_of_asker(op.actor, known.municipality)
    return [(Register, register_id(known.municipality.id, board))]


def _register_of(op: Op[Any], known: Known) -> Register:
    board = rules.board_of_asker(op.actor, known.municipality)
    id = register_id(known.municipality.id, board)
    return known.get(Register, id) or Register(id=id, version=0, board=board)


def _named(about: Iterable[RefBody]) -> list[Key]:
    return [(TYPES[ref.kind], ref.id) for ref in about]


def _parents(about: Iterable[Ref], known: Known) -> list[Key]:
    """What a named photo belongs to."""
    keys: list[Key] = []
    for ref in about:
        photo = known.get(Photo, ref.id) if ref.kind == About.PHOTO else None
        if photo is not None:
            keys.append((Observation if photo.of.kind is PhotoOf.OBSERVATION else Task, photo.of.id))
    return keys


def _refs(about: list[RefBody]) -> tuple[Ref, ...]:
    if not 1 <= len(about) <= MOST_NAMED:
        raise Malformed(field="about", most=MOST_NAMED)
    return tuple(sorted({Ref(ref.kind.value, ref.id) for ref in about}))


def _text(text: str, *, field: str, least: int = 1) -> str:
    kept = internal_safe(text)
    if len(kept) < least:
        raise Malformed(field=field)
    return kept


def _named_person(name: str) -> str:
    """Whoever decides signs with their name: a decision by nobody is none."""
    kept = name.strip()
    if not 2 <= len(kept) <= 80:
        raise Malformed(field="name")
    return kept


def _must_be_ours(refs: Iterable[Ref], board: str, known: Known) -> None:
    for ref in refs:
        entity = known.need(TYPES[About(ref.kind)], ref.id)
        if _board(entity, known) != board:
            raise Missing(ref.kind, ref.id)  # another nämnd's: as one that does not exist


def _board(entity: Any, known: Known) -> str:
    place = known.municipality
    if isinstance(entity, Photo):
        if entity.of.kind is PhotoOf.OBSERVATION:
            return rules.coordination(place)
        task = known.get(Task, entity.of.id)
        return rules.coordination(place) if task is None else _board(task, known)
    if isinstance(entity, Pass | PresenceEntry):
        return rules.board_of(place.organisation(entity.organisation))
    if isinstance(entity, Task) and entity.department:
        return rules.board_of(place.organisation(entity.department))
    return rules.coordination(place)


def _request_more(op: Op[Request], known: Known) -> list[Key]:
    return _parents(_refs(op.body.about), known)


@operation(
    "erasure.request",
    Request,
    act=Act.KEEP_REGISTER,
    needs=lambda op: [(Case, op.entity), *_named(op.body.about)],
    needs_more=_request_more,
)
def request(op: Op[Request], known: Known) -> Decision:
    """Opens a case. Nothing is deleted, and nobody has said who they are."""
    refs, board = _refs(op.body.about), rules.board_of_asker(op.actor, known.municipality)
    if known.get(Case, op.entity) is not None:
        raise Malformed(reason="a case with this id exists")
    _must_be_ours(refs, board, known)
    case = Case(
        id=op.entity,
        version=0,
        board=board,
        number=known.number(NUMBERS),
        about=refs,
        received_on=op.body.received_on,
        reference=_text(op.body.reference, field="reference", least=0)[:120],
        registered_by=op.actor.function,
        registered_user=op.actor.user,
        registered_at=op.received_at,
    )
    return Decision(entities=[case])


def _case(op: Op[Any]) -> list[Key]:
    return [(Case, op.entity)]


def _case_more(op: Op[Decide], known: Known) -> list[Key]:
    case = known.get(Case, op.entity)
    if case is None:
        return []
    board = rules.board_of_asker(op.actor, known.municipality)
    keys: list[Key] = [(Register, register_id(known.municipality.id, board))]
    if case.state is CaseState.OPEN:
        keys += [(TYPES[About(ref.kind)], ref.id) for ref in case.about]
    return keys


@operation("erasure.decide", Decide, act=Act.DECIDE_ERASURE, needs=_case, needs_more=_case_more)
def decide(op: Op[Decide], known: Known) -> Decision:
    """By a named person with authority at the nämnd, never the one who registered it."""
    case, body = known.need(Case, op.entity), op.body
    board = rules.board_of_asker(op.actor, known.municipality)
    if case.board != board:
        raise Missing("case", op.entity)
    after = rules.decided(
        case,
        op.actor,
        name=_named_person(body.name),
        granted=body.granted,
        ground=_text(body.ground, field="ground"),
        reason=_text(body.reason, field="reason"),
        appeal=body.appeal[:2_000],
        at=op.received_at,
        decision=op.id,
    )
    if not body.granted:
        return Decision(entities=[after])
    register = known.get(Register, register_id(known.municipality.id, board))
    rules.must_be_free(case.about, register, with_=_with(case.about, known))
    return Decision(
        entities=[after],
        jobs=[Job(kind=KIND, body={"decision": str(op.id)})],
        erasing=Erasing(decision=op.id, reason=Reason.ERASURE, refs=case.about),
        board=board,
    )


def _with(about: Iterable[Ref], known: Known) -> list[UUID]:
    """What a hold may stand on instead: a finding's photos, or what a photo was taken of."""
    along: list[UUID] = []
    for ref in about:
        entity = known.get(TYPES[About(ref.kind)], ref.id)
        if isinstance(entity, Observation | Task):
            along += entity.photos
        elif isinstance(entity, Photo):
            along.append(entity.of.id)
        elif isinstance(entity, PresenceEntry):
            along.append(entity.pass_id)
    return along


def _place_more(op: Op[Place], known: Known) -> list[Key]:
    return [*_own_register(op, known), *_parents(_refs(op.body.about), known)]


@operation("hold.place", Place, act=Act.KEEP_REGISTER, needs=lambda op: _named(op.body.about), needs_more=_place_more)
def place(op: Op[Place], known: Known) -> Decision:
    """`entity` is the hold's own id."""
    register, refs = _register_of(op, known), _refs(op.body.about)
    _must_be_ours(refs, register.board, known)
    hold = Hold(
        id=op.entity,
        about=refs,
        reason=_text(op.body.reason, field="reason"),
        placed_by=op.actor.function,
        placed_at=op.received_at,
    )
    after = rules.placed(register, hold)
    return Decision() if after == register else Decision(entities=[after])


@operation("hold.lift", Lift, act=Act.DECIDE_ERASURE, needs=_register, needs_more=_own_register)
def lift(op: Op[Lift], known: Known) -> Decision:
    register = _register_of(op, known)
    if register.hold(op.entity) is None:
        raise Missing("hold", op.entity)
    why = _text(op.body.reason, field="reason")
    after = rules.lifted(register, op.entity, by=op.actor.function, at=op.received_at, why=why)
    return Decision() if after == register else Decision(entities=[after])


@operation("retention.decide", Retain, act=Act.DECIDE_ERASURE, needs=_register, needs_more=_own_register)
def retain(op: Op[Retain], known: Known) -> Decision:
    """The nämnd's decision about one series, as data. It purges nothing by itself."""
    register, body = _register_of(op, known), op.body
    if not 1 <= body.keep_days <= 36_500:
        raise Malformed(field="keep_days")
    new = Retention(
        series=body.series,
        keep_days=body.keep_days,
        reference=_text(body.reference, field="reference"),
        decided_by=rules.signed(op.actor, _named_person(body.name)),
        decided_at=op.received_at,
    )
    return Decision(entities=[replace(register, retention=(*register.retention, new))])


@operation("gallring.decide", Purge, act=Act.DECIDE_ERASURE, needs=_register, needs_more=_own_register)
def purge(op: Op[Purge], known: Known) -> Decision:
    """Carries out what the retention decision says, for the things that were proposed. `entity` is the act's own id.

    The engine asks the database again which of them are due and whose they are before anything is barred.
    """
    register, body = _register_of(op, known), op.body
    rule = register.keeps(body.series)
    if rule is None:
        raise rules.NothingDecided(series=body.series.value)
    if (op.received_at.date() - body.until).days < rule.keep_days:
        raise rules.NothingDecided(series=body.series.value, keep_days=rule.keep_days)
    _named_person(body.name)
    refs = rules.must_be_few(Ref(item.kind, item.id) for item in body.items)
    rules.must_be_free(refs, register)
    return Decision(
        jobs=[Job(kind=KIND, body={"decision": str(op.id)})],
        erasing=Erasing(decision=op.id, reason=Reason.GALLRING, refs=refs),
        board=register.board,
        due=(body.series, body.until),
    )
