"""The operations of a lägesbild in the table of who may do what."""

from datetime import date
from typing import Any
from uuid import UUID

from tests.house.things import APPLIED, Row, Things, here, same
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.lagesbild import lagesbild_id
from trygghetsvandring.domain.periods import Period

_DAYS = {"first": "2026-05-01", "last": "2026-08-31"}
_PICTURE: dict[str, Any] = {
    **_DAYS,
    **dict.fromkeys(("unsafe", "order", "good", "unsorted"), 0),
    **{name: [] for name in ("blocks", "by_place", "by_hour", "by_category", "needs", "alike", "coarse")},
    "felt": dict.fromkeys(("safe", "neither", "unsafe"), 0),
    "together": dict.fromkeys(("walks", "stops", "evenings", "passes", "meetings", "decisions", "done"), 0),
}
_SIGNED = {"seen": 0, "picture": _PICTURE, "name": "Kim T", "police_by": "Kommunpolis", "police_on": "2026-11-20"}


def _draft(it: Things) -> UUID:
    return lagesbild_id(it.town.id, Period(date(2026, 5, 1), date(2026, 8, 31)))


LAGESBILD: dict[str, Row] = {
    "lagesbild.release": Row(lambda _it: uuid7(), same(digest="", name="Kim T"), **here("missing")),
    "lagesbild.sign": Row(_draft, same(**_DAYS, **_SIGNED)),  # by the server only: no desk sends the numbers
    "lagesbild.withdraw": Row(_draft, same(number=1), **here("lagesbild_not_shown", abroad="lagesbild_not_shown")),
    "lagesbild.write": Row(_draft, same(**_DAYS, texts=[]), **here(APPLIED, abroad="lagesbild_differs")),
}
