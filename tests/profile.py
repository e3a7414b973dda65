"""How hard the tests try: `TRYGG_PROFILE=quick|ci|night`. Quick at the keyboard, ci in `make test`, night for hours."""

import os
from typing import TypeVar

T = TypeVar("T")

NAMES = ("quick", "ci", "night")


def name() -> str:
    chosen = os.environ.get("TRYGG_PROFILE", "quick")
    if chosen not in NAMES:
        raise ValueError(f"TRYGG_PROFILE is {chosen!r}, one of {', '.join(NAMES)} is needed")
    return chosen


def pick(*, quick: T, ci: T, night: T) -> T:
    """The value for the profile at hand: how many schedules, kills or rounds a test runs."""
    return {"quick": quick, "ci": ci, "night": night}[name()]
