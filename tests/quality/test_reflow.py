"""Nothing scrolls sideways and no word is cut: 320 px wide, and with the reader's text at 200 %."""

import pytest

from tests.quality.screens import SCREENS, Screen
from tests.quality.survey import NARROW, Survey


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_320_pixels_wide_scrolls_only_downwards(screen: Screen, seen: Survey) -> None:
    looked = seen[screen.name]

    assert looked.missing == ""
    assert looked.reflow["320 px"] == {"page": NARROW, "cut": [], "wide": []}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_text_at_200_per_cent_is_all_there(screen: Screen, seen: Survey) -> None:
    looked = seen[screen.name]

    assert looked.missing == ""
    found = {at: (of["cut"], of["wide"]) for at, of in looked.reflow.items() if at.startswith("200 %")}
    assert found == dict.fromkeys(found, ([], []))
    assert found
