"""Promises at the desk: what was signed, what shows how it goes, and exactly what a release would show to everybody."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import needs, promise_words, survey_words
from trygghetsvandring.domain.activities import FED
from trygghetsvandring.domain.agreements import Agreement, days_left, validity
from trygghetsvandring.domain.evidence import Evidence, Sources, evidence
from trygghetsvandring.domain.lagesbild import LagesbildEdition
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.plans import Commitment
from trygghetsvandring.domain.presence import released
from trygghetsvandring.domain.promises import EvidenceKind, PreviewIsOld, Promise, Shown
from trygghetsvandring.domain.publications import SHOWN
from trygghetsvandring.domain.surveys import Survey
from trygghetsvandring.domain.tasks import Task, TaskState, day_of
from trygghetsvandring.storage import (
    activities,
    agreements,
    lagesbild,
    municipalities,
    plans,
    promises,
    records,
    surveys,
)
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.wire import Outcome
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound, problem


class Release(msgspec.Struct, kw_only=True):
    """`digest` of the preview the person has read; `name`: whoever stands for it."""

    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class Read:
    """A promise as somebody has it before them. `shown`: what a release now would show."""

    here: Municipality
    promise: Promise
    agreement: Agreement
    inside: Evidence
    later: Evidence
    shown: Shown
    commitments: Mapping[UUID, Commitment]


async def read(db: Db, municipality: str, id: UUID, today: date) -> Read:
    promise = await records.one(db, municipality, Promise, id)
    here = await municipalities.municipality(db, municipality)
    if promise is None or here is None:
        raise NotFound()
    agreement = await records.one(db, municipality, Agreement, promise.agreement)
    if agreement is None:
        raise NotFound()
    found = await _sources(db, here, promise, agreement, today)
    inside, later = evidence(promise, agreement, found, today)
    behind = await records.load(db, municipality, Survey, promise.built_on)
    ours = {it.id: it for it in await plans.commitments_of(db, municipality) if promise.id in it.promises}
    shown_now = await lagesbild.last_shown(db, municipality) if promise.needs else None
    shown = promise_words.shown(
        promise,
        agreement,
        inside,
        later,
        lambda unit: _called(here, unit),
        here.activity_kinds,
        [survey_words.built_on(behind[id]) for id in promise.built_on if id in behind],
        needs.shown_needs(promise.needs, ours, shown_now, lambda unit: _called(here, unit)),
    )
    return Read(here, promise, agreement, inside, later, shown, ours)


async def _sources(db: Db, here: Municipality, promise: Promise, agreement: Agreement, today: date) -> Sources:
    """Only what this kind of promise asks for is looked at."""
    first = agreement.valid_from or date(2000, 1, 1)
    match promise.evidence:
        case EvidenceKind.STREET:
            tasks, seen = await _tasks(db, here.id, promise.tiles)
            walks = await promises.ended(db, here.id, first, today + timedelta(days=1)) if here.stretches else ()
            return Sources(tasks=tasks, seen=seen, walks=walks, stretches=here.stretches)
        case EvidenceKind.WALKS:
            may = released(here.presence_release, today) is not None
            return Sources(
                walks=await promises.ended(db, here.id, first, today + timedelta(days=1)),
                passes=await promises.passes_between(db, here.id, first, today) if may else (),
                activities=await activities.of_promise(db, here.id, promise.id),
            )
        case EvidenceKind.REPORTED:
            return Sources(activities=await activities.of_promise(db, here.id, promise.id))
        case _:
            return Sources()


async def _tasks(
    db: Db, municipality: str, tiles: Collection[str]
) -> tuple[list[Task], dict[UUID, tuple[datetime, ...]]]:
    """Those behind which something stands that everybody may hear of.

    And when that which they may hear of was seen, task by task.
    """
    found = await promises.tasks_about(db, municipality, tiles)
    behind = await records.load(db, municipality, Observation, {id for task in found for id in task.findings})
    shown: list[Task] = []
    seen: dict[UUID, tuple[datetime, ...]] = {}
    for task in found:
        here = [behind[id] for id in task.findings if id in behind]
        told = [finding for finding in here if finding.state in SHOWN]
        if here and not told:
            continue
        seen[task.id] = tuple(finding.seen_at for finding in told)
        shown.append(task)
    return shown, seen


def _called(here: Municipality, unit: str | None) -> str:
    known = here.organisation(unit)
    return known.name if known is not None else "ansvarig enhet"


def digest_of(shown: Shown) -> str:
    return hashlib.sha256(msgspec.json.encode(promise_words.as_read(shown))).hexdigest()


# ---------------------------------------------------------------- what the desk reads


async def every_agreement(request: Request) -> Response:
    """`AgreementsView`: agreements as they were entered, each with its promises in order."""
    place, today = routing.principal(request).municipality, _today(request)
    async with routing.house(request).store.read() as db:
        found = await agreements.all_of(db, place)
        all_promises = await promises.all_of(db, place)
        here = await municipalities.municipality(db, place)
    assert here is not None
    return routing.json(
        {
            "agreements": [
                {
                    **_agreement(it, today),
                    "promises": [_row(each) for each in all_promises if each.agreement == it.id],
                }
                for it in found
            ],
            "public_path": f"/folj/{place}",
            "tiles": [{"id": tile.id, "name": tile.name} for tile in here.tiles],
        }
    )


def _agreement(it: Agreement, today: date) -> dict[str, object]:
    names = ("id", "version", "kind", "title", "purpose", "parties", "valid_from", "valid_to", "keeper")
    more = ("part_of", "predecessor", "review_on")
    told = {name: getattr(it, name) for name in (*names, *more)}
    return {**told, "validity": validity(it, today), "days_left": days_left(it, today)}


def _row(it: Promise) -> dict[str, object]:
    names = ("id", "version", "number", "by", "text", "heading", "evidence", "tiles", "report_by", "state", "release")
    told = {name: getattr(it, name) for name in names}
    return {**told, "reports": len(it.reports), "changed_at": it.changed_at, "released_by": it.released_by}


async def one_promise(request: Request) -> Response:
    """`PromiseView`: the promise, its reports, and the preview with the digest that a release must carry."""
    today = _today(request)
    async with routing.house(request).store.read() as db:
        it = await read(db, routing.principal(request).municipality, routing.path_id(request), today)
        every = await surveys.all_of(db, it.here.id)
        signed = await lagesbild.last_signed(db, it.here.id) if it.promise.evidence in FED else None
    as_read, was = promise_words.as_read(it.shown), it.promise.shown
    return routing.json(
        {
            "promise": {**_row(it.promise), "reports": list(reversed(it.promise.reports))},
            "agreement": _agreement(it.agreement, today),
            "preview": as_read,
            "digest": digest_of(it.shown),
            "is_as_shown": was is not None and promise_words.as_read(was) == as_read,
            "published_at": it.promise.published_at,
            "may_verify": _lamps(it)[0] > 0 and _lamps(it)[1] == 0,
            "public_path": f"/folj/{it.here.id}",
            "built_on": it.promise.built_on,
            "surveys": [{"id": each.id, "words": survey_words.built_on(each)} for each in every],
            "needs": _needs(it, signed),
        }
    )


def _needs(it: Read, signed: LagesbildEdition | None) -> dict[str, object]:
    """`NeedsView`: what was signed last, and what meets it."""
    names = ("id", "text", "state", "due_on")
    period = None if signed is None else {"first": signed.picture.first, "last": signed.picture.last}
    return {
        "period": period,
        "slots": needs.slots(signed),
        "met": it.promise.needs,
        "commitments": [
            {**{name: getattr(each, name) for name in names}, "executor": _called(it.here, each.executor)}
            for each in it.commitments.values()
        ],
    }


def _lamps(it: Read) -> tuple[int, int]:
    """(lit, all others) inside the promise's time."""
    lit = sum(lamp.state is TaskState.VERIFIED for lamp in it.inside.lamps)
    return lit, len(it.inside.lamps) - lit


# ---------------------------------------------------------------- what a person does by a route of its own


async def publish(request: Request) -> Response:
    """What is shown is made anew here, and must be what the person has read."""
    body, asker = await routing.read(request, Release), routing.principal(request)
    id = routing.path_id(request)
    async with routing.house(request).store.read() as db:
        it = await read(db, asker.municipality, id, _today(request))
    if body.digest != digest_of(it.shown):
        raise PreviewIsOld()
    promise_words.must_be_safe(it.shown)
    told = {"shown": msgspec.to_builtins(it.shown), "seen": it.promise.version, "name": body.name}
    return _answered(await _act(request, "promise.publish", id, told))


async def verify(request: Request) -> Response:
    id = routing.path_id(request)
    async with routing.house(request).store.read() as db:
        it = await read(db, routing.principal(request).municipality, id, _today(request))
    lit, others = _lamps(it)
    return _answered(await _act(request, "promise.verify", id, {"lit": lit, "others": others}))


async def _act(request: Request, type: str, id: UUID, body: dict[str, object]) -> Outcome:
    by = replace(routing.principal(request), device=None)  # by this route only: no desk pushes it
    return await routing.house(request).engine.act(by.municipality, type, id, body, routing.now(request), actor=by)


def _answered(outcome: Outcome) -> Response:
    if outcome.outcome != "applied":
        return problem(outcome.code or "refused", {})
    return routing.json({"version": outcome.version})


def _today(request: Request) -> date:
    return day_of(routing.now(request))


routes = [
    routing.route("/api/agreements", every_agreement, methods=["GET"], act=Act.KEEP_PROMISES),
    routing.route("/api/promises/{id:uuid}", one_promise, methods=["GET"], act=Act.KEEP_PROMISES),
    routing.route("/api/promises/{id:uuid}/publish", publish, methods=["POST"], act=Act.KEEP_PROMISES),
    routing.route("/api/promises/{id:uuid}/verify", verify, methods=["POST"], act=Act.KEEP_PROMISES),
]
