"""Uploads: how much may be on its way at once, and how long what never came whole is waited for.

An upload that has begun may always go on. Only the next one is asked to wait, so a full quota loses nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.photos import MOST_BYTES
from trygghetsvandring.domain.times import STOCKHOLM

EMPTY_FOR: Final = timedelta(hours=48)
_AGAIN_S: Final = 60


class QuotaOf(StrEnum):
    DEVICE = "device"
    WALK = "walk"
    MUNICIPALITY = "municipality"


MOST: Final = {QuotaOf.DEVICE: 20 * MOST_BYTES, QuotaOf.WALK: 160 * MOST_BYTES, QuotaOf.MUNICIPALITY: 800 * MOST_BYTES}
"""Bytes declared and not yet whole: for a phone 500 MB, which is two hundred usual photos cut off in the middle."""


SURE: Final = MOST[QuotaOf.DEVICE] // MOST_BYTES
"""So many together, whoever they are, cannot fill even one phone's quota."""


class UploadsFull(Refused):
    """So much has begun and not come whole that the next one waits."""

    code = "uploads_full"


@dataclass(frozen=True, slots=True)
class Begun:
    """An upload that is not whole, with the bytes it may grow to. None: nobody we know of."""

    sender: UUID | None
    walk: UUID | None
    bytes: int


def must_have_room(new: Begun, begun: Iterable[Begun]) -> None:
    others = list(begun)
    sums = {
        QuotaOf.DEVICE: sum(it.bytes for it in others if it.sender is not None and it.sender == new.sender),
        QuotaOf.WALK: sum(it.bytes for it in others if it.walk is not None and it.walk == new.walk),
        QuotaOf.MUNICIPALITY: sum(it.bytes for it in others),
    }
    for of, already in sums.items():
        if already + new.bytes > MOST[of]:
            raise UploadsFull(of=of.value, bytes=already, most=MOST[of], retry_after=_AGAIN_S)


def expires(touched: datetime, length: int, keep_days: int | None) -> datetime | None:
    """When an unfinished upload goes. One that holds bytes stays until its nämnd has decided how long: then None.

    Nothing has arrived in an empty one, so it needs no decision.
    """
    if length == 0:
        return touched + EMPTY_FOR
    if keep_days is None:
        return None
    night = touched.astimezone(STOCKHOLM).date() + timedelta(days=keep_days + 1)
    return datetime.combine(night, time(0), STOCKHOLM).astimezone(UTC)
