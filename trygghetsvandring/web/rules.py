"""Rules, as the coordinator keeps them: what holds, what is being written, what is wrong, and the dry run."""

from collections.abc import AsyncIterator

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act, Principal
from trygghetsvandring.domain.rules import BookState, Fault, NotADraft, RuleBook, faults, in_force
from trygghetsvandring.domain.trials import Trying
from trygghetsvandring.storage import municipalities, records, rules
from trygghetsvandring.sync.ops.rules import digest_of
from trygghetsvandring.sync.trials import dry_run, tell
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound

_MOST_EARLIER = 50


async def rulebooks(request: Request) -> Response:
    """`RulesView`."""
    here = await _municipality(request)
    async with routing.house(request).store.read() as db:
        live = await rules.live(db, here.id)
        shelf = await rules.shelf(db, here.id)
        draft = await records.one(db, here.id, RuleBook, shelf.draft) if shelf.draft else None
        past = await rules.earlier(db, here.id, _MOST_EARLIER)
    now = in_force(here, live)
    return routing.json(
        {
            "live": {"id": None, "number": 0, "published_by": "", "published_at": None, "note": ""}
            | (_head(live) if live else {})
            | {"rules": now.rules, "faults": [_fault(fault) for fault in faults(now.rules, here)]},
            "draft": _draft(draft, here) if draft else None,
            "earlier": [_head(book) | {"rules": book.rules} for book in past],
            "choices": _choices(here),
        }
    )


async def alarms(request: Request) -> Response:
    """What in the live rules does not hold together with the municipality as it is today."""
    here = await _municipality(request)
    async with routing.house(request).store.read() as db:
        now = in_force(here, await rules.live(db, here.id))
    called = {rule.id: rule.called for rule in now.rules.rules}
    found = [_fault(fault) | {"name": called.get(fault.rule, "")} for fault in faults(now.rules, here)]
    return routing.json({"book": now.number, "alarms": found})


async def try_it(request: Request) -> Response:
    """A line of progress per page of history, then the result. The result is kept when the draft is still the same."""
    asker, here = routing.principal(request), await _municipality(request)
    async with routing.house(request).store.read() as db:
        draft = await records.one(db, here.id, RuleBook, routing.path_id(request))
        live = await rules.live(db, here.id)
        of = await rules.how_many(db, here.id)
    if draft is None:
        raise NotFound()
    if draft.state is not BookState.DRAFT:
        raise NotADraft(state=draft.state.value)
    lines = _lines(request, asker, here, draft, live, of)
    return StreamingResponse(lines, media_type="application/x-ndjson", headers={"Cache-Control": "no-store"})


async def _lines(
    request: Request, asker: Principal, here: Municipality, draft: RuleBook, live: RuleBook | None, of: int
) -> AsyncIterator[bytes]:
    house, sums = routing.house(request), None
    async for sums in dry_run(house.store, here, in_force(here, live).rules, draft.rules):
        yield _line({"done": sums.findings, "of": max(of, sums.findings)})
    assert sums is not None
    outcome = await tell(house.engine, here, draft.id, sums, by=asker.function, now=routing.now(request))
    kept = outcome.outcome == "applied"
    yield _line({"result": _result(sums, here), "kept": kept, "version": outcome.version if kept else None})


def _line(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _result(it: Trying, here: Municipality) -> dict[str, object]:
    """`TrialResult`."""
    names = {organisation.id: organisation.name for organisation in here.departments}
    owners = sorted(it.now.keys() | it.then.keys(), key=lambda owner: (-it.then[owner], owner))
    changes = sorted(it.changes.items(), key=lambda pair: (-pair[1].count, pair[0]))
    return {
        "findings": it.findings,
        "work": it.work,
        "changed": it.changed,
        "other_days": it.other_days,
        "other_order": it.other_order,
        "owners": [{"id": id, "name": names.get(id, id), "now": it.now[id], "then": it.then[id]} for id in owners],
        "changes": [
            {"from": names.get(a, a), "to": names.get(b, b), "count": each.count, "examples": each.examples}
            for (a, b), each in changes
        ],
        "reached": [{"rule": rule.id, "count": it.reached[rule.id]} for rule in it.draft.rules],
        "never": it.never(),
        "last_resort": it.then_last_resort,
        "homeless": it.homeless,
        "points": it.points,
    }


def _head(book: RuleBook) -> dict[str, object]:
    names = ("id", "number", "published_by", "published_at", "note")
    return {name: getattr(book, name) for name in names}


def _draft(book: RuleBook, here: Municipality) -> dict[str, object]:
    is_tried = book.tried is not None and book.tried.digest == digest_of(book.rules)
    return {
        "id": book.id,
        "version": book.version,
        "note": book.note,
        "saved_by": book.saved_by,
        "saved_at": book.saved_at,
        "rules": book.rules,
        "faults": [_fault(fault) for fault in faults(book.rules, here)],
        "tried": book.tried if is_tried else None,
    }


def _fault(fault: Fault) -> dict[str, object]:
    return {"rule": fault.rule, "code": fault.code, "about": fault.about}


def _choices(here: Municipality) -> dict[str, object]:
    """What a rule may name, beside what every desk has already: places' owners, types of place, questions."""
    items = {item.code: item.question for template in here.templates for item in template.items}
    return {
        "owners": [{"id": it.id, "name": it.name} for it in here.departments if it.owns_tasks],
        "ground": sorted({place.owner for place in here.places if place.owner}),
        "place_types": [{"id": it.place_type, "name": it.name} for it in here.templates],
        "questions": [{"id": code, "name": question} for code, question in items.items()],
    }


async def _municipality(request: Request) -> Municipality:
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, routing.principal(request).municipality)
    assert here is not None
    return here


routes = [
    routing.route("/api/rules", rulebooks, methods=["GET"], act=Act.KEEP_RULES),
    routing.route("/api/rules/alarms", alarms, methods=["GET"], act=Act.KEEP_RULES),
    routing.route("/api/rules/{id:uuid}/dry-run", try_it, methods=["POST"], act=Act.KEEP_RULES),
]
