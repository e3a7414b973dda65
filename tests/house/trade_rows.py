"""The operation matrix's rows on the grocery trade's safety group. A shop and the police speak for themselves only."""

from typing import Any
from uuid import UUID

from tests.house.things import APPLIED, COORDINATOR, Row, Things, here, same
from trygghetsvandring.domain.ids import trade_id, uuid7

SHOP, POLICE = "butik-torget", "polisen"
WEEK = "2026-W46"
_CONTACT = {"function": "Butikschef", "phone": "031-390 06 01", "mail": "butik@torget.example", "hours": "Vardagar"}
_COUNTED = {"shop": SHOP, "week": WEEK, "numbers": {"stold": 3}, "told_by": "Butikschef"}
_ROUTINE = {"text": "Larma på samma sätt.", "decided_by": "Trygghetsgruppen", "valid_from": "2026-11-20"}


def _id(*of: str) -> Any:
    def made(it: Things) -> UUID:
        return trade_id(it.town.id, *of)

    return made


TRADE_ROWS: dict[str, Row] = {
    # Two parties that no matrix asks as: the coordinator alone may write for them.
    "trade.card": Row(
        _id("card", "nattvandrarna"),
        same(party="nattvandrarna", **_CONTACT),
        **here(APPLIED, COORDINATOR, abroad="malformed"),
    ),
    "trade.card · own": Row(
        # Who is in the group is the coordinator's to say: the shop has no card yet.
        _id("card", SHOP),
        same(party=SHOP, **_CONTACT),
        **here(APPLIED, COORDINATOR, abroad="malformed"),
    ),
    "trade.confirm": Row(lambda _it: uuid7(), same(), **here("missing", (COORDINATOR, "shop", "police"))),
    "trade.routine": Row(_id("routine"), same(**_ROUTINE), **here(APPLIED, abroad="malformed")),
    "trade.count": Row(
        _id("week", SHOP, WEEK), same(**_COUNTED), **here(APPLIED, (COORDINATOR, "shop"), abroad="malformed")
    ),
    # By a link only, like `answer.*`.
    "trade.answer": Row(
        _id("week", SHOP, WEEK), same(link=str(uuid7()), form="x", seen=0, shop=SHOP, week=WEEK, numbers={"stold": 3})
    ),
    "trade.confirm_by_link": Row(_id("card", SHOP), same(link=str(uuid7()), form="x", seen=0)),
    "trade.leave": Row(lambda _it: uuid7(), same(reason="Butiken har stängt."), **here("missing")),
    "trade.link": Row(lambda _it: uuid7(), lambda _it: {"link": uuid7()}, **here("missing")),
    "trade.unlink": Row(lambda _it: uuid7(), lambda _it: {"link": uuid7()}, **here("missing")),
}
