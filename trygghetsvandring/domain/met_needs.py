"""Met needs: the places and hours that a promise's commitments go to, and what everybody reads of them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MetNeed:
    """One place at two hours of one day of the week, and the commitment that meets it. `place` "": the area."""

    area: str
    place: str
    weekday: int  # Monday is 0
    block: int
    commitment: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNeeds:
    """`rows`: as `lagesbild` says it to everybody; without one nothing is told. `met`: each commitment in words."""

    lagesbild: UUID | None
    source: str
    rows: tuple[str, ...]
    met: tuple[str, ...]
