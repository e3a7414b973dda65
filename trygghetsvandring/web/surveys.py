"""Surveys: the page behind a link, the list at the desk, the count, and what was shown of them for everybody.

`GET` of the link only shows. An answer is a form that is sent once; sent again it is the same answer. What the guard
refuses is refused before the door, so that no log keeps it.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from secrets import token_hex
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec
import segno
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import answer_links, survey_counts, survey_words
from trygghetsvandring.domain import surveys as rules
from trygghetsvandring.domain.erasures import board_of_asker, coordination
from trygghetsvandring.domain.errors import Malformed, Refused
from trygghetsvandring.domain.field_lists import plain as no_formula
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act, Principal, Role, may
from trygghetsvandring.domain.stops import Feeling
from trygghetsvandring.domain.surveys import AGE, FELT, Survey, SurveyAnswer
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.storage import municipalities, records, surveys
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.ops.surveys import digest_of
from trygghetsvandring.web import plain, routing, sessions, survey_pages, tongues
from trygghetsvandring.web.answer_links import FormUnknown, must_be_about_the_place, must_be_applied, sure_of
from trygghetsvandring.web.errors import NotFound, TooManyTries
from trygghetsvandring.web.feedback import FilledByAMachine

_FORMS: Final = UUID("0f6f2a1c-93c5-5d54-8a4a-2f1b0f4c7d10")
_MOST_BODY: Final = 16 * 1024
_OF_ONE = RateLimitItemPerHour(120)  # from one network: a tablet on the square sends what it has kept
_OF_ALL = RateLimitItemPerHour(1200)
_tries = MovingWindowRateLimiter(MemoryStorage())


def code_of(key: bytes, survey: UUID) -> str:
    """The end of its link. No secret: whoever has it may answer, and it opens nothing else."""
    return answer_links.derived(key, b"survey:" + survey.bytes)


# ---------------------------------------------------------------- the page behind the link


async def show(request: Request) -> Response:
    here, it, code = await _behind(request)
    return _form(request, here, it, code, {}) if it.is_open else survey_pages.closed(tongues.of(request), here, it)


async def _behind(request: Request) -> tuple[Municipality, Survey, str]:
    place, code = str(request.path_params["municipality"]), str(request.path_params["code"])
    if "\x00" in place:  # no text to PostgreSQL, and nobody's name
        raise NotFound()
    house = routing.house(request)
    async with house.store.read() as db:
        here = await municipalities.municipality(db, place)
        every = await surveys.all_of(db, place) if here is not None else []
    asked = (it for it in every if not it.is_imported)
    it = next((it for it in asked if code_of(house.engine.key, it.id) == code), None)
    if here is None or it is None:
        raise NotFound()
    return here, it, code


def _form(
    request: Request,
    here: Municipality,
    it: Survey,
    code: str,
    typed: dict[str, str],
    *,
    wrong: str = "",
    stands: str = "",
) -> Response:
    once = answer_links.form(routing.house(request).engine.key, it.id, "survey", token_hex(8))
    return survey_pages.form(tongues.of(request), here, it, code, once, typed, wrong=wrong, stands=stands)


async def answer(request: Request) -> Response:
    here, it, code = await _behind(request)
    typed = await plain.filled_in(request, _MOST_BODY)
    again = {name: typed.get(name, "") for name in survey_pages.FIELDS}
    try:
        id, body = _read(routing.house(request).engine.key, it, typed)
        before = await _before(request, here, id)
        if before is not None and not _says(body, before):
            return _form(request, here, it, code, again, stands=before.number)
        if before is None:
            must_not_flood(request, here)
            await keep(request, here, id, body)
    except Refused as error:
        if error.code == "perhaps_a_person":
            again["sure"] = sure_of(again["text"])
        return _form(request, here, it, code, again, wrong=error.code)
    return survey_pages.thanks(tongues.of(request), here, code, rules.number_of(id))


def _read(key: bytes, it: Survey, typed: dict[str, str]) -> tuple[UUID, dict[str, Any]]:
    once = typed.get("form", "")
    if typed.get(survey_pages.TRAP):
        raise FilledByAMachine()
    if not answer_links.is_form(key, it.id, "survey", once):
        raise FormUnknown()
    if typed.get(FELT) not in set(Feeling):
        raise Malformed(field=FELT)
    text = typed.get("text", "").replace("\r\n", "\n").strip()
    must_be_about_the_place(rules.sound(text), typed.get("sure", ""))
    body = {name: typed.get(name, "") for name in survey_pages.FIELDS}
    return uuid5(_FORMS, f"{it.id} {once}"), body | {"survey": it.id, "text": text}


async def _before(request: Request, here: Municipality, id: UUID) -> SurveyAnswer | None:
    """What the same form has said before: a form that is sent twice is one answer."""
    async with routing.house(request).store.read() as db:
        return await records.one(db, here.id, SurveyAnswer, id)


def _says(body: dict[str, Any], it: SurveyAnswer) -> bool:
    chosen = (it.place, it.band, it.felt.value, it.help, it.age, it.text)
    return (*(body[name] for name in survey_pages.FIELDS[:-1]), rules.sound(body["text"])) == chosen


async def keep(request: Request, here: Municipality, id: UUID, body: dict[str, Any]) -> None:
    house = routing.house(request)
    actor = Principal(municipality=here.id, role=Role.RESIDENT, function="Någon som svarar på en enkät")
    must_be_applied(await house.engine.act(here.id, "survey.answer", id, body, routing.now(request), actor=actor))


def must_not_flood(request: Request, here: Municipality) -> None:
    counted = ((_OF_ONE, sessions.network(request)), (_OF_ALL, here.id))
    if not all(_tries.hit(limit, "survey", who) for limit, who in counted):
        raise TooManyTries(retry_after=3600)


def forget_tries() -> None:
    """For tests."""
    _tries.storage.reset()


# ---------------------------------------------------------------- a tablet on the square


class FromTablet(msgspec.Struct, kw_only=True):
    """`id`: made on the tablet, so that what is sent twice is one. `on`: the day, by its clock."""

    id: UUID
    place: str
    hours: str
    felt: Feeling
    help: str
    age: str
    on: date


async def asked(request: Request) -> Response:
    """`SurveyAsked`: what a tablet keeps of the survey, to ask without a network."""
    _, it, _ = await _behind(request)
    told = {name: getattr(it, name) for name in ("title", "is_open", "places", "bands", "helps", "asks_age")}
    return routing.json({**told, "notice": rules.NOTICE})


async def from_tablet(request: Request) -> Response:
    """Also after the survey is closed: what was answered while it was open is taken in."""
    here, it, _ = await _behind(request)
    given = await routing.read(request, FromTablet)
    must_not_flood(request, here)
    body = msgspec.to_builtins(given) | {"survey": it.id, "on": min(given.on, day_of(routing.now(request)))}
    del body["id"]
    await keep(request, here, uuid5(_FORMS, f"{it.id} {given.id}"), body)
    return routing.json({})


# ---------------------------------------------------------------- at the desk


async def listed(request: Request) -> Response:
    """`SurveysView`, the latest first. Nobody reads how many answered but by classes of five."""
    asker, house = routing.principal(request), routing.house(request)
    async with house.store.read() as db:
        here = await _of_asker(asker, db)
        every = await surveys.all_of(db, here.id)
        counts = await surveys.counts(db, here.id)
        said = {it.id: await surveys.answers(db, here.id, it.id) for it in every if it.free_text}
    by_id = {it.id: it for it in every}
    return routing.json(
        {
            "today": day_of(routing.now(request)),
            "may_keep": may(asker, Act.KEEP_SURVEYS),
            "places": [{"id": it.id, "name": it.name} for it in here.places],
            "bands": rules.BANDS,
            "helps": survey_words.HELPS,
            "public_path": f"/folj/{here.id}/dialog",
            "rows": [
                _row(request, here, it, by_id.get(it.follows) if it.follows else None, asker.function)
                | {"may_count": it.waits(counts.get(it.id, 0)), "texts": rules.texts_of(it, said.get(it.id, ()))}
                for it in every
            ],
        }
    )


async def _of_asker(asker: Principal, db: Db) -> Municipality:
    """A registrator reads those of their own nämnd."""
    here = await municipalities.municipality(db, asker.municipality)
    assert here is not None
    if not may(asker, Act.KEEP_SURVEYS) and board_of_asker(asker, here) != coordination(here):
        raise NotFound()
    return here


def _row(request: Request, here: Municipality, it: Survey, before: Survey | None, function: str) -> dict[str, Any]:
    preview = survey_words.shown(it, before, here, function)
    return {
        "id": it.id,
        "version": it.version,
        "title": it.title,
        "source": it.source,
        "told_by": it.told_by,
        "follows": before.title if before else "",
        "opened_on": it.opened_on,
        "closed_on": it.closed_on,
        "places": it.places,
        "bands": it.bands,
        "helps": it.helps,
        "asks_age": it.asks_age,
        "free_text": it.free_text,
        "link": None if it.is_imported else _link(request, here, it),
        "counted_on": it.tally.on if it.tally else None,
        "preview": preview and {"digest": digest_of(preview), "shown": preview},
        "is_shown": it.shown is not None,
        "is_as_shown": it.shown == preview,
        "changed_at": it.changed_at,
        "released_by": it.released_by,
    }


def _link(request: Request, here: Municipality, it: Survey) -> dict[str, str]:
    house = routing.house(request)
    code, base = code_of(house.engine.key, it.id), house.settings.public_url
    url = base + survey_pages.path(here.id, code)
    svg = segno.make(url, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff")
    return {"url": url, "qr_svg": svg, "tablet": f"{base}/platta/{here.id}/{code}"}


class Count(msgspec.Struct, kw_only=True):
    """`seen`: the version that the person had before them."""

    seen: int


async def count(request: Request) -> Response:
    """What is counted is counted here, when a person asks for it, and stands until five more have answered."""
    body, asker, house = await routing.read(request, Count), routing.principal(request), routing.house(request)
    async with house.store.read() as db:
        it = await records.one(db, asker.municipality, Survey, routing.path_id(request))
        if it is None:
            raise NotFound()
        here = await municipalities.municipality(db, asker.municipality)
        said = await surveys.answers(db, asker.municipality, it.id)
    assert here is not None
    cells = survey_counts.told([p.id for p in it.places], it.bands, it.questions, (each.said for each in said))
    kept = [cell for cell in cells if cell.question != AGE]
    missing = survey_words.missing_of(cells, here)
    told = {"seen": body.seen, "answers": len(said), "cells": msgspec.to_builtins(kept), "missing": list(missing)}
    by = replace(asker, device=None)  # by this route only: no desk pushes it
    outcome = await house.engine.act(asker.municipality, "survey.count", it.id, told, routing.now(request), actor=by)
    must_be_applied(outcome)
    return routing.json({"version": outcome.version})


async def single_answers(request: Request) -> Response:
    """For whoever is asked for them under offentlighetsprincipen: each answer by its number, in no order of time."""
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        here = await _of_asker(asker, db)
        it = await records.one(db, here.id, Survey, routing.path_id(request))
        if it is None:
            raise NotFound()
        said = await surveys.answers(db, here.id, it.id)
    names = {place.id: place.name for place in it.places}
    rows = [(each, names[each.place]) for each in said]
    head = ("nummer", "plats", "tid", "kanslan", "hjalp", "alder", "text")
    lines = [(a.number, place, a.band, a.felt.value, a.help, a.age, a.text) for a, place in rows]
    return sheet(f"svar-{it.id}", head, lines)


def sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """As Excel reads it in Swedish: semicolons and a byte order mark; no cell is a formula."""
    text = io.StringIO()
    written = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    written.writerow(head)
    written.writerows([no_formula(cell) for cell in row] for row in rows)
    headers = {"Cache-Control": "no-cache", "Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


routes = [
    routing.route(survey_pages.FORM, show, methods=["GET"], act=Act.PUBLIC),
    routing.route(survey_pages.FORM, answer, methods=["POST"], act=Act.PUBLIC),
    routing.route(f"{survey_pages.FORM}/fragor", asked, methods=["GET"], act=Act.PUBLIC),
    routing.route(f"{survey_pages.FORM}/svar", from_tablet, methods=["POST"], act=Act.PUBLIC),
    routing.route("/api/surveys", listed, methods=["GET"], act=Act.READ_SURVEYS),
    routing.route("/api/surveys/{id:uuid}/count", count, methods=["POST"], act=Act.KEEP_SURVEYS),
    routing.route("/api/surveys/{id:uuid}/answers.csv", single_answers, methods=["GET"], act=Act.READ_REGISTER),
]
