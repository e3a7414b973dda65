"""A walk that came to something: two stops, good things and faults, actions in every state worth telling."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.domain.finding_makers import a_finding
from tests.domain.task_makers import HANDLER, THE_WALK, a_task, an_id
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.minutes import Added, Sources
from trygghetsvandring.domain.observations import DismissReason, ObservationState
from trygghetsvandring.domain.photos import Belongs, Photo, PhotoOf, PhotoRole, PhotoState
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.stops import Feeling, FeelingAnswer, Stop
from trygghetsvandring.domain.tasks import Extent, TaskState
from trygghetsvandring.domain.walks import Recording, Walk

FRIDAY = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
TUNNEL, SCHOOL = an_id(301), an_id(302)
LAMP, HEDGE, GOOD, MUSIC, NOTHING, HELD, NEW, BETWEEN = (an_id(n) for n in range(310, 318))
LAMP_TASK, HEDGE_TASK, NO_TASK, SEEN_TASK = (an_id(n) for n in range(330, 334))
BEFORE, AFTER, NOT_CHOSEN = an_id(340), an_id(341), an_id(342)
SECRET_WORDS = "Grannen Kalle på tredje våningen"


def a_photo(id: UUID, **changes: Any) -> Photo:
    """Of a finding; the digest begins with the id's last letters."""
    facts: dict[str, Any] = {
        "version": 1,
        "of": Belongs(kind=PhotoOf.OBSERVATION, id=LAMP),
        "role": PhotoRole.BEFORE,
        "sha256": str(id)[-8:] * 8,
        "bytes": 400_000,
        "media_type": "image/jpeg",
        "width": 2048,
        "height": 1536,
        "masks": 0,
        "taken_at": FRIDAY,
        "device": an_id(360),
        "user": None,
        "organisation": None,
        "state": PhotoState.ACCEPTED,
    }
    return Photo(id=id, **(facts | changes))


def a_stop(id: UUID, number: int, name: str, lat: float, lon: float) -> Stop:
    return Stop(
        id=id,
        number=number,
        name=name,
        place=None,
        place_type="gangtunnel",
        lat=lat,
        lon=lon,
        radius_m=40,
        template="gangtunnel",
    )


def the_walk(**changes: Any) -> Walk:
    stops = (
        a_stop(TUNNEL, 1, "Gångtunneln vid Ösbyskolan", 58.49503, 13.17665),
        a_stop(SCHOOL, 2, "Skolgården", 58.49721, 13.18010),
    )
    facts: dict[str, Any] = {
        "id": THE_WALK,
        "version": 3,
        "name": "Margretelund i mörker",
        "place": "Margretelund",
        "starts_at": FRIDAY,
        "ends_at": FRIDAY + timedelta(hours=2),
        "leader": "Maria",
        "meeting_point": "Torget",
        "recording": Recording.OWN_PHONES,
        "night": False,
        "camera": True,
        "stops": stops,
        "participants": 12,
    }
    return Walk(**(facts | changes))


def feelings(stop: UUID, safe: int, neither: int, unsafe: int, first: int = 500) -> list[FeelingAnswer]:
    """One phone for each person."""
    words = [Feeling.SAFE] * safe + [Feeling.NEITHER] * neither + [Feeling.UNSAFE] * unsafe
    return [
        FeelingAnswer(
            id=an_id(first + at),
            version=1,
            number=f"LK-{first + at}",
            walk=THE_WALK,
            stop=stop,
            device=an_id(first + 200 + at),
            felt_at=FRIDAY,
            own=word,
            counts=None,
        )
        for at, word in enumerate(words)
    ]


def findings(text: str = "") -> list[Any]:
    linked, at_tunnel = ObservationState.LINKED, {"stop": TUNNEL, "text": SECRET_WORDS, "place_words": text}
    return [
        a_finding(linked, id=LAMP, number="LK-1", tasks=(LAMP_TASK, SEEN_TASK), photos=(BEFORE,), **at_tunnel),
        a_finding(linked, id=HEDGE, number="LK-2", category="sikt.vaxt", tasks=(HEDGE_TASK, NO_TASK), **at_tunnel),
        a_finding(
            ObservationState.NO_ACTION,
            id=GOOD,
            number="LK-3",
            category="bel.bra",
            kind=Kind.POSITIVE,
            stop=SCHOOL,
            moderated=text or "Fint upplyst väg hem.",
            dismiss_reason=DismissReason.POSITIVE,
            public_text="",
        ),
        a_finding(
            ObservationState.REVIEWED,
            id=MUSIC,
            number="LK-4",
            category="ljud.musik",
            kind=Kind.SOCIAL,
            stop=SCHOOL,
            text=SECRET_WORDS,
        ),
        a_finding(
            ObservationState.NO_ACTION, id=NOTHING, number="LK-5", stop=SCHOOL, public_text=text or "Redan lagat."
        ),
        a_finding(ObservationState.WITHHELD, id=HELD, number="LK-6", stop=SCHOOL, text=SECRET_WORDS),
        a_finding(ObservationState.RECEIVED, id=NEW, number="LK-7", stop=SCHOOL, text=SECRET_WORDS),
        a_finding(ObservationState.REVIEWED, id=BETWEEN, number="LK-8", category="skrap", text=SECRET_WORDS),
    ]


def tasks(text: str = "") -> list[Any]:
    title = {"title": text} if text else {}
    said = {"public_text": text} if text else {}
    return [
        a_task(TaskState.DONE, id=LAMP_TASK, number="Å-1", findings=(LAMP,), extent=Extent.PARTLY, **title, **said),
        a_task(TaskState.ACCEPTED, id=HEDGE_TASK, number="Å-2", findings=(HEDGE,), title=text or "Klipp häcken"),
        a_task(
            TaskState.WONT_DO,
            id=NO_TASK,
            number="Å-10",
            findings=(HEDGE,),
            title=text or "Flytta stigen",
            public_text=text or "Marken är inte vår.",
        ),
        a_task(
            TaskState.VERIFIED,
            id=SEEN_TASK,
            number="Å-3",
            findings=(LAMP,),
            extent=Extent.FULL,
            reopened=1,
            title=text or "Byt armatur",
            finished_by=HANDLER.function,
        ),
    ]


def added(text: str = "", **changes: Any) -> Added:
    facts: dict[str, Any] = {
        "reference": text or "KS 2026/412",
        "weather": text or "Mulet, 4 grader",
        "parties": (text or "Driftledare, Gata och park", "Förvaltare, AB Bostäder"),
        "purpose": text or "Gå vägen hem från skolan.",
        "summary": text or "Vägen är fin att gå. Tunneln behöver ljus.",
        "feedback": text or "Möte i skolans matsal den 15 december.",
        "next_walk_on": date(2027, 3, 12),
        "comments": {TUNNEL: text or "Alla stannade upp här."},
        "words": {LAMP: text or "Tre lampor är släckta."},
        "work": {LAMP_TASK: ("running", "small")},
        "photos": frozenset({BEFORE, AFTER}),
        "told": {},
    }
    return Added(**(facts | changes))


def sources(text: str = "", felt: Sequence[FeelingAnswer] | None = None, **changes: Any) -> Sources:
    """`text`: put into every field somebody can write in."""
    walk = the_walk()
    if text:
        stops = tuple(replace(stop, name=text) for stop in walk.stops)
        walk = replace(walk, name=text, place=text, stops=stops)
    earlier = replace(walk, id=an_id(900), starts_at=FRIDAY - timedelta(days=365), ends_at=FRIDAY)
    facts: dict[str, Any] = {
        "here": seed.lidkoping(),
        "walk": walk,
        "added": added(text),
        "observations": findings(text),
        "tasks": tasks(text),
        "feelings": feelings(TUNNEL, 5, 1, 6) + feelings(SCHOOL, 3, 0, 0, 700) if felt is None else felt,
        "photos": {LAMP: [a_photo(BEFORE, masks=2), a_photo(NOT_CHOSEN)], LAMP_TASK: [a_photo(AFTER, checked=True)]},
        "earlier": earlier,
        "earlier_tasks": [a_task(TaskState.VERIFIED, id=an_id(901), number="Å-0", title=text or "Byt lampa")],
    }
    return Sources(**(facts | changes))
