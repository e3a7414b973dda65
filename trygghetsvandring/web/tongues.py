"""Tongues: the languages of the public pages, each a catalogue of texts beside this file.

A reader chooses by the address (`?sprak=en`), never by a header or a cookie: whatever keeps a page keeps one language
of it. What the municipality has typed stays in Swedish and says so (`typed`). Every text is escaped here, template and
value alike; only `Html` is put in as it is.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from starlette.requests import Request

from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.web.plain import Html, text

ASKED: Final = "sprak"
WORDS: Final = Path(__file__).parent / "public_words"
__all__ = ["ASKED", "SWEDISH", "TONGUES", "WORDS", "Html", "Tongue", "of"]

_FILLED_IN: Final = re.compile(r"\{([a-z]+)\}")
_ISOLATE: Final = "\u2068{}\u2069"  # in an attribute, where no element can tell one direction from the other


@dataclass(frozen=True, slots=True)
class Tongue:
    """`id` stands in the address, `tag` in the page (BCP 47). `name` is what those who read it call it."""

    id: str
    tag: str
    dir: str
    name: str
    words: Mapping[str, str]

    def __call__(self, key: str, **values: str | int) -> Html:
        """What stands between two tags. A value that is plain text was typed by the municipality, in Swedish."""
        return self._filled(key, values, f"<bdi{self.typed}>{{}}</bdi>" if self.typed else "{}")

    def plain(self, key: str, **values: str | int) -> Html:
        """The same for an attribute or a title, where there is no room for a tag."""
        return self._filled(key, values, _ISOLATE if self.typed else "{}")

    def _filled(self, key: str, values: Mapping[str, str | int], around: str) -> Html:
        def value(found: re.Match[str]) -> str:
            it = values[found[1]]
            return it if isinstance(it, Html) else str(it) if isinstance(it, int) else around.format(text(it))

        return Html(_FILLED_IN.sub(value, text(self.words[key])))

    @property
    def is_swedish(self) -> bool:
        """The words that the municipality types its own in."""
        return self.tag == "sv"

    @property
    def typed(self) -> Html:
        """Attributes for what the municipality has typed; none on a page in Swedish."""
        return Html("" if self.is_swedish else ' lang="sv"' + (' dir="ltr"' if self.dir == "rtl" else ""))

    def own(self, words: str) -> Html:
        """Words that the municipality has typed, within a line."""
        return Html(f"<bdi{self.typed}>{text(words)}</bdi>" if self.typed else text(words))

    def to(self, path: str, **asked: str) -> Html:
        """An address of ours in the same language, for an attribute."""
        chosen = [f"{name}={value}" for name, value in asked.items()]
        if not self.is_swedish:
            chosen.append(f"{ASKED}={self.id}")
        return Html(text(path + ("?" + "&".join(chosen) if chosen else "")))

    def day(self, at: datetime | date | None) -> Html:
        """ "20 november 2026", in Stockholm."""
        if at is None:
            return self("missing")
        on = at.astimezone(STOCKHOLM).date() if isinstance(at, datetime) else at
        return self("day", day=on.day, month=self(f"month.{on.month}"), year=on.year)

    def weekday(self, at: datetime) -> Html:
        return self(f"weekday.{at.astimezone(STOCKHOLM).isoweekday()}")


def _read(id: str, tag: str, name: str, dir: str = "ltr") -> Tongue:
    return Tongue(id=id, tag=tag, dir=dir, name=name, words=json.loads((WORDS / f"{id}.json").read_text()))


SWEDISH: Final = _read("sv", "sv", "Svenska")
TONGUES: Final = (
    SWEDISH,
    _read("latt", "sv-simple", "Lätt svenska"),
    _read("en", "en", "English"),
    _read("ar", "ar", "العربية", "rtl"),
)


def of(request: Request) -> Tongue:
    """The one asked for in the address; Swedish for any other."""
    asked = request.query_params.get(ASKED, "")
    return next((it for it in TONGUES if it.id == asked), SWEDISH)
