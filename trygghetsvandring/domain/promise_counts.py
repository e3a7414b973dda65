"""Promise counts: a number from its owner, and what everybody may read of it.

    Refused
    └── CountNotPossible   of nothing, more than there are, or people counted as things: the `field`

People are the answer when nobody has said otherwise: a few of them must never be read, or worked out.
"""

from collections.abc import Collection
from dataclasses import dataclass

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.presence import FEW_WORDS
from trygghetsvandring.domain.tasks import public_safe

LONGEST_UNIT = 40
FEW = 5
_PEOPLE = frozenset({"unga", "vuxna", "män", "boende", "barn"})
_OF_PEOPLE = (
    *("personer", "människor", "elever", "barn", "ungdomar", "kvinnor", "flickor", "pojkar", "deltagare", "besökare"),
    *("föräldrar", "vårdnadshavare", "invånare", "medborgare", "brottsoffer", "klienter", "nattvandrare", "familjer"),
    *("killar", "tjejer", "grabbar", "samtal", "orosanmälningar", "placeringar"),
)
"""How the words end by which people are counted, or what is done with one person at a time."""


class CountNotPossible(Refused):
    code = "count_not_possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number from its owner: "12 av 12 klasser". `are_people`: shown so that no few can be read or worked out."""

    n: int
    of: int | None = None
    unit: str
    are_people: bool = True

    @property
    def is_of_people(self) -> bool:
        """Whatever was said of it: a box that nobody ticked does not make pupils into things."""
        words = self.unit.lower().replace(",", " ").split()
        return self.are_people or any(word in _PEOPLE or word.endswith(_OF_PEOPLE) for word in words)


def must_be_possible(it: Count, *, is_yearly: bool) -> None:
    if it.n < 0 or (it.of is not None and it.n > it.of) or not it.unit.strip() or len(it.unit) > LONGEST_UNIT:
        raise CountNotPossible(field="count")
    public_safe(it.unit)
    if it.is_of_people != it.are_people or (is_yearly and not it.are_people):
        raise CountNotPossible(field="are_people")
    if it.are_people and it.of is not None:
        raise CountNotPossible(field="of")  # n of m tells how many are left, and they may be few


def public_words(it: Count, things: Collection[str] = ()) -> str:
    """As everybody reads it: few are never exact, and never worked out from how many there are in all.

    `things`: units that the municipality has said are no people; of those it may be read how many are left.
    """
    if it.is_of_people:
        return count_words(it)
    n = FEW_WORDS if 0 < it.n < FEW else str(it.n)
    tells_few = it.of is not None and 0 < it.of - it.n < FEW and it.unit not in things
    words = f"{n} {it.unit}" if it.of is None or tells_few else f"{n} av {it.of} {it.unit}"
    return words[:1].upper() + words[1:]


def count_words(it: Count) -> str:
    """People are never few, and never exact: rounded to tens, so that two readings do not tell a handful apart."""
    if it.is_of_people:
        return f"{people_words(it.n)} {it.unit}"
    return f"{it.n} av {it.of} {it.unit}" if it.of is not None else f"{it.n} {it.unit}"


def people_words(n: int) -> str:
    return FEW_WORDS.capitalize() if n < FEW else f"Runt {max(10, (n + 5) // 10 * 10)}"
