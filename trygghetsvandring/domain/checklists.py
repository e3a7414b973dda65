"""Checklists: one template per type of place; a Nej is a shortcoming, a Vet inte is an answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Reply(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    code: str
    question: str
    no_means: str
    positive: bool
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    id: str
    version: int
    name: str
    place_type: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One item answered at one stop by one phone. An item the template does not know is kept as written."""

    id: UUID
    version: int
    walk: UUID
    stop: UUID
    device: UUID
    template: str
    template_version: int
    item: str
    answer: Reply
    answered_at: datetime
