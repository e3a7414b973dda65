"""Operations of a field team's log: the pass, an entry, a correction. Each is its own hand-in."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from trygghetsvandring.domain.errors import Malformed, Missing, NotAllowed
from trygghetsvandring.domain.people import Act, Principal
from trygghetsvandring.domain.presence import (
    Action,
    Activity,
    Age,
    Band,
    Mood,
    Noise,
    Pass,
    PassKind,
    PresenceEntry,
    Substances,
    is_small,
    kind_of_own_pass,
    must_be_loggable,
    must_be_own_pass,
    must_be_sane,
)
from trygghetsvandring.domain.times import aware, evening_of
from trygghetsvandring.storage import presence as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync import changes
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class OpenPass(Body, kw_only=True):
    evening: date
    kind: PassKind
    adults: int | None = None


class Log(Body, kw_only=True):
    """No field takes words: a name cannot be written here."""

    pass_id: UUID = msgspec.field(name="pass")
    place: str | None = None
    area: str
    at: Moment
    band: Band
    mood: Mood
    substances: Substances | None = None
    action: Action
    minutes: int | None = None
    ages: list[Age] | None = None
    activity: list[Activity] | None = None
    noise: Noise | None = None


class Correct(Body, kw_only=True):
    """Only what is named changes; a named null takes an answer away."""

    pass_id: UUID | UnsetType = msgspec.field(name="pass", default=UNSET)
    place: str | UnsetType | None = UNSET
    area: str | UnsetType = UNSET
    at: Moment | UnsetType = UNSET
    band: Band | UnsetType = UNSET
    mood: Mood | UnsetType = UNSET
    substances: Substances | UnsetType | None = UNSET
    action: Action | UnsetType = UNSET
    minutes: int | UnsetType | None = UNSET
    ages: list[Age] | UnsetType | None = UNSET
    activity: list[Activity] | UnsetType | None = UNSET
    noise: Noise | UnsetType | None = UNSET


def _organisation(actor: Principal) -> str:
    if not actor.organisation:
        raise NotAllowed(reason="no organisation")
    return actor.organisation


@operation("presence.pass", OpenPass, act=Act.LOG_PRESENCE, needs=lambda op: [(Pass, op.entity)])
def open_pass(op: Op[OpenPass], known: Known) -> Decision:
    """Two phones of a team open the same pass; the second changes nothing but the number of adults, if it says one."""
    organisation, body = _organisation(op.actor), op.body
    must_be_own_pass(organisation, body.evening, body.kind, op.entity)
    before = known.get(Pass, op.entity)
    if before is not None:
        if body.adults in (None, before.adults):
            return Decision()
        return Decision(entities=[must_be_sane(replace(before, adults=body.adults))])
    new = Pass(
        id=op.entity,
        version=0,
        organisation=organisation,
        evening=body.evening,
        kind=body.kind,
        adults=body.adults,
    )
    return Decision(entities=[must_be_sane(new)])


@operation(
    "presence.log",
    Log,
    act=Act.LOG_PRESENCE,
    needs=lambda op: [(Pass, op.body.pass_id), (PresenceEntry, op.entity)],
    receipt=True,
)
def log(op: Op[Log], known: Known) -> Decision:
    organisation, body = _organisation(op.actor), op.body
    kind_of_own_pass(organisation, aware(body.at), body.pass_id)
    known.need(Pass, body.pass_id)
    if known.get(PresenceEntry, op.entity) is not None:
        raise Malformed(reason="an entry with this id exists")
    entry = PresenceEntry(
        id=op.entity,
        version=0,
        number=op.number,
        organisation=organisation,
        pass_id=body.pass_id,
        evening=evening_of(body.at),
        place=body.place,
        area=body.area,
        at=aware(body.at),
        logged_at=op.received_at,
        band=body.band,
        mood=body.mood,
        substances=body.substances,
        action=body.action,
        minutes=body.minutes,
        ages=_once(body.ages),
        activity=_once(body.activity),
        noise=body.noise,
    )
    return Decision(entities=[must_be_loggable(entry, known.municipality)])


@operation(
    "presence.correct",
    Correct,
    act=Act.LOG_PRESENCE,
    needs=lambda op: [
        (PresenceEntry, op.entity),
        *([(Pass, op.body.pass_id)] if isinstance(op.body.pass_id, UUID) else []),
    ],
)
def correct(op: Op[Correct], known: Known) -> Decision:
    """A version, by anybody in the same organisation. Another organisation's entry answers as one that does not exist.

    When a correction says there were only a few, what had been said of age and substances goes with it, also when the
    phone did not think of it; said again in the same breath it is refused.
    """
    organisation, named = _organisation(op.actor), _named(op.body)
    before = known.need(PresenceEntry, op.entity)
    if before.organisation != organisation:
        raise Missing("presence", op.entity)
    after = replace(before, **named)
    if is_small(after, known.municipality.small_areas):
        after = replace(
            after,
            ages=after.ages if "ages" in named else None,
            substances=after.substances if "substances" in named else None,
        )

    def whole(it: PresenceEntry) -> list[PresenceEntry]:
        it = replace(it, evening=evening_of(it.at), ages=_once(it.ages), activity=_once(it.activity))
        kind_of_own_pass(organisation, it.at, it.pass_id)
        return [must_be_loggable(it, known.municipality)]

    kind_of_own_pass(organisation, after.at, after.pass_id)
    if after.pass_id != before.pass_id:
        known.need(Pass, after.pass_id)
    return Decision(entities=whole(after), whole=whole)


def _named(body: Correct) -> dict[str, Any]:
    named = {name: value for name in Correct.__struct_fields__ if (value := getattr(body, name)) is not UNSET}
    for name in ("ages", "activity"):
        if name in named:
            named[name] = _once(named[name])
    if "at" in named:
        named["at"] = aware(named["at"])
    return named


def _once(chosen: Iterable[Any] | None) -> tuple[Any, ...] | None:
    """Several answers in one order, each once; none chosen is not an answer."""
    return tuple(sorted(set(chosen))) if chosen else None


@changes.feeds(Pass)
def pass_lines(it: Pass, _known: Known) -> list[changes.Line]:
    return [(changes.of_organisation(it.organisation), "pass", pass_state(it))]


@changes.feeds(PresenceEntry)
def lines(it: PresenceEntry, _known: Known) -> list[changes.Line]:
    return [(changes.of_organisation(it.organisation), "presence", entry_state(it))]


def pass_state(it: Pass) -> dict[str, object]:
    """PassState."""
    return {name: getattr(it, name) for name in ("id", "version", "evening", "kind", "organisation", "adults")}


_STATE = (
    *("id", "version", "place", "area", "at", "logged_at", "band", "mood"),
    *("substances", "action", "minutes", "ages", "activity", "noise"),
)


def entry_state(it: PresenceEntry) -> dict[str, object]:
    """PresenceState."""
    return {"pass": it.pass_id} | {name: getattr(it, name) for name in _STATE}
