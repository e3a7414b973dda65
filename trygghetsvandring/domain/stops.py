"""Stops: the places on a walk where the group stands still, and how it feels to stand there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.errors import Refused


class Feeling(StrEnum):
    SAFE = "safe"
    NEITHER = "neither"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    id: UUID
    number: int  # 1, 2, … as walked
    name: str
    place: str | None
    place_type: str
    lat: float
    lon: float
    radius_m: int
    template: str


class FeelingNotCounted(Refused):
    """An answer is either one person's own or a recorder's counts of people, never both and never less than nobody."""

    code = "feeling_not_counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeelingAnswer:
    """How it felt, before any fault was looked for. `counts` count people, never phones."""

    id: UUID
    version: int
    number: str
    walk: UUID
    stop: UUID
    device: UUID
    felt_at: datetime
    own: Feeling | None
    counts: dict[Feeling, int] | None


def people(own: Feeling | None, counts: dict[Feeling, int] | None) -> dict[Feeling, int]:
    """The answer as people per feeling; refuses what counts nobody or twice."""
    if (own is None) == (counts is None):
        raise FeelingNotCounted(reason="either own or counts")
    if own is not None:
        return {own: 1}
    assert counts is not None
    if any(n < 0 or n > 200 for n in counts.values()) or sum(counts.values()) == 0:
        raise FeelingNotCounted(reason="counts of nobody")
    return counts
