"""Stråk: what lies on one is worked out; lamps are told as they were seen in the dark, before and now."""

from dataclasses import replace
from datetime import date, datetime
from math import cos, radians
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.promise_makers import a_promise, a_task, a_walk, an_agreement, local
from trygghetsvandring.demo.seed import lidkoping
from trygghetsvandring.domain.evidence import Evidence, Sources, evidence
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.promise_words import shown
from trygghetsvandring.domain.promises import EvidenceKind, Shown
from trygghetsvandring.domain.stops import Stop
from trygghetsvandring.domain.stretch_lamps import StretchLamps
from trygghetsvandring.domain.stretches import Stretch, box_of, broken_stretches, stretch_at
from trygghetsvandring.domain.tasks import Confirmation, Extent, SeenThere, Task, TaskState
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.web import folj_stretches
from trygghetsvandring.web.tongues import SWEDISH

OF, TODAY, S = an_agreement(), date(2026, 11, 20), TaskState
NORTH, EAST = 1 / 111_195, 1 / (111_195 * cos(radians(58.5)))  # a metre, in degrees
PATH = Stretch(id="stigen", name="Stigen", line=((58.5, 13.0), (58.5 + 100 * NORTH, 13.0)))
SQUARE = Stretch(id="torget", name="Torget", line=((58.5, 13.0 + 50 * EAST), (58.5, 13.0 + 150 * EAST)))
DARK, DAY = local("2025-10-20 20:00"), local("2025-10-20 12:00")


@pytest.mark.parametrize(
    ("north", "east", "on"),
    [
        (50, 29, PATH),
        (50, 31, None),
        (129, 0, PATH),
        (131, 0, None),
        (0, 24, PATH),  # between both, and nearer to this one
        (0, 26, SQUARE),
    ],
)
def test_a_lamp_lies_on_the_nearest_stretch_within_its_reach(north: float, east: float, on: Stretch | None) -> None:
    assert stretch_at((PATH, SQUARE), (58.5 + north * NORTH, 13.0 + east * EAST)) is on
    assert stretch_at((PATH, SQUARE), None) is None


@given(st.floats(-200, 300), st.floats(-200, 300), st.sampled_from([PATH, SQUARE]))
def test_what_lies_on_a_stretch_lies_in_its_box(north: float, east: float, it: Stretch) -> None:
    lat, lon = 58.5 + north * NORTH, 13.0 + east * EAST
    box = box_of(it)

    if stretch_at((it,), (lat, lon)) is it:
        assert box.south <= lat <= box.north
        assert box.west <= lon <= box.east


@pytest.mark.parametrize(
    "wrong",
    [
        {"line": ((58.5, 13.0),)},
        {"line": ((58.5, 13.0), (58.5, 13.0))},
        {"line": ((58.5, 13.0), (float("nan"), 13.0))},
        {"line": ((58.5, 13.0), (90.0, 13.0))},
        {"name": " "},
        {"reach_m": 0},
        {"id": "torget"},
    ],
)
def test_a_stretch_that_could_not_be_asked_for_is_refused(wrong: dict[str, object]) -> None:
    assert broken_stretches((PATH, SQUARE)) == broken_stretches(lidkoping().stretches) == []
    assert broken_stretches((replace(PATH, **wrong), SQUARE))  # type: ignore[arg-type]


# ---------------------------------------------------------------- its lamps


def a_lamp(*history: tuple[str, TaskState], seen_lit: datetime | None = None, **changes: object) -> Task:
    answer = seen_lit and Confirmation(device=None, seen=SeenThere.GOOD, seen_on=None, at=seen_lit, in_the_dark=True)
    given = {"lat": 58.5, "lon": 13.0, "confirmations": (answer,) if answer else ()}
    return a_task(*history, **given | changes)


def lamps(*tasks: tuple[Task, datetime], walks: tuple[Walk, ...] = ()) -> StretchLamps:
    """The path's, as the promise's evidence has them. Each task with when its finding was seen."""
    return evidence_of(*tasks, walks=walks).stretches[0]


def evidence_of(*tasks: tuple[Task, datetime], walks: tuple[Walk, ...] = ()) -> Evidence:
    promise = a_promise(OF, evidence=EvidenceKind.STREET, tiles=("ljus",))
    seen: dict[UUID, tuple[datetime, ...]] = {task.id: (at,) for task, at in tasks}
    found = Sources(tasks=[task for task, _ in tasks], seen=seen, stretches=(PATH, SQUARE), walks=walks)
    return evidence(promise, OF, found, TODAY)[0]


MENDED = (("2025-10-21", S.ASSIGNED), ("2025-11-01", S.DONE))
SEEN = (*MENDED, ("2025-11-05", S.VERIFIED))
LIT, LATER = local("2025-11-05 20:00"), local("2026-01-02 20:00")


@pytest.mark.parametrize(
    ("task", "seen", "light"),
    [
        (a_lamp(*SEEN, seen_lit=LIT), DARK, "lit"),
        (a_lamp(*MENDED), DARK, "half"),
        (a_lamp(*SEEN), DARK, "half"),  # somebody has been there, and nobody says that it was dark
        (a_lamp(*SEEN, seen_lit=LIT, reopen_proposed=True), DARK, "half"),
        (a_lamp(*SEEN, seen_lit=LIT, extent=Extent.PARTLY), DARK, "half"),
        (a_lamp(("2025-10-21", S.PLANNED)), DARK, "dark"),
        (a_lamp(("2025-10-21", S.ACCEPTED), ("2025-10-22", S.WONT_DO)), DARK, "dark"),
        (a_lamp(("2022-10-21", S.ASSIGNED)), local("2022-10-20 20:00"), "dark"),  # dark since before the promise
        (a_lamp(*SEEN, seen_lit=LIT), DAY, "missing"),
        (a_lamp(*MENDED, ("2026-01-02", S.VERIFIED), seen_lit=LATER), DARK, "half"),  # after its time
        (a_lamp(("2026-01-02", S.ASSIGNED)), DARK, None),
        (a_lamp(("2023-10-21", S.DONE), ("2023-10-22", S.VERIFIED)), DARK, None),
        (a_lamp(*MENDED, retracted=True), DARK, None),
        (a_lamp(*MENDED, tile="skrap"), DARK, None),
        (a_lamp(*MENDED, lat=58.6), DARK, None),
    ],
)
def test_a_lamp_is_told_as_it_was_on_the_last_day(task: Task, seen: datetime, light: str | None) -> None:
    found = lamps((task, seen))

    assert {name: getattr(found, name) for name in ("lit", "half", "dark", "missing") if getattr(found, name)} == (
        {light: 1} if light else {}
    )


def test_a_lamp_seen_by_day_is_no_before_and_no_now() -> None:
    answer = Confirmation(device=None, seen=SeenThere.GOOD, seen_on=None, at=LIT)  # as all were kept before
    by_day = a_lamp(*SEEN, confirmations=(answer,))

    assert lamps((by_day, DARK)).half == 1
    assert (lamps((a_lamp(*SEEN, seen_lit=LIT), DAY)).before, lamps((by_day, DARK)).before) == (0, 1)


def a_stop(starts: str) -> Walk:
    spot = Stop(
        id=uuid7(), number=1, name="Stigen", place=None, place_type="", lat=58.5, lon=13.0, radius_m=40, template=""
    )
    return replace(a_walk(starts), stops=(spot,))


def test_where_nobody_has_gone_in_the_dark_nothing_is_said_and_never_nought() -> None:
    light, dark = a_stop("2025-10-20 13:00"), a_stop("2025-10-20 20:00")

    assert not lamps(walks=(light,)).is_told
    assert (lamps(walks=(dark, a_stop("2025-10-20 20:30"))).evenings, lamps(walks=(dark,)).is_told) == (1, True)
    assert folj_stretches.words(SWEDISH, lamps()).startswith("Uppgift saknas.")
    assert folj_stretches.words(SWEDISH, lamps(walks=(dark,))) == "Ingen mörk lampa. Kvällar då vi gick här: 1."


def of_shown(*tasks: tuple[Task, datetime]) -> Shown:
    promise = a_promise(OF, evidence=EvidenceKind.STREET, tiles=("ljus",))
    return shown(promise, OF, evidence_of(*tasks), Evidence(), lambda unit: unit or "")


def test_lamps_words_and_table_say_the_same() -> None:
    states = [a_lamp(*SEEN, seen_lit=LIT), a_lamp(*MENDED), a_lamp(("2025-10-21", S.PLANNED))]
    it = of_shown(*((task, DARK) for task in states), (a_lamp(*MENDED), DAY))
    html = folj_stretches.section(SWEDISH, uuid7(), it, {})
    drawn = html.partition('<div class="five"')[2].partition("</div>")[0]

    assert [drawn.count(f'"#{name}"') for name in ("l-lit", "l-half", "l-off", "i-circle-question-mark")] == [1] * 4
    words = "Före, mörka lampor: 3. Efter, lyser: 1. Efter, lyser halvt: 1. Efter, mörka: 1. Bara sedda i dagsljus"
    assert html.count(words) == 2  # the picture's and the reader's
    rows = html.partition("<tbody>")[2]
    assert "Stigen</th><td>–</td><td>3</td><td>1</td><td>1</td><td>1</td><td>1</td>" in rows
    assert "Torget</th><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td>" in rows
    assert "0 av 2 stråk lyser helt. Uppgift saknas om 1." in html
    nobody = replace(it, stretches=tuple(each for each in it.stretches if not each.is_told))
    assert "<b>Uppgift saknas om 1.</b>" in folj_stretches.section(SWEDISH, uuid7(), nobody, {})
    assert folj_stretches.section(SWEDISH, uuid7(), replace(it, stretches=()), {}) == ""
