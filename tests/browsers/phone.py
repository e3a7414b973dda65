"""A phone in either engine: its gestures by the words on the screen, and its IndexedDB read as it lies there."""

import base64
import io
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from PIL import Image
from playwright.sync_api import Error, Locator, Page, Request

from tests.journeys.proof import KINDS, Taken

_SCRIPTS = Path(__file__).parent / "phone.js"


class Screen(Protocol):
    """What a finger can do, and a function run in the page."""

    def go(self, url: str) -> None: ...
    def reload(self) -> None: ...
    def run(self, function: str, argument: object = None) -> Any: ...
    def press(self, words: str, *, exact: bool = True) -> None: ...
    def see(self, words: str, seconds: float = 60) -> None: ...
    def has(self, words: str) -> bool: ...
    def fill(self, selector: str, words: str) -> None: ...
    def choose_file(self, selector: str, file: Path) -> None: ...
    def url(self) -> str: ...


@dataclass
class Tab:
    """A tab of Chromium as a Screen."""

    page: Page
    _asked: dict[Request, float] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.page.on("request", self._is_asked)
        self.page.on("requestfinished", self._is_over)
        self.page.on("requestfailed", self._is_over)

    def _is_asked(self, it: Request) -> None:
        self._asked[it] = time.monotonic()

    def _is_over(self, it: Request) -> None:
        self._asked.pop(it, None)

    def go(self, url: str) -> None:
        self._asked.clear()
        try:
            self.page.goto(url)
        except Error as gone:
            now = time.monotonic()
            waits = [f"{it.method} {it.url} ({now - since:.0f} s)" for it, since in self._asked.items()]
            raise AssertionError(f"{url} never came; waits for {waits}: {gone.message}") from gone

    def reload(self) -> None:
        self.page.reload()

    def run(self, function: str, argument: object = None) -> Any:
        return self.page.evaluate(function, argument)

    def url(self) -> str:
        return self.page.url

    def press(self, words: str, *, exact: bool = True) -> None:
        self._named(words, exact).first.click(timeout=60_000)

    def has(self, words: str) -> bool:
        return self._named(words, True).count() > 0

    def see(self, words: str, seconds: float = 60) -> None:
        try:
            self.page.get_by_text(words).first.wait_for(timeout=seconds * 1_000)
        except Error as gone:
            shown = self.page.locator("body").inner_text()[:2_000]
            raise AssertionError(f"{words!r} is not on the screen at {self.page.url}:\n{shown}") from gone

    def fill(self, selector: str, words: str) -> None:
        self.page.locator(selector).first.fill(words)

    def choose_file(self, selector: str, file: Path) -> None:
        self.page.locator(selector).first.set_input_files(file)

    def _named(self, words: str, exact: bool) -> Locator:
        name = words if exact else re.compile("^" + re.escape(words))
        button = self.page.get_by_role("button", name=name, exact=exact)
        return button.or_(self.page.get_by_role("link", name=name, exact=exact))


@dataclass(frozen=True)
class Snapshot:
    """Everything in the phone's database. Photos' bytes are told by their digests."""

    drafts: list[dict[str, Any]]
    outbox: list[dict[str, Any]]
    photos: dict[str, dict[str, Any]]
    bytes: dict[str, str]
    meta: dict[str, Any]
    states: int
    version: int

    @property
    def taken(self) -> Taken:
        """What people said and photographed, whether it still is a draft or is on its way."""
        said = {}
        for kind in KINDS:
            here = {UUID(row["id"]): row["draft"] for row in self.drafts if row["kind"] == kind.draft}
            sent = [row["operation"] for row in self.outbox if row["operation"]["type"] == kind.operation]
            said[kind.table] = here | {UUID(operation["entity"]): operation["body"] for operation in sent}
        return Taken(photos=dict(self.bytes), said=said)

    @property
    def findings(self) -> dict[UUID, dict[str, Any]]:
        return self.taken.said["observations"]

    def misses(self, taken: Taken) -> list[str]:
        """What was said or photographed and no longer lies here with the same words and the same bytes."""
        here = self.taken
        lost = [f"photo {id}" for id, digest in taken.photos.items() if here.photos.get(id) != digest]
        for kind in KINDS:
            for id, said in taken.said[kind.table].items():
                found = here.said[kind.table].get(id)
                if found is None or any(found[name] != said[name] for name in (*kind.values, kind.time)):
                    lost.append(f"{kind.table} {id}")
        return lost

    def passages(self) -> Counter[str]:
        return Counter([row["passage"] for row in [*self.outbox, *self.photos.values()]])

    def is_received(self) -> bool:
        """Nothing is a draft, and the server has answered for every operation and every photo."""
        return self.drafts == [] and set(self.passages()) <= {"received"}


def _script(name: str) -> str:
    """The function of that name in phone.js, as an expression."""
    parts = re.split(r"^// --- (\w+)$", _SCRIPTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[name].strip().removesuffix(";")


@dataclass
class Phone:
    screen: Screen

    # ------------------------------------------------------------ what lies there
    def read(self, surface: str = "field") -> Snapshot:
        return Snapshot(**self.screen.run(_script("read"), f"trygg-{surface}"))

    def fills(self, findings: int, photos: int, *, size: int = 60_000, seed: int = 1) -> Taken:
        """Findings and photos as the app's own drafts, without the taps; the app is told that they are there."""
        pictures = [base64.b64encode(a_jpeg(size, seed * 1_000 + n)).decode() for n in range(photos)]
        self.screen.run(_script("fill"), {"findings": findings, "photos": pictures, "word": f"Mörkt {seed}"})
        taken = self.read().taken
        assert len(taken.photos) >= photos
        return taken

    def everything(self) -> dict[str, bytes]:
        """All that a page of this origin can reach, by where: databases, storages, caches, files of its own."""
        return {where: base64.b64decode(text) for where, text in self.screen.run(_script("everything"))}

    # ------------------------------------------------------------ gestures
    def joins(self, link: str | None = None, name: str = "Anna") -> None:
        """Without a link the invitation is on the screen already."""
        if link is not None:
            self.screen.go(link)
        self.screen.see("Ditt namn")
        self.screen.fill("input[name=alias], main input, form input", name)
        self.screen.press("Gå med")
        self.screen.see("Redo utan nät")
        self.waits(lambda: bool(self.screen.run(_script("isStored"))), "the app is not stored on the phone")

    def hands_in(self) -> None:
        self.screen.go(self.home + "lamna-in")
        self.screen.press("Lämna in")
        self.screen.see("Inlämnat. Tack!")

    @property
    def home(self) -> str:
        return "/".join(self.screen.url().split("/")[:3]) + "/"

    def hears_the_network(self) -> None:
        self.screen.run("async () => { dispatchEvent(new Event('online')); }")

    def waits(
        self, until: Callable[[], bool], otherwise: str, seconds: float = 90, also: Callable[[], None] = lambda: None
    ) -> None:
        """The page lives on meanwhile; `also` is done again and again."""
        deadline = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < deadline, otherwise
            also()
            time.sleep(0.05)
            self.screen.run("async () => new Promise((y) => setTimeout(y, 50))")

    def waits_until_received(self, seconds: float = 90, surface: str = "field") -> Snapshot:
        """Every pause is cut short, as by a person who looks at the phone now and then."""
        deadline = time.monotonic() + seconds
        while not (found := self.read(surface)).is_received():
            assert time.monotonic() < deadline, f"not received: {found.passages()} {found.meta.get('contact')}"
            self.hears_the_network()
            self.screen.run("async () => new Promise((y) => setTimeout(y, 300))")
        return found


def a_jpeg(size: int, seed: int) -> bytes:
    """Noise of about so many bytes: no two seeds give the same, and nothing makes it smaller."""
    side = max(32, int((size / 1.1) ** 0.5))
    picture = Image.frombytes("L", (side, side), random.Random(seed).randbytes(side * side))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=88)
    return out.getvalue()
