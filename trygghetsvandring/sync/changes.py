"""States down: which scope of the feed each changed entity goes to, and as what."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.sync.known import Known

T = TypeVar("T")
Line = tuple[str, str, object]  # scope, kind, state (None = gone)

_FEEDS: dict[type[Any], Callable[[Any, Known], Iterable[Line]]] = {}

MUNICIPALITY = "municipality"


def feeds(type: type[T]) -> Callable[[Callable[[T, Known], Iterable[Line]]], Callable[[T, Known], Iterable[Line]]]:
    """Registers what a changed entity of this kind puts into the feed. Pure; allow-listed fields only."""

    def keep(lines: Callable[[T, Known], Iterable[Line]]) -> Callable[[T, Known], Iterable[Line]]:
        _FEEDS[type] = lines
        return lines

    return keep


def rows(entity: Any, known: Known) -> list[feed.Row]:
    lines = _FEEDS.get(type(entity))
    if lines is None:
        return []
    return [
        feed.Row(
            scope=scope,
            kind=kind,
            id=str(entity.id),
            version=entity.version,
            state=None if state is None else msgspec.json.encode(state).decode(),
        )
        for scope, kind, state in lines(entity, known)
    ]


def of_device(device: object) -> str:
    return f"device:{device}"


def of_walk(walk: object) -> str:
    return f"walk:{walk}"


def of_organisation(organisation: str) -> str:
    return f"organisation:{organisation}"


def is_ones_own(scope: str) -> bool:
    """Read by one phone only: nothing to keep for the next."""
    return scope.startswith("device:")


def scopes(principal: Principal) -> list[str]:
    """What this asker may see of the feed, now."""
    if principal.role is Role.WALKER:
        walks = [of_walk(walk) for walk in (principal.walk, *principal.walks)]
        return [MUNICIPALITY, *walks, *(of_device(device) for device in principal.devices)]
    if principal.role is Role.FIELD_SECRETARY and principal.organisation:
        return [MUNICIPALITY, of_organisation(principal.organisation)]
    return [MUNICIPALITY]
