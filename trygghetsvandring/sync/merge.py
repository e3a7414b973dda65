"""Three-way merge of one entity, field by field. Pure; `domain/conflicts.py` says what is at stake in each field.

`seen` is what the writer had before them, `current` what is here now, `decided` what the rule made of `current`.
A field the writer did not change keeps what is here; one that only the writer changed is taken; one that both changed,
differently, is a `Clash`, and the writer, who arrived last, stands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from trygghetsvandring.domain.conflicts import STAKES, TOGETHER, Stake

E = TypeVar("E")
ABSENT: Any = None
_NOT_MERGED = frozenset({Stake.FIXED, Stake.RULE, Stake.COUNT, Stake.TRAIL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """`element` and `part` name one stop of a walk and its field. `ABSENT` = the element is not there."""

    field: str
    element: Any = None
    part: str | None = None
    stake: Stake
    seen: Any
    first: Any
    second: Any


def three_way(seen: E, current: E, decided: E) -> tuple[E, list[Clash]]:
    """The merged entity and where both had changed the same; fields that rules build up stay as decided."""
    stakes = STAKES[type(seen)]
    merged: dict[str, Any] = {}
    clashes: list[Clash] = []
    for names in _groups(type(seen), stakes):
        was, now, then = (tuple(getattr(it, name) for name in names) for it in (seen, current, decided))
        stake = stakes[names[0]]
        if stake is Stake.ELEMENTS and all(isinstance(values[0], tuple) for values in (was, now, then)):
            merged[names[0]], inner = _elements(names[0], was[0], now[0], then[0])
            clashes += inner
        elif then in (was, now):  # not meant to change, or both want the same
            merged |= zip(names, now, strict=True)
        elif now != was:
            clashes += _clashes(names, stake, was, now, then)
    return replace(decided, **merged), clashes  # type: ignore[type-var]


def _groups(kind: type[Any], stakes: Mapping[str, Stake]) -> Iterable[tuple[str, ...]]:
    """The fields to be merged, each alone or with those it means nothing without."""
    bound = [tuple(sorted(names)) for names in TOGETHER.get(kind, ())]
    alone = [name for name in stakes if not any(name in names for names in bound)]
    return [*((name,) for name in alone if stakes[name] not in _NOT_MERGED), *bound]


def _clashes(
    names: Sequence[str], stake: Stake, was: Sequence[Any], now: Sequence[Any], then: Sequence[Any]
) -> list[Clash]:
    differ = [at for at, name in enumerate(names) if now[at] != then[at]]
    return [Clash(field=names[at], stake=stake, seen=was[at], first=now[at], second=then[at]) for at in differ]


# ---------------------------------------------------------------- rows of elements


def _elements(field: str, was: tuple[Any, ...], now: tuple[Any, ...], then: tuple[Any, ...]) -> tuple[Any, list[Clash]]:
    """By id: what either added is there; what one removed is gone, unless the other changed it meanwhile."""
    if then in (was, now):
        return now, []
    if now == was:
        return then, []
    old, here, wanted = (_by_id(row) for row in (was, now, then))
    kept: dict[Any, Any] = {}
    clashes: list[Clash] = []
    for id in dict.fromkeys((*old, *here, *wanted)):
        element, inner = _element(field, id, old.get(id), here.get(id), wanted.get(id))
        clashes += inner
        if element is not None:
            kept[id] = element
    order, disputed = _order(list(old), list(here), list(wanted), kept)
    if disputed and not clashes:
        clashes.append(Clash(field=field, stake=Stake.ELEMENTS, seen=was, first=now, second=then))
    return _numbered([kept[id] for id in order]), clashes


def _by_id(row: Iterable[Any]) -> dict[Any, Any]:
    return {getattr(element, "id", element): element for element in row}


def _element(field: str, id: Any, was: Any, now: Any, then: Any) -> tuple[Any, list[Clash]]:
    """One element; None = gone. Removing loses to a change the remover had not seen."""
    if _same(then, was):
        return now, []
    if _same(now, was) or _same(now, then):
        return then, []
    if was is not None and now is not None and then is not None:
        merged, inner = three_way(was, now, then)
        parts = [replace(clash, field=field, element=id, part=clash.field) for clash in inner]
        return merged, parts
    left = then if now is None else now
    return left, [Clash(field=field, element=id, stake=Stake.ELEMENTS, seen=was, first=now, second=then)]


def _same(one: Any, other: Any) -> bool:
    """A stop that only stands in another place of the row is the same stop."""
    if one is None or other is None or not hasattr(one, "number"):
        return bool(one == other)
    return bool(replace(one, number=other.number) == other)


def _order(was: list[Any], now: list[Any], then: list[Any], kept: Mapping[Any, Any]) -> tuple[list[Any], bool]:
    """The writer's order where the writer changed it, else today's; what one only has stands after its neighbour."""
    common = [id for id in was if id in now and id in then]
    by_first, by_second = (([id for id in row if id in common]) for row in (now, then))
    lead, follow = (now, then) if by_second == common else (then, now)
    order = [id for id in lead if id in kept]
    for id in follow:
        if id in kept and id not in order:
            order.insert(_after_neighbour(id, follow, order), id)
    return order, by_first not in (common, by_second) and by_second != common


def _after_neighbour(id: Any, row: list[Any], order: list[Any]) -> int:
    before = row[: row.index(id)]
    return next((order.index(other) + 1 for other in reversed(before) if other in order), 0)


def _numbered(row: list[Any]) -> tuple[Any, ...]:
    """Stops are numbered as they are walked; answers of one's own choice stand in their own order."""
    if row and hasattr(row[0], "number"):
        return tuple(replace(stop, number=at) for at, stop in enumerate(row, start=1))
    return tuple(row)


# ---------------------------------------------------------------- what a person takes later


def changed(seen: Any, wanted: Any) -> list[str]:
    """The fields that are not the same, as far as anything is at stake in them."""
    stakes = STAKES[type(seen)]
    return [name for name in stakes if stakes[name] not in _NOT_MERGED and getattr(seen, name) != getattr(wanted, name)]


def standing(current: Any, wanted: Any) -> list[str]:
    """What stands and falls with the status, and is not the same in both: taking the one takes the other away."""
    stakes = STAKES[type(current)]
    bound = (Stake.HIGH, Stake.WITH_STATE)
    return [name for name in stakes if stakes[name] in bound and getattr(current, name) != getattr(wanted, name)]


def added(seen: Any, wanted: Any) -> dict[str, tuple[Any, ...]]:
    """The lines the writer added to each trail."""
    trails = [name for name, stake in STAKES[type(seen)].items() if stake is Stake.TRAIL]
    return {name: getattr(wanted, name)[len(getattr(seen, name)) :] for name in trails}


_TAKEN: Mapping[Stake, Callable[[Any, Any, Any], Any]] = {
    Stake.COUNT: lambda seen, current, wanted: current + wanted - seen,
    Stake.TRAIL: lambda seen, current, wanted: current + wanted[len(seen) :],
}


def taken(seen: E, current: E, wanted: E) -> E:
    """What was held, laid over what is here now: its status whole, with all that stands and falls with it."""
    stakes = STAKES[type(seen)]
    merged, _ = three_way(seen, current, wanted)
    own: dict[str, Any] = {"version": current.version}  # type: ignore[attr-defined]
    is_status = any(stakes[name] is Stake.HIGH for name in changed(seen, wanted))
    for name, stake in stakes.items():
        was, now, then = (getattr(it, name) for it in (seen, current, wanted))
        if stake in _TAKEN:
            own[name] = _TAKEN[stake](was, now, then)
        elif stake in (Stake.FIXED, Stake.RULE):
            own[name] = now
        elif stake in (Stake.HIGH, Stake.WITH_STATE):
            own[name] = then if is_status else (now if then == was else then)
    return replace(merged, **own)  # type: ignore[type-var]
