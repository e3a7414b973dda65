"""What a batch knows: everything its rules may ask for, loaded at once, with the batch's own changes laid over."""

from typing import Any, TypeVar, cast
from uuid import UUID

from trygghetsvandring.domain.errors import Missing
from trygghetsvandring.domain.municipalities import Municipality

T = TypeVar("T")
Key = tuple[type[Any], UUID]


class Known:
    """`key` is the server's secret, for deriving codes. Numbers drawn here are taken only if the rule applies."""

    def __init__(self, municipality: Municipality, *, key: bytes, names: dict[type[Any], str]) -> None:
        self.municipality = municipality
        self.key = key
        self._names = names
        self._entities: dict[Key, Any] = {}
        self._asked: set[Key] = set()
        self.next_numbers: dict[str, int] = {}

    def get(self, type: type[T], id: UUID) -> T | None:
        key = (type, id)
        if key not in self._asked:
            raise RuntimeError(f"the rule asks for {type.__name__} that its needs do not name")
        return cast("T | None", self._entities.get(key))

    def need(self, type: type[T], id: UUID) -> T:
        """The entity, or `Missing`: the operation is then deferred until it arrives."""
        entity = self.get(type, id)
        if entity is None:
            raise Missing(self._names[type], id)
        return entity

    def all(self, type: type[T]) -> list[T]:
        """Everything of this kind that the batch has loaded or made."""
        return [entity for (kind, _), entity in self._entities.items() if kind is type]

    def number(self, series: str) -> str:
        """The next number of a series, as shown: "Å-31". The engine draws it for good when the operation applies."""
        self.next_numbers[series] = self.next_numbers.get(series, 0) + 1
        return f"{series}-{self.next_numbers[series]}"

    # --- for the engine
    def unasked(self, keys: set[Key]) -> set[Key]:
        return keys - self._asked

    def learn(self, asked: set[Key], entities: dict[Key, Any]) -> None:
        self._asked |= asked
        for key, entity in entities.items():
            self._entities.setdefault(key, entity)

    def put(self, entity: Any) -> None:
        key = (type(entity), entity.id)
        self._asked.add(key)
        self._entities[key] = entity
