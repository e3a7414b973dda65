"""axe-core on every screen in three themes, at phone and desk width: nothing serious, nothing critical."""

import pytest

from tests.quality.screens import DESK, FALT, FIELD, PUBLIC, SCREENS, Screen, routes_in_source
from tests.quality.survey import THEMES, Survey


@pytest.mark.parametrize("surface", ["field", "falt", "desk", "public"])
def test_every_screen_the_router_knows_is_looked_at(surface: str) -> None:
    listed = {screen.route for screen in SCREENS if screen.surface == surface}

    assert listed == routes_in_source()[surface]


def test_each_list_is_a_surface() -> None:
    assert {screen.surface for screen in FIELD} == {"field"}
    assert {screen.surface for screen in FALT} == {"falt"}
    assert {screen.surface for screen in DESK} == {"desk"}
    assert {screen.surface for screen in PUBLIC} == {"public"}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_axe_finds_nothing_serious(screen: Screen, seen: Survey) -> None:
    looked = seen[screen.name]

    assert looked.missing == ""
    assert len(looked.axe) == len(THEMES) + 1
    assert {where: found for where, found in looked.axe.items() if found} == {}
