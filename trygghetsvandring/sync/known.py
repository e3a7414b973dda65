"""What a batch knows: everything its rules may ask for, loaded at once, with the batch's own changes laid over."""

from typing import Any, TypeVar, cast
from uuid import UUID

from trygghetsvandring.domain.erasures import Erased
from trygghetsvandring.domain.errors import Missing
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.storage.history import Made

T = TypeVar("T")
_UNASKED: Any = object()
Key = tuple[type[Any], UUID]


class Known:
    """`key` is the server's secret, for deriving codes. Numbers drawn here are taken only if the rule applies."""

    def __init__(self, municipality: Municipality, *, key: bytes, names: dict[type[Any], str]) -> None:
        self.municipality = municipality
        self.key = key
        self._names = names
        self._entities: dict[Key, Any] = {}  # None: asked for, and not here
        self.next_numbers: dict[str, int] = {}
        self.erased: dict[UUID, str] = {}  # removed by a decision, and why: a rule that asks for it stops there
        self.memo: dict[object, Any] = {}  # what a rule worked out for one, and need not for the next
        self.past: dict[Key, list[Made]] = {}  # of what an operation was made on an older version of; else empty

    def get(self, type: type[T], id: UUID) -> T | None:
        if self.erased and id in self.erased:
            raise Erased(reason=self.erased[id])
        entity = self._entities.get((type, id), _UNASKED)
        if entity is _UNASKED:
            raise RuntimeError(f"the rule asks for {type.__name__} that its needs do not name")
        return cast("T | None", entity)

    def need(self, type: type[T], id: UUID) -> T:
        """The entity, or `Missing`: the operation is then deferred until it arrives."""
        entity = self.get(type, id)
        if entity is None:
            raise Missing(self._names[type], id)
        return entity

    def all(self, type: type[T]) -> list[T]:
        """Everything of this kind that the batch has loaded or made."""
        return [entity for (kind, _), entity in self._entities.items() if kind is type and entity is not None]

    def number(self, series: str) -> str:
        """The next number of a series, as shown: "Å-31". The engine draws it for good when the operation applies."""
        self.next_numbers[series] = self.next_numbers.get(series, 0) + 1
        return f"{series}-{self.next_numbers[series]}"

    def as_seen(self, key: Key, entity: Any) -> "Known":
        """As it was when somebody looked: one entity older than it is, and nothing more to be asked for."""
        then = _AsSeen(self.municipality, key=self.key, names=self._names)
        then.learn(set(), {**self._entities, key: entity})
        then.next_numbers = dict(self.next_numbers)
        return then

    # --- for the engine
    def remember(self, key: Key, made: list[Made]) -> None:
        """Its versions, oldest first; those made in this batch stay."""
        newest = made[-1].entity.version if made else 0
        later = [each for each in self.past.get(key, ()) if each.entity.version > newest]
        self.past[key] = [*made, *later]

    def unasked(self, keys: set[Key]) -> set[Key]:
        return keys.difference(self._entities)

    def learn(self, asked: set[Key], entities: dict[Key, Any]) -> None:
        for key, entity in entities.items():
            self._entities.setdefault(key, entity)
        for key in asked:
            self._entities.setdefault(key, None)

    def put(self, entity: Any) -> None:
        self._entities[type(entity), entity.id] = entity


class _AsSeen(Known):
    def get(self, type: type[T], id: UUID) -> T | None:
        return cast("T | None", self._entities.get((type, id)))
