"""Rescue files: what a phone could not send, sealed for one municipality and carried in by hand.

    magic · length · header (municipality, key, the phone's one-time public key) · sealed pieces

Inside lie records, one after another: a manifest first, operations as they would have travelled, drafts, photos with
their bytes, and a count at the end. A file is taken in whole or not at all.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from trygghetsvandring.domain.errors import Refused

MAGIC = b"TRYGGRF1"
MOST_BYTES = 256 * 1024 * 1024
MOST_RECORD = 1024 * 1024
MOST_PHOTO = 25 * 1024 * 1024
MOST_RECORDS = 20_000


class NotARescue(Refused):
    """It does not begin as one of our files does."""

    code = "not_a_rescue"


class RescueTruncated(Refused):
    code = "rescue_truncated"


class RescueDamaged(Refused):
    """A piece was changed, moved or taken away, or what is inside does not hold together."""

    code = "rescue_damaged"


class RescueKeyUnknown(Refused):
    """Sealed with a key that is not here: the server is another one, or its keys were lost."""

    code = "rescue_key_unknown"


class RescueElsewhere(Refused):
    """It belongs to another municipality."""

    code = "rescue_elsewhere"


class RescueTooLarge(Refused):
    code = "rescue_too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    municipality: str
    key: str
    epk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`key` and `token` show that the phone itself made the file. Neither is kept."""

    version: int
    municipality: str
    device: UUID
    walk: UUID | None = None
    key: str = ""
    token: str = ""
    made_at: datetime
    last_seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRecord:
    """`checked`: somebody has said that nobody is in the picture, or has painted over them."""

    id: UUID
    of: UUID
    sha256: str
    width: int
    height: int
    masks: int
    taken_at: datetime
    checked: bool
    handed_in: bool
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    kind: str
    manifest: Manifest | None = None
    wire: str | None = None
    draft: dict[str, Any] | None = None
    photo: PhotoRecord | None = None
    count: dict[str, int] | None = None


@dataclass(slots=True)
class Rescue:
    """Everything but the photos' bytes."""

    manifest: Manifest
    operations: list[bytes] = field(default_factory=list)
    drafts: list[dict[str, Any]] = field(default_factory=list)
    photos: list[PhotoRecord] = field(default_factory=list)
