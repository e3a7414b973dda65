"""Activities at the desk: each with partners, numbers and history, and the counts by month and kind of place."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.activities import FED, Activity, Said
from trygghetsvandring.domain.activity_words import months
from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.municipalities import ActivityKind
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.promise_counts import count_words
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.storage import activities, agreements, municipalities, promises
from trygghetsvandring.web import routing


async def every_activity(request: Request) -> Response:
    """`ActivitiesView`: the latest first."""
    place, today = routing.principal(request).municipality, day_of(routing.now(request))
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, place)
        found = await activities.all_of(db, place)
        by_id = {it.id: it for it in await agreements.all_of(db, place)}
        promised = {it.id: it for it in await promises.all_of(db, place)}
    assert here is not None
    names = {kind.id: kind.name for kind in here.activity_kinds}
    latest = sorted(found, key=lambda it: (it.now.first, it.id), reverse=True)
    return routing.json(
        {
            "today": today,
            "kinds": here.activity_kinds,
            "promises": [_promise(it, by_id[it.agreement]) for it in promised.values() if it.evidence in FED],
            "activities": [_row(it, names, promised, by_id) for it in latest],
            "tables": [_table(kind, found) for kind in here.activity_kinds if kind.places],
        }
    )


def _promise(it: Promise, of: Agreement) -> dict[str, object]:
    parties = [{"id": party.id, "name": party.name} for party in of.parties]
    return {"id": it.id, "heading": it.heading or it.text, "agreement": of.title, "parties": parties}


def _row(
    it: Activity, names: Mapping[str, str], promised: Mapping[UUID, Promise], by_id: Mapping[UUID, Agreement]
) -> dict[str, object]:
    promise = promised[it.promise]
    return {
        "id": it.id,
        "version": it.version,
        "promise": it.promise,
        "heading": promise.heading or promise.text,
        "said": [_said(each, names, by_id[promise.agreement]) for each in reversed(it.said)],
    }


def _said(it: Said, names: Mapping[str, str], of: Agreement) -> dict[str, object]:
    party = of.party(it.party)
    fields = ("kind", "first", "last", "party", "place_type", "partners", "counts", "told_by", "told_on", "may_publish")
    more = ("reason", "is_withdrawn", "entered_by", "entered_at")
    return {
        **{name: getattr(it, name) for name in (*fields, *more)},
        "kind_name": names.get(it.kind, it.kind),
        "party_name": party.name if party is not None else it.party,
        "words": [count_words(count) for count in it.counts],
    }


def _table(kind: ActivityKind, found: Sequence[Activity]) -> dict[str, object]:
    """`cells` by kind of place and month, from the first that was told of to the last; null where nobody has told.

    A nought that was told is a nought.
    """
    told = [it.now for it in found if it.now.kind == kind.id and not it.now.is_withdrawn]
    shown = months(it.first for it in told)
    rows = [{"place_type": place, "cells": [_sum(told, place, month) for month in shown]} for place in kind.places]
    return {"kind": kind.id, "name": kind.name, "unit": kind.unit, "months": shown, "rows": rows}


def _sum(told: Sequence[Said], place: str, month: date) -> int | None:
    here = [count.n for it in told if (it.first, it.place_type) == (month, place) for count in it.counts]
    return sum(here) if here else None


routes = [routing.route("/api/activities", every_activity, methods=["GET"], act=Act.KEEP_PROMISES)]
