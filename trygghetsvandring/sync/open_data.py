"""Open data: what a person has released, page by page, as features and as rows. Nothing here is not in Open311 too.

So what is withdrawn, held back or erased is gone at the next look, positions are coarse, and no field tells of people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.cells import Box
from trygghetsvandring.domain.field_lists import plain
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.open311 import written
from trygghetsvandring.domain.open311_told import Shown, shown
from trygghetsvandring.storage import publications
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.open311 import behind, one

__all__ = ["COLUMNS", "Key", "Page", "Shown", "cells", "feature", "one", "page", "row"]

Key = tuple[datetime, UUID]
"""Where a page ended: when it was asked for, and which."""

COLUMNS: Final = (
    "id",
    "kategori",
    "kategori_kod",
    "text",
    "plats",
    "status",
    "status_text",
    "ansvarig",
    "inkom",
    "andrad",
    "foto",
)
_AT_A_TIME = 200
_MOST_LOOKED_AT = 2_000
"""A box with nothing in it is answered with an empty page and the way on, not with everything there is read through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`next`: where the following one begins; None when there is no more."""

    found: Sequence[Shown]
    next: Key | None


async def page(
    db: Db,
    here: Municipality,
    *,
    first: datetime,
    last: datetime,
    after: Key | None = None,
    box: Box | None = None,
    limit: int,
) -> Page:
    """At most `limit` of what came in between the moments and in the box, newest first."""
    found, looked_at = list[Shown](), 0
    while True:
        some = await publications.public(db, here.id, first=first, last=last, after=after, limit=_AT_A_TIME)
        for each in await behind(db, here.id, some):
            if len(found) == limit:
                return Page(found=found, next=after)
            after = each.publication.requested_at, each.publication.id
            it = shown(each, here)
            if it is not None and (box is None or _inside(it, box)):
                found.append(it)
        if len(some) < _AT_A_TIME:
            return Page(found=found, next=None)
        after = some[-1].requested_at, some[-1].id
        looked_at += len(some)
        if looked_at >= _MOST_LOOKED_AT:
            return Page(found=found, next=after)


def _inside(it: Shown, box: Box) -> bool:
    if it.lat is None or it.lon is None:
        return False
    return box.south <= it.lat <= box.north and box.west <= it.lon <= box.east


# ---------------------------------------------------------------- as it travels


def row(it: Shown, photos: str) -> dict[str, str]:
    """By `COLUMNS`. `photos` is where released photos lie."""
    values = (
        str(it.id),
        it.category.name if it.category else "",
        it.service_code,
        it.text,
        it.place_words,
        it.status.value,
        it.notes,
        it.agency,
        written(it.requested_at),
        written(it.changed_at),
        f"{photos}/{it.id}/{it.photo}.jpg" if it.photo else "",
    )
    return dict(zip(COLUMNS, values, strict=True))


def feature(it: Shown, photos: str) -> dict[str, object]:
    """GeoJSON (RFC 7946): longitude first; without a position the geometry is null."""
    point = None if it.lat is None or it.lon is None else {"type": "Point", "coordinates": [it.lon, it.lat]}
    return {"type": "Feature", "id": str(it.id), "geometry": point, "properties": row(it, photos)}


def cells(it: Shown, photos: str) -> list[str]:
    """One row of the table for a spreadsheet: words, never formulas. Decimals by a point, as in the features."""
    point = ["" if it.lat is None else f"{it.lat:.3f}", "" if it.lon is None else f"{it.lon:.3f}"]
    return [*(plain(value) for value in row(it, photos).values()), *point]
