"""A finding in any state, and how each operation on it is done when nothing is wrong."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from tests.domain.task_makers import ANOTHER_FINDING, FINDING, TASK, THE_WALK, TODAY, WALKER, an_id
from trygghetsvandring.domain import observations as rules
from trygghetsvandring.domain.observations import (
    DismissReason,
    Observation,
    ObservationState,
    Passage,
    Position,
    PositionSource,
)
from trygghetsvandring.domain.routing import Category, Kind

FRIDAY_EVENING = datetime(2026, 11, 20, 19, 41, tzinfo=UTC)
BEFORE_PHOTO = an_id(20)


def a_category(code: str = "bel.trasig", kind: Kind = Kind.FAULT, **changes: Any) -> Category:
    facts: dict[str, Any] = {
        "code": code,
        "name": code,
        "english": code,
        "kind": kind,
        "tile": "ljus",
        "urgent": False,
        "photo": kind is not Kind.SOCIAL,
        "default_department": "gata-park",
        "deadline_days": 10,
        "radius_m": 8,
    }
    return Category(**(facts | changes))


LAMP = a_category()
MUSIC = a_category("ljud.musik", Kind.SOCIAL, tile="ljud")
CABINET = a_category("el", urgent=True, tile="fara")
GOOD_LIGHT = a_category("bel.bra", Kind.POSITIVE, tile="bra")


def a_finding(state: ObservationState = ObservationState.RECEIVED, **changes: Any) -> Observation:
    facts: dict[str, Any] = {
        "id": FINDING,
        "version": 1,
        "number": "LK-28",
        "walk": THE_WALK,
        "device": WALKER.device,
        "stop": None,
        "category": "bel.trasig",
        "written_category": "bel.trasig",
        "kind": Kind.FAULT,
        "severity": 2,
        "text": "Mörkt nästan hela vägen.",
        "position": Position(lat=58.49503, lon=13.17665, accuracy_m=6, age_s=2, source=PositionSource.GPS),
        "place_words": "",
        "seen_at": FRIDAY_EVENING,
        "received_at": FRIDAY_EVENING,
        "photos": (BEFORE_PHOTO,),
        "state": state,
        "tasks": (TASK,) if state is ObservationState.LINKED else (),
        "merged_into": ANOTHER_FINDING if state is ObservationState.MERGED else None,
        "dismiss_reason": DismissReason.NOT_FOUND if state is ObservationState.NO_ACTION else None,
        "public_text": "Lampan lyste när vi kom." if state is ObservationState.NO_ACTION else "",
        "reviewed_on": None if state is ObservationState.RECEIVED else TODAY,
        "settled_on": TODAY if state is ObservationState.NO_ACTION else None,
    }
    return Observation(**(facts | changes))


TARGET = a_finding(ObservationState.REVIEWED, id=ANOTHER_FINDING, number="LK-31")


def review(found: Observation, category: Category | None = LAMP, **changes: Any) -> Observation:
    facts: dict[str, Any] = {
        "severity": 2,
        "note": "Sett igen." if found.state is ObservationState.NO_ACTION else "",
        "on": TODAY,
    }
    return rules.review(found, category=category, **(facts | changes))


def dismiss(found: Observation, **changes: Any) -> Observation:
    facts: dict[str, Any] = {
        "reason": DismissReason.ALREADY_FIXED,
        "public_text": "Det är redan lagat.",
        "on": date(2026, 11, 23),
    }
    return rules.dismiss(found, **(facts | changes))


# How every operation of the finding's machine is done.
HOW: Mapping[str, Callable[[Observation], Observation]] = {
    "observation.review": review,
    "observation.dismiss": dismiss,
    "observation.merge": lambda found: rules.merge(found, TARGET)[0],
    "observation.unmerge": lambda found: rules.unmerge(found, TARGET)[0],
    "observation.withhold": lambda found: rules.withhold(found, "Någon går att känna igen."),
    "observation.release": rules.release,
    "observation.withdraw": lambda found: rules.withdraw(found, WALKER.device, "Jag såg fel."),
    "task.link": lambda found: rules.link(found, an_id(50)),
    "task.unlink": lambda found: rules.unlink(found, TASK),
}


def named(passage: Passage) -> str:
    return f"{passage.operation}: {passage.start or 'nothing'} to {passage.end}"
