"""A nämnd's register at the desk: cases, holds, what is decided about retention, what is due, what is being removed.

The board follows from who asks, so nobody can ask for another's. Nothing here shows what a thing says: its number, its
kind and what hangs on it are enough to register and decide, and the room where it is read has its own rights.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import erasures as rules
from trygghetsvandring.domain.erasures import About, Case, Hold, Ref, Register, Series, register_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act, may
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.storage import erasures, gallring, incoming, municipalities, records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter, NotFound
from trygghetsvandring.web.surveys import sheet

_MOST = 200
_PROPOSED = 1_000
_LONGEST = timedelta(days=366)
_TOLD = (
    *("id", "version", "number", "state", "received_on", "reference", "registered_by", "registered_at"),
    *("decided_by", "decided_at", "ground", "reason", "appeal", "decision"),
)


async def show(request: Request) -> Response:
    asker, house = routing.principal(request), routing.house(request)
    today = routing.now(request).astimezone(STOCKHOLM).date()
    async with house.store.read() as db:
        place = await municipalities.municipality(db, asker.municipality)
        assert place is not None
        board = rules.board_of_asker(asker, place)
        register = await records.one(db, place.id, Register, register_id(place.id, board))
        cases = await erasures.cases_of(db, place.id, board, _MOST)
        holds = () if register is None else register.holds
        named = [ref for case in cases for ref in case.about] + [ref for hold in holds for ref in hold.about]
        names = await erasures.numbers(db, place.id, named)
        series = [await _series(request, db, place, board, register, each, today) for each in Series]
        decisions = await erasures.progress(db, place.id, board)
    return routing.json(
        {
            "board": board,
            "may_decide": may(asker, Act.DECIDE_ERASURE),
            "cases": [_case(case, names, asker.user) for case in cases],
            "holds": [_hold(hold, names) for hold in reversed(holds)],
            "series": series,
            "decisions": decisions,
            "appeal": rules.APPEAL,
        }
    )


async def listed(request: Request) -> Response:
    """`RegisterList`: what came in, both days included, of at most a year. `format` csv: as a sheet."""
    asker, today = routing.principal(request), routing.now(request).astimezone(STOCKHOLM).date()
    last = _day(request, "to", today)
    first = _day(request, "from", last - timedelta(days=6))
    if not first <= last < first + _LONGEST:
        raise BadParameter(name="to")
    words = tuple(request.query_params.get("q", "")[:80].split())
    async with routing.house(request).store.read() as db:
        place = await municipalities.municipality(db, asker.municipality)
        assert place is not None
        board = rules.board_of_asker(asker, place)
        came, is_whole = await incoming.of_board(db, place, board, first, last, words)
    if request.query_params.get("format") == "csv":
        kinds = {About.OBSERVATION: "fynd", About.FEEDBACK: "synpunkt", About.SURVEY_ANSWER: "enkätsvar"}
        rows = [(it.number, it.on.isoformat(), kinds.get(it.kind, "närvaro"), it.sender, it.about) for it in came]
        return sheet(f"register-{first}-{last}", ("nummer", "kom in", "slag", "från", "om"), rows)
    return routing.json({"first": first, "last": last, "is_whole": is_whole, "rows": came})


def _day(request: Request, name: str, otherwise: date) -> date:
    raw = request.query_params.get(name)
    try:
        return date.fromisoformat(raw) if raw else otherwise
    except ValueError:
        raise BadParameter(name=name) from None


async def look(request: Request) -> Response:
    """What a receipt's or task's number stands for, when it is this nämnd's."""
    asker = routing.principal(request)
    number = request.query_params.get("number", "").strip()[:40].upper()
    async with routing.house(request).store.read() as db:
        place = await municipalities.municipality(db, asker.municipality)
        assert place is not None
        found = await erasures.by_number(db, place, rules.board_of_asker(asker, place), number) if number else None
    if found is None:
        raise NotFound()
    return routing.json(found)


def _case(case: Case, names: dict[Ref, str], user: UUID | None) -> dict[str, Any]:
    said = {name: getattr(case, name) for name in _TOLD}
    is_own = user is not None and user == case.registered_user
    return said | {"about": _about(case.about, names), "registered_by_me": is_own}


def _hold(hold: Hold, names: dict[Ref, str]) -> dict[str, Any]:
    told = ("id", "reason", "placed_by", "placed_at", "lifted_by", "lifted_at", "lifted_why")
    return {name: getattr(hold, name) for name in told} | {"about": _about(hold.about, names)}


def _about(refs: tuple[Ref, ...], names: dict[Ref, str]) -> list[dict[str, Any]]:
    """`number` null: it has none, or it is removed."""
    return [{"kind": ref.kind, "id": ref.id, "number": names.get(ref)} for ref in refs]


async def _series(
    request: Request,
    db: Db,
    place: Municipality,
    board: str,
    register: Register | None,
    series: Series,
    today: date,
) -> dict[str, Any]:
    """Without a decision nothing is due, and nothing is counted."""
    rule = None if register is None else register.keeps(series)
    if rule is None:
        return {"series": series, "rule": None, "due": None}
    until = today - timedelta(days=rule.keep_days)
    partial = routing.house(request).uploads.file(place.id, UUID(int=0)).parent
    held = frozenset() if register is None else register.held
    found = await gallring.due(db, place, board, series, until, _PROPOSED, partial=partial)
    free = [each for each in found if each.ref.id not in held]
    due = {
        "until": until,
        "count": len(free),
        "more": len(found) == _PROPOSED,
        "held": len(found) - len(free),
        "oldest": free[0].since if free else None,
        "items": [{"kind": each.ref.kind, "id": each.ref.id} for each in free],
    }
    return {"series": series, "rule": rule, "due": due}


routes = [
    routing.route("/api/register", show, methods=["GET"], act=Act.READ_REGISTER),
    routing.route("/api/register/list", listed, methods=["GET"], act=Act.READ_REGISTER),
    routing.route("/api/register/look", look, methods=["GET"], act=Act.READ_REGISTER),
]
