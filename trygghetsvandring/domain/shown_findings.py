"""What everybody reads of released findings together: how many stand how, and which hold the words looked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from trygghetsvandring.domain.open311_told import Shown
from trygghetsvandring.domain.promises import Mark
from trygghetsvandring.domain.replies import ReplyWord

PERIOD: Final = timedelta(days=365)
FEWEST_FOR_A_SHARE: Final = 5
LONGEST_SOUGHT: Final = 80
LAMPS: Final = (Mark.LIT, Mark.HALF, Mark.PLAN, Mark.NO)
_MARKS: Final[Mapping[ReplyWord, Mark]] = {
    ReplyWord.VERIFIED: Mark.LIT,
    ReplyWord.DONE: Mark.HALF,
    ReplyWord.PARTLY: Mark.HALF,
    ReplyWord.PARTLY_VERIFIED: Mark.HALF,
    ReplyWord.WONT_DO: Mark.NO,
    ReplyWord.NO_ACTION: Mark.NO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`counts` by mark. All came in from `first` to `last`. `is_all` False: there are more than were counted."""

    counts: Mapping[Mark, int]
    first: date
    last: date
    is_all: bool = True

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def share(self) -> int | None:
        """Whole per cent that are mended and seen on the spot; None of so few that one more or less is all of it."""
        return self.counts[Mark.LIT] * 100 // self.n if self.n >= FEWEST_FOR_A_SHARE else None


def mark(it: Shown) -> Mark:
    """Only what somebody has seen mended shines; all that is still to be done is one."""
    return _MARKS.get(it.word, Mark.PLAN) if it.word is not None else Mark.PLAN


def figures(shown: Iterable[Shown], first: date, last: date, *, is_all: bool) -> Figures:
    marks = [mark(it) for it in shown]
    return Figures(counts={each: marks.count(each) for each in LAMPS}, first=first, last=last, is_all=is_all)


def sought(raw: str) -> tuple[str, ...]:
    return tuple(raw[:LONGEST_SOUGHT].casefold().split())


def has(words: Sequence[str], *texts: str) -> bool:
    """Every word, anywhere, whatever its case."""
    among = "\n".join(texts).casefold()
    return all(word in among for word in words)
