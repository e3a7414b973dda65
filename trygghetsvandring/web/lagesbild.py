"""The lägesbild of a period at the desk: its numbers, the words, the signing, and what would be shown."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import lagesbild_words
from trygghetsvandring.domain.errors import Malformed, SeenHasMoved
from trygghetsvandring.domain.est_picture import band_of
from trygghetsvandring.domain.lagesbild import (
    SHOWN_AFTER,
    Lagesbild,
    LagesbildEdition,
    LagesbildNotSignable,
    LagesbildShelf,
    lagesbild_id,
    shelf_id,
)
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.period_counts import PeriodPicture
from trygghetsvandring.domain.period_picture import period_picture
from trygghetsvandring.domain.periods import Period, tertial_before
from trygghetsvandring.domain.plans import ActionPlan
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.storage import lagesbild, municipalities, plans, records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import est_sources
from trygghetsvandring.sync.ops.lagesbild import digest_of, empty_shelf, preview
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter, NotFound, problem
from trygghetsvandring.web.paper_files import answer

_FORMATS = frozenset({"html", "pdf", "docx"})


class Sign(msgspec.Struct, kw_only=True):
    """`digest` of what the person has before them; `name` is theirs, the police sign by function and day."""

    first: date
    last: date
    digest: str
    name: str
    police_by: str
    police_on: date
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A period as somebody has it before them. `is_whole` False: more was handed in than can be counted."""

    here: Municipality
    period: Period
    draft: Lagesbild
    picture: PeriodPicture
    is_whole: bool
    editions: Sequence[LagesbildEdition]
    shelf: LagesbildShelf
    plans: Sequence[ActionPlan]

    @property
    def digest(self) -> str:
        """Of every number and every word that would be signed."""
        signed = (self.picture, self.draft.texts, self.draft.crime, self.draft.focus)
        return hashlib.sha256(msgspec.json.encode(signed)).hexdigest()


def _period(request: Request) -> Period:
    """Without one: the last tertial that is over."""
    first, last = (request.query_params.get(name) for name in ("from", "to"))
    if not first and not last:
        return tertial_before(day_of(routing.now(request)))
    try:
        return Period(date.fromisoformat(first or ""), date.fromisoformat(last or ""))
    except ValueError:
        raise BadParameter(name="from") from None
    except Malformed:
        raise BadParameter(name="to") from None


async def _read(request: Request, db: Db, period: Period) -> Read:
    place, tonight = routing.principal(request).municipality, evening_of(routing.now(request))
    here = await municipalities.municipality(db, place)
    assert here is not None
    id = lagesbild_id(place, period)
    now, whole = await est_sources.of_weeks(db, here, period.weeks, tonight)
    then, whole_then = await est_sources.of_weeks(db, here, period.year_before.weeks, tonight)
    agreed = await est_sources.decided_in(db, here, period)
    return Read(
        here=here,
        period=period,
        draft=await records.one(db, place, Lagesbild, id)
        or Lagesbild(id=id, version=0, first=period.first, last=period.last),
        picture=await asyncio.to_thread(period_picture, period, now, then, here, agreed),
        is_whole=whole and whole_then,
        editions=await lagesbild.editions_of(db, place, id),
        shelf=await _shelf(db, place),
        plans=await plans.all_of(db, place),
    )


async def _shelf(db: Db, municipality: str) -> LagesbildShelf:
    return await records.one(db, municipality, LagesbildShelf, shelf_id(municipality)) or empty_shelf(municipality)


# ---------------------------------------------------------------- the screen


async def one_period(request: Request) -> Response:
    """`LagesbildView`."""
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        it = await _read(request, db, _period(request))
        known = await lagesbild.all_of(db, asker.municipality)
    latest = it.editions[0] if it.editions else None
    on_shelf = it.shelf.of(it.draft.id)
    today = day_of(routing.now(request))
    return routing.json(
        {
            "draft": it.draft,
            "today": today,
            "is_over": it.period.last < evening_of(routing.now(request)),
            "is_whole": it.is_whole,
            "digest": it.digest,
            "picture": _told(it.picture),
            "year_before": {"first": it.period.year_before.first, "last": it.period.year_before.last},
            "editions": [_edition(each) for each in it.editions],
            "is_as_signed": latest is not None and _is_as_signed(it, latest),
            "plans": [{"id": each.id, "focus": each.focus, "title": each.title} for each in it.plans],
            "known": [
                {"id": each.id, "first": each.first, "last": each.last, "edition": each.edition} for each in known
            ],
            "preview": None if latest is None else _preview(it, latest, asker.function),
            "shown": None
            if on_shelf is None
            else {"number": on_shelf.showing, "by": on_shelf.released_by, "at": on_shelf.changed_at},
            "shown_from": it.period.last + SHOWN_AFTER,
            "public_path": f"/folj/{it.here.id}/lagesbild",
        }
    )


def _told(it: PeriodPicture) -> dict[str, Any]:
    """People are bands, and what could become public is in the preview as it would be read."""
    told: dict[str, Any] = msgspec.to_builtins(it)
    del told["coarse"]
    felt = {name: band_of(getattr(it.felt, name)) for name in ("safe", "neither", "unsafe")}
    return {
        **told,
        "felt": felt,
        "alike": [{**msgspec.to_builtins(a), "is_comparable": a.is_comparable} for a in it.alike],
    }


def _edition(it: LagesbildEdition) -> dict[str, object]:
    return {
        "id": it.id,
        "number": it.number,
        "signed_at": it.signed_at,
        "signatures": it.signatures,
        "changed": it.changed,
        "focus": it.focus,
    }


def _is_as_signed(it: Read, latest: LagesbildEdition) -> bool:
    said = (it.draft.texts, it.draft.crime) == (latest.texts, latest.crime)
    return said and it.picture == latest.picture


def _preview(it: Read, latest: LagesbildEdition, function: str) -> dict[str, object]:
    shown, _ = preview(latest, it.shelf, it.here, function)
    return {"edition": latest.id, "number": latest.number, "digest": digest_of(shown), "shown": shown}


# ---------------------------------------------------------------- what a person does by a route of its own


async def sign(request: Request) -> Response:
    """What is signed is counted anew here, and must be what the person has read."""
    body, asker = await routing.read(request, Sign), routing.principal(request)
    async with routing.house(request).store.read() as db:
        it = await _read(request, db, Period(body.first, body.last))
    if body.digest != it.digest:
        raise SeenHasMoved()
    if not it.is_whole:
        raise LagesbildNotSignable(reason="not_whole")
    told = {
        "first": body.first,
        "last": body.last,
        "seen": it.draft.version,
        "picture": msgspec.to_builtins(it.picture),
        "name": body.name,
        "police_by": body.police_by,
        "police_on": body.police_on,
        "changed": body.changed,
    }
    by = replace(asker, device=None)  # by this route only: no desk pushes it
    outcome = await routing.house(request).engine.act(
        by.municipality, "lagesbild.sign", it.draft.id, told, routing.now(request), actor=by
    )
    if outcome.outcome != "applied":
        return problem(outcome.code or "refused", {})
    return routing.json({"version": outcome.version})


async def document(request: Request) -> Response:
    """A signed edition as the parties signed it: html, pdf or docx."""
    asker, format = routing.principal(request), str(request.path_params["format"])
    if format not in _FORMATS:
        raise BadParameter(name="format")
    async with routing.house(request).store.read() as db:
        it = await records.one(db, asker.municipality, LagesbildEdition, routing.path_id(request))
        here = await municipalities.municipality(db, asker.municipality)
    if it is None or here is None:
        raise NotFound()
    named = f"lagesbild-{it.period.first}-{it.period.last}-utgava-{it.number}"
    return await answer(lagesbild_words.paper(it, here.name), format, named, it.signed_at)


routes = [
    routing.route("/api/lagesbild", one_period, methods=["GET"], act=Act.KEEP_LAGESBILD),
    routing.route("/api/lagesbild/sign", sign, methods=["POST"], act=Act.KEEP_LAGESBILD),
    routing.route("/api/lagesbild/{id:uuid}/{format}", document, methods=["GET"], act=Act.KEEP_LAGESBILD),
]
