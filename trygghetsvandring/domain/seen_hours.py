"""When it was seen, as the work lists are split: by weekday and by two hours of the clock in Stockholm.

A slot is one number, the weekday (0 is Monday) times twelve plus the block of two hours (0 is 00-02). What was seen
before six in the morning belongs to the evening before: half past midnight on a Saturday is Friday, block 0.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.times import STOCKHOLM, evening_of

_DAYS, BLOCKS = 7, 12
HOURS = (*range(6, 24, 2), 0, 2, 4)
"""Where each block begins, in the order of a day that lasts from six to six."""


def slot_of(at: datetime) -> int:
    return evening_of(at).weekday() * BLOCKS + at.astimezone(STOCKHOLM).hour // 2


def slots_asked(text: str) -> tuple[int, ...]:
    """ "4" is all of Friday, "4-22" Friday 22-24. Nothing asked for is nothing; anything else is `Malformed`."""
    if not text:
        return ()
    day, _, hour = text.partition("-")
    if day not in map(str, range(_DAYS)) or (hour or "0") not in map(str, HOURS) or text.endswith("-"):
        raise Malformed(field="when")
    first = int(day) * BLOCKS
    return (first + int(hour) // 2,) if hour else tuple(range(first, first + BLOCKS))


def by_day(counted: Mapping[int, int]) -> list[list[int]]:
    """A row for each weekday, Monday first; a cell for each of `HOURS`."""
    return [[counted.get(day * BLOCKS + hour // 2, 0) for hour in HOURS] for day in range(_DAYS)]


def sums(days: Sequence[Sequence[int]]) -> list[int]:
    """How many each day, of what is in one cell alone."""
    return [sum(day) for day in days]


def together(counted: Iterable[tuple[int, int, int]]) -> tuple[dict[int, int], list[int]]:
    """(how many in each slot, how many each day), of what may be in several: it counts once in each, and once a day.

    `counted`: weekday, which of its blocks (a bit for each), and how many were seen in just those.
    """
    slots, days = Counter[int](), [0] * _DAYS
    for day, blocks, n in counted:
        days[day] += n
        slots.update({day * BLOCKS + block: n for block in range(BLOCKS) if blocks >> block & 1})
    return dict(slots), days
