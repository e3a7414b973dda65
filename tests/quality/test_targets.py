"""A thumb hits it: 48 px for everything that can be pressed, 64 px for a field screen's one main action.

Excepted is a link inside a sentence: an inline link with other words beside it in the same paragraph. A label counts
with its field, and a link that spreads over its whole row counts as the row.
"""

import pytest

from tests.quality.screens import FALT, FIELD, SCREENS, Screen
from tests.quality.survey import Survey

TARGET, MAIN = 48, 64


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_everything_that_can_be_pressed_is_48_pixels(screen: Screen, seen: Survey) -> None:
    looked = seen[screen.name]

    assert looked.missing == ""
    small = [
        (target["name"], target["width"], target["height"])
        for target in looked.targets
        if not target["inSentence"] and min(target["width"], target["height"]) < TARGET
    ]
    assert small == []


@pytest.mark.parametrize("screen", FIELD + FALT, ids=lambda screen: screen.name)
def test_the_main_action_is_64_pixels_high(screen: Screen, seen: Survey) -> None:
    looked = seen[screen.name]

    assert looked.missing == ""
    heights = [(target["name"], target["height"]) for target in looked.targets if target["main"]]
    assert bool(heights) or not screen.main_action
    assert [(name, height) for name, height in heights if height < MAIN] == []
