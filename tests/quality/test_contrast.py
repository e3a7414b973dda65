"""Text 7:1 and graphics 3:1 in day, dark and night-red: as promised by the tokens, and as drawn on the screens."""

import math

import pytest

from tests.quality.colours import Promise, phone_decides, promises, themes
from tests.quality.screens import SCREENS, Screen
from tests.quality.survey import Survey


@pytest.mark.parametrize("promise", promises(), ids=lambda it: f"{it.theme}-{it.colour}-on-{it.ground}")
def test_a_token_has_the_contrast_its_comment_promises(promise: Promise) -> None:
    assert promise.measured >= promise.needed
    assert math.floor(promise.measured * 10) / 10 == pytest.approx(promise.written)


def test_every_theme_promises_at_least_what_day_does_for_text() -> None:
    made: dict[str, set[tuple[str, str]]] = {}
    for promise in promises():
        if promise.needed > 3:
            made.setdefault(promise.theme, set()).add((promise.colour, promise.ground))

    assert made["dark"] == made["red"] == made["day"]


def test_a_phone_that_decides_for_itself_gets_the_dark_theme_whole() -> None:
    assert phone_decides() == themes()["dark"]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_all_text_on_the_screen_is_at_least_seven_to_one(screen: Screen, seen: Survey) -> None:
    looked = seen[screen.name]

    assert looked.missing == ""
    for where, found in looked.contrast.items():
        print(f"{where}: {found['texts']} texts, lowest {found['lowest'][:1]}")
        assert found["texts"] > 0
        assert found["under7"] == []


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_what_can_be_pressed_or_written_in_has_an_edge_of_three_to_one(screen: Screen, seen: Survey) -> None:
    looked = seen[screen.name]

    assert looked.missing == ""
    assert {where: found for where, found in looked.frames.items() if found} == {}
