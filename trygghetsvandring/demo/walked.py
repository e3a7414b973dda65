"""A walk that has been, for who wants to see what comes after one: what three phones handed in, and what became of it.

Everything goes through the one door, each act at the hour when somebody would have done it. Nothing here is about a
real evening, and no finding has a photo.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.domain.weeks import week_at

Do = Callable[[str, UUID, dict[str, Any], datetime, Principal], Awaitable[None]]
ROUTE = ("nya-stadens-torg", "stadstradgarden", "esplanadteatern", "folkets-hus", "stadsbiblioteket")
_NORTH_M = 1 / 111_320


@dataclass(frozen=True, slots=True)
class _Seen:
    phone: int
    stop: int
    category: str
    severity: int | None
    text: str
    north_m: int = 0


_SEEN = (
    _Seen(0, 0, "bel.trasig", 2, "Två lampor är släckta på torgets norra sida.", 22),
    _Seen(1, 0, "bel.trasig", 2, "Det är mörkt vid bänkarna mot norr.", 25),
    _Seen(0, 0, "ljud.musik", None, "Hög musik från bilar, ungefär tjugo minuter."),
    _Seen(2, 1, "sikt.vaxt", 1, "Häcken skymmer gångvägen vid dammen.", -14),
    _Seen(1, 1, "bel.svag", 2, "Svagt ljus längs hela gången.", 30),
    _Seen(2, 2, "bra", None, "Många ute efter teatern. Det kändes bra."),
    _Seen(0, 2, "klotter", 1, "Klotter på väggen mot gården.", 9),
    _Seen(1, 3, "skrap", 1, "Full papperskorg vid entrén.", 6),
    _Seen(2, 3, "mobler", 1, "En bräda är lös på bänken.", -11),
    _Seen(0, 4, "gc.yta", 2, "Ett hål i gångbanan, lätt att snubbla på.", 17),
    _Seen(1, 4, "ens.ode", None, "Ödsligt bakom biblioteket efter stängning."),
)
_FELT = (("safe", "unsafe", "unsafe"), ("neither", "unsafe", "neither"), ("safe", "safe", "neither"))
_BECAME = {
    "light": ("Byt två lampor på torget", (0, 1), 1),
    "hedge": ("Klipp häcken vid dammen", (3,), 3),
    "path": ("Mer ljus längs gången", (4,), 2),
    "bin": ("Töm papperskorgen vid Folkets Hus", (7,), 3),
    "bench": ("Laga bänken vid Folkets Hus", (8,), 3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    coordinator: Principal
    handler: Principal
    head: Principal


async def load(
    here: Municipality,
    now: datetime,
    people: People,
    plan: dict[str, Any],
    joining: Callable[[UUID], Awaitable[UUID]],
    do: Do,
) -> None:
    """`plan`: a walk of `ROUTE`'s stops. `joining` gives a walk's open invite. The evening is a Friday of last week."""
    friday = week_at(now).after(-1).evenings[4]
    walk = uuid7()
    await _planned(walk, plan, friday, people, do)
    phones = await _joined(here, walk, await joining(walk), friday, do)
    found = await _handed_in(walk, plan["stops"], phones, friday, do)
    await _became(found, friday, now, people, do)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), STOCKHOLM)


async def _planned(walk: UUID, plan: dict[str, Any], friday: date, people: People, do: Do) -> None:
    told = at(friday - timedelta(days=4), 10)
    hours = {"starts_at": at(friday, 19).isoformat(), "ends_at": at(friday, 21).isoformat()}
    await do("walk.plan", walk, plan | hours, told, people.coordinator)
    await do("walk.invite", walk, {"cap": 25}, told, people.coordinator)


async def _joined(here: Municipality, walk: UUID, invite: UUID, friday: date, do: Do) -> list[Principal]:
    stranger = Principal(municipality=here.id, role=Role.WALKER, walk=walk, function="En som gick")
    phones = []
    for n, alias in enumerate(("Kim", "Sam", "")):
        device = uuid7()
        body = {
            "device": device,
            "invite": invite,
            "token_hash": digest(str(uuid7())),
            "alias": alias,
            "language": "sv",
        }
        await do("walk.join", walk, body, at(friday, 18, 50 + n), stranger)
        phones.append(replace(stranger, device=device))
    return phones


async def _handed_in(
    walk: UUID, stops: Sequence[dict[str, Any]], phones: Sequence[Principal], friday: date, do: Do
) -> list[UUID]:
    in_hand = at(friday, 21, 5)
    for phone, feelings in zip(phones, _FELT, strict=True):
        for n, own in enumerate(feelings):
            felt = {
                "walk": walk,
                "stop": stops[n]["id"],
                "felt_at": at(friday, 19, 5 + 20 * n),
                "own": own,
                "counts": None,
            }
            await do("feeling.answer", uuid7(), felt, in_hand, phone)
    found = []
    for n, seen in enumerate(_SEEN):
        stop, id = stops[seen.stop], uuid7()
        there = {"lat": stop["lat"] + seen.north_m * _NORTH_M, "lon": stop["lon"], "accuracy_m": 8.0, "age_s": 2.0}
        body = {
            "walk": walk,
            "stop": stop["id"],
            "category": seen.category,
            "severity": seen.severity,
            "text": seen.text,
            "position": there | {"source": "gps"},
            "place_words": "",
            "seen_at": at(friday, 19, 5) + timedelta(minutes=10 * n),
            "photos": [],
        }
        await do("observation.record", id, body, in_hand, phones[seen.phone])
        found.append(id)
    for phone in phones:
        await do("walk.hand_in", walk, {"walk": walk, "first_seq": 0, "last_seq": 0, "items": 0}, in_hand, phone)
    return found


async def _became(found: Sequence[UUID], friday: date, now: datetime, people: People, do: Do) -> None:
    """Sorted but for the last; five tasks, each somewhere else on its way. Never later than now."""
    coordinator, handler = people.coordinator, people.handler
    monday = min(at(friday + timedelta(days=3), 9), now)

    for id, seen in zip(found[:-2], _SEEN[:-2], strict=True):
        review = {"category": seen.category, "severity": seen.severity, "note": ""}
        await do("observation.review", id, review, monday, coordinator)
    tasks = {}
    for name, (title, which, priority) in _BECAME.items():
        tasks[name] = uuid7()
        made = {"title": title, "observations": [found[n] for n in which], "priority": priority}
        await do("task.create", tasks[name], made, monday, coordinator)
        unit = {"department": "gata-park", "explanation": "Gator, torg och parker sköter Gata och park."}
        due = {"due_on": friday + timedelta(days=24)}
        await do("task.assign", tasks[name], unit | due, monday, coordinator)
    for name in ("light", "hedge", "path", "bin"):
        await do("task.accept", tasks[name], {"person": "Driftlaget"}, monday, handler)
    await do(
        "task.plan",
        tasks["hedge"],
        {"planned_on": now.astimezone(STOCKHOLM).date() + timedelta(days=6)},
        monday,
        handler,
    )
    waits = {
        "reason": "parts",
        "public_text": "Vi har beställt en starkare lampa.",
        "next_look_on": friday + timedelta(days=20),
    }
    await do("task.wait", tasks["path"], waits, monday, handler)
    for name, words in (
        ("light", "Båda lamporna är bytta."),
        ("bin", "Papperskorgen är tömd och står på veckans runda."),
    ):
        await do("task.finish", tasks[name], {"extent": "full", "public_text": words}, monday, people.head)
    seen_there = {"seen": "Samordnaren har varit där.", "seen_on": monday.astimezone(STOCKHOLM).date()}
    await do("task.verify", tasks["bin"], seen_there, monday, coordinator)
