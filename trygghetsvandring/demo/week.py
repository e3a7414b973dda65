"""Two EST weeks as the demo loads them: what parties have counted, last week's decisions, and where to be next.

Only counts: nobody has walked here yet, so every cell says that it was told and that nobody was out.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from trygghetsvandring.domain.ids import est_week_id, uuid7
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.weeks import Week, week_at

Do = Callable[[str, UUID, dict[str, Any]], Awaitable[None]]
_BY = {
    "polisen": "Kommunpolis",
    "ab-bostader": "Bovärd",
    "butik-torget": "Butikschef",
    "nattvandrarna": "Passledare",
}
# party, place, day of the week, hour, category, how many
_BEFORE = (
    ("polisen", "stadstradgarden", 4, 22, "motor", 6),
    ("polisen", "nya-stadens-torg", 4, 23, "ljud.musik", 3),
    ("ab-bostader", "margretelund", 2, 20, "skrap", 2),
    ("butik-torget", "nya-stadens-torg", 5, 18, "ordning.saml", 2),
)
_LAST = (
    ("polisen", "nya-stadens-torg", 4, 22, "motor", 5),
    ("polisen", "nya-stadens-torg", 5, 23, "motor", 7),
    ("polisen", "stadstradgarden", 4, 21, "motor", 1),
    ("nattvandrarna", "nya-stadens-torg", 4, 21, "ljud.musik", 4),
    ("nattvandrarna", "parken", 5, 22, "alkohol", 2),
    ("ab-bostader", "margretelund", 3, 19, "skrap", 3),
    ("ab-bostader", "parkeringen", 4, 23, "trafik.fart", 2),
    ("butik-torget", "nya-stadens-torg", 5, 18, "ordning.saml", 3),
    ("butik-torget", "nya-stadens-torg", 2, 17, "ordning.saml", 1),
)
_DECIDED = (
    ("Stå kvar på torget till klockan ett på fredag", "nattvandrarna", "nya-stadens-torg"),
    ("Titta på farten vid parkeringen", "polisen", "parkeringen"),
)


async def load(here: Municipality, now: datetime, do: Do) -> None:
    last = week_at(now).after(-1)
    for week, counts in ((last.after(-1), _BEFORE), (last, _LAST)):
        for count in counts:
            await do("est.count", _id(here, week), _count(week, now, *count))
    await _meeting(here, last.after(-1), now, do)
    await do("est.review", _id(here, last), {"week": str(last)})


def _id(here: Municipality, week: Week) -> UUID:
    return est_week_id(here.id, str(week))


def _count(week: Week, now: datetime, party: str, place: str, day: int, hour: int, category: str, n: int) -> Any:
    told = {"party": party, "told_by": _BY[party], "told_on": day_of(now), "area": "Lidköping", "place": place}
    when = {"evening": week.evenings[day], "hour": hour}
    which = {"vehicles": [{"vehicle": "a_tractor", "band": "6-15"}]} if category == "motor" else {}
    return {"week": str(week), "count": uuid7(), **told, **when, "category": category, "n": n, **which}


async def _meeting(here: Municipality, week: Week, now: datetime, do: Do) -> None:
    id, today = _id(here, week), day_of(now)
    about = {"week": str(week)}
    present = ["Trygghetssamordnare", *_BY.values(), "Fältsekreterare"]
    await do("est.meet", id, about | {"met_on": today, "present": present})
    for text, owner, place in _DECIDED:
        decided = {"decision": uuid7(), "text": text, "owner": owner, "place": place}
        await do("est.decide", id, about | decided | {"due_on": today + timedelta(days=7)})
    friday = {"place": "nya-stadens-torg", "evening": week.after(1).evenings[4], "from_hour": 21, "to_hour": 1}
    places = [friday | {"owner": "nattvandrarna", "why": "Mest körning och musik där."}]
    await do("est.next", id, about | {"places": places})
    await do("est.review", id, about)
