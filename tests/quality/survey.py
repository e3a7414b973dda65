"""One visit to every screen, once a test run. What was seen is plain data; each test file judges its part of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.journeys.house import CHROMIUM
from tests.quality.people import DESK, FLAGS, PEOPLE, PHONE, Person
from tests.quality.screens import SCREENS, Screen
from tests.quality.world import World

HERE = Path(__file__).parent
AXE = (HERE.parents[1] / "pwa" / "node_modules" / "axe-core" / "axe.min.js").read_text()
PROBES = (HERE / "probes.js").read_text()
THEMES = ("day", "dark", "red")
NARROW = 320
_AXE = """() => axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | ")}`))"""


@dataclass
class Seen:
    """`missing`: why it could not be looked at. Keys of `axe`, `contrast` and `frames` are "theme width"."""

    missing: str = ""
    axe: dict[str, list[str]] = field(default_factory=dict)
    contrast: dict[str, dict[str, Any]] = field(default_factory=dict)
    frames: dict[str, list[Any]] = field(default_factory=dict)
    targets: list[dict[str, Any]] = field(default_factory=list)
    reflow: dict[str, dict[str, Any]] = field(default_factory=dict)
    text: str = ""
    keys: list[str] = field(default_factory=list)


Survey = dict[str, Seen]


def survey(world: World, pictures: Path | None = None) -> Survey:
    seen: Survey = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for who in dict.fromkeys(screen.who for screen in SCREENS):
            mine = [screen for screen in SCREENS if screen.who == who]
            seen.update(_seen_by(who, mine, browser, world, pictures))
        browser.close()
    return seen


def _seen_by(who: str, screens: Iterable[Screen], browser: Browser, world: World, pictures: Path | None) -> Survey:
    try:
        person = PEOPLE[who](browser, world)
    except (AssertionError, Error) as error:
        return {screen.name: Seen(missing=f"{who} could not be made ready: {error}") for screen in screens}
    seen = {screen.name: _look(person, screen, world, pictures) for screen in screens}
    person.page.context.close()
    return seen


def _look(person: Person, screen: Screen, world: World, pictures: Path | None) -> Seen:
    seen = Seen()
    try:
        _open(person, screen, world)
        _in_themes(person.page, seen, screen, person.size, pictures)
        seen.targets = person.page.evaluate("look.targets()")
        words = person.page.evaluate("look.words()")
        seen.text, seen.keys = words["text"], words["keys"]
        _when_narrow_or_large(person, seen)
        other = PHONE if person.size is DESK else DESK
        _resize(person.page, other["width"], other["height"])
        _in_themes(person.page, seen, screen, other, pictures, themes=("day",))
    except (AssertionError, Error, KeyError) as error:
        seen.missing = f"{type(error).__name__}: {error}"
    _resize(person.page, person.size["width"], person.size["height"])
    return seen


def _open(person: Person, screen: Screen, world: World) -> None:
    page = person.page
    # A fresh document each time: going only to another fragment would keep the old one.
    page.goto("about:blank")
    page.goto(world.url + screen.path.format_map(person.ids))
    expect(page.locator("h1").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE)
    page.evaluate(PROBES)


def _in_themes(
    page: Page,
    seen: Seen,
    screen: Screen,
    size: dict[str, int],
    pictures: Path | None,
    themes: tuple[str, ...] = THEMES,
) -> None:
    for theme in themes:
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        key = f"{theme} {size['width']}"
        seen.axe[key] = page.evaluate(_AXE)
        seen.contrast[key] = page.evaluate("look.contrast()")
        seen.frames[key] = page.evaluate("look.frames()")
        if pictures is not None:
            page.screenshot(path=pictures / f"{screen.name.replace(' ', '-')}-{key.replace(' ', '-')}.png")
    page.evaluate("() => { document.documentElement.dataset.theme = 'day'; }")


def _when_narrow_or_large(person: Person, seen: Seen) -> None:
    page, size = person.page, person.size
    _resize(page, NARROW, size["height"])
    seen.reflow["320 px"] = page.evaluate("look.overflow(320)")
    _resize(page, size["width"], size["height"])
    page.evaluate("() => { document.documentElement.style.fontSize = '32px'; }")
    seen.reflow["200 % text"] = _overflow(page, size)
    if size is DESK:  # the desk is read on phones too
        seen.reflow["200 % text on a phone"] = _overflow(page, PHONE)
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")


def _overflow(page: Page, size: dict[str, int]) -> Any:
    # Chromium keeps answers to container queries in em when only the root's size changes; a person who has chosen large
    # text opens the page with it. One pixel to and fro asks them again.
    _resize(page, size["width"] - 1, size["height"])
    _resize(page, size["width"], size["height"])
    return page.evaluate(f"look.overflow({size['width']})")


def _resize(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
