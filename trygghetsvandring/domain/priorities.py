"""Priorities: what goes first, from where a thing was seen. The table is the municipality's; the first fit decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from trygghetsvandring.domain.places import distance_m

USUAL = 2
GAP_M = 60  # between two lamps of one row: the widest usual spacing along a path
SAME_LAMP_M = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedence:
    """An empty condition fits everything. `dark_lamps`: at least so many dark lamps in a row, 0 = does not matter."""

    tiles: tuple[str, ...] = ()
    place_types: tuple[str, ...] = ()
    severities: tuple[int, ...] = ()
    dark_lamps: int = 0
    priority: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    level: int  # 1 first
    because: str


CAME_WITH_US: tuple[Precedence, ...] = (
    Precedence(severities=(3,), priority=1, because="Det är en fara."),
    Precedence(dark_lamps=3, priority=1, because="Minst tre lampor i rad är släckta."),
    Precedence(tiles=("ljus",), place_types=("gangtunnel",), priority=1, because="Det är mörkt i en gångtunnel."),
    Precedence(
        tiles=("ljus", "sikt", "buskar"),
        place_types=("overgangsstalle", "korsning"),
        priority=1,
        because="Det är vid ett övergångsställe.",
    ),
    Precedence(
        severities=(2,), place_types=("lekplats", "skolgard", "forskola"), priority=1, because="Barn är ofta här."
    ),
    Precedence(severities=(0, 1), priority=3, because="Det är en mindre brist."),
)
"""What a municipality begins with; its own rule book says otherwise."""


def weigh(
    table: Sequence[Precedence], *, tile: str, place_type: str, severity: int | None, dark_lamps: int
) -> Priority:
    for row in table:
        fits = (
            (not row.tiles or tile in row.tiles)
            and (not row.place_types or place_type in row.place_types)
            and (not row.severities or severity in row.severities)
            and dark_lamps >= row.dark_lamps
        )
        if fits:
            return Priority(level=row.priority, because=row.because)
    return Priority(level=USUAL, because="")


def in_row(here: tuple[float, float], others: Collection[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where the dark lamps are that hang together with this one, also those that several have seen."""
    row, left, reached = list[tuple[float, float]](), set(others), [here]
    while reached:
        lamp = reached.pop()
        near = {other for other in left if distance_m(lamp, other) <= GAP_M}
        left -= near
        reached += sorted(near)
        row += sorted(near)
    return row


def lamps_in_row(here: tuple[float, float], others: Collection[tuple[float, float]]) -> int:
    """Dark lamps that hang together with this one, itself included; two who saw the same lamp count once."""
    row = [here]
    for other in in_row(here, others):
        if all(distance_m(other, each) > SAME_LAMP_M for each in row):
            row.append(other)
    return len(row)
