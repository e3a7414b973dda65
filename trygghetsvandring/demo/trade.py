"""The safety group as the demo loads it: example cards, an example routine, eight weeks of two shops.

The numbers are made up and say so: whoever told them is called an example.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from trygghetsvandring.domain.ids import trade_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.trade import last_weeks

Do = Callable[[str, UUID, dict[str, Any]], Awaitable[None]]
_CARDS = (
    ("samordning", "Trygghetssamordnare", "031-390 06 01", "trygghet@lidkoping.example", "Vardagar 8 till 16"),
    ("polisen", "Kommunpolis", "114 14", "kommunpolis@polisen.example", "Vardagar 8 till 16"),
    ("butik-torget", "Butikschef", "031-390 06 02", "kassan@torget.example", "Alla dagar 7 till 22"),
    ("butik-hamnen", "Butikschef", "031-390 06 03", "kassan@hamnen.example", "Alla dagar 8 till 21"),
)
_ROUTINE = "Exempel på rutin.\n\nAlla butiker anmäler alla brott. Alla ringer 112 vid fara. Alla möter på samma sätt."
# By shop, the oldest week first: stöld, hot eller våld, skadegörelse, bedrägeri. None: nobody has told of that week.
_WEEKS: dict[str, tuple[tuple[int, int, int, int] | None, ...]] = {
    "butik-torget": ((9, 1, 0, 0), (8, 0, 1, 0), (7, 2, 0, 1), None, (8, 1, 0, 0), (3, 0, 0, 0), (2, 0, 1, 0), None),
    "butik-hamnen": ((2, 0, 0, 0), (3, 0, 0, 1), None, (2, 1, 0, 0), (2, 0, 0, 0), (6, 1, 0, 0), (7, 0, 0, 0), None),
}


async def load(here: Municipality, now: datetime, do: Do) -> None:
    today = day_of(now)
    for party, function, phone, mail, hours in _CARDS:
        contact = {"function": function, "phone": phone, "mail": mail, "hours": hours}
        await do("trade.card", trade_id(here.id, "card", party), {"party": party, **contact})
    decided = {"decided_by": "Exempel: trygghetsgruppen", "valid_from": today}
    await do("trade.routine", trade_id(here.id, "routine"), {"text": _ROUTINE, **decided})
    kinds = [kind.id for kind in here.crime_kinds]
    for shop, told in _WEEKS.items():
        for week, numbers in zip(reversed(last_weeks(today, len(told))), told, strict=True):
            if numbers is None:
                continue
            body = {"shop": shop, "week": str(week), "numbers": dict(zip(kinds, numbers, strict=True))}
            await do(
                "trade.count", trade_id(here.id, "week", shop, str(week)), body | {"told_by": "Exempel: butikschef"}
            )
