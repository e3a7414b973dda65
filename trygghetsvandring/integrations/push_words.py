"""What a note to those who work says: a kind of thing, how many, and the page to open. Nothing that anybody wrote."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.pushes import Concern

_TITLES: Final[Mapping[Concern, tuple[str, str]]] = {
    Concern.DANGER: ("Fara nu. Öppna och läs.", "Fara nu, {n} gånger. Öppna och läs."),
    Concern.MINE: ("Du har fått en åtgärd", "Du har fått {n} åtgärder"),
    Concern.GIVEN: ("Er enhet har fått en åtgärd", "Er enhet har fått {n} åtgärder"),
    Concern.BACK: ("En åtgärd är tillbaka hos dig", "{n} åtgärder är tillbaka hos dig"),
    Concern.ANSWERED: ("Du har fått svar om en åtgärd", "Du har fått svar om {n} åtgärder"),
    Concern.CHANGED: ("En av era åtgärder är ändrad", "{n} av era åtgärder är ändrade"),
    Concern.LATE: ("Något väntar på dig", "Något väntar på dig"),
    Concern.UNSEEN: ("Det finns en lagad plats att titta på", "Det finns {n} lagade platser att titta på"),
}
_LISTS: Final[Mapping[Concern, str]] = {
    Concern.DANGER: "/desk/inkommet",
    Concern.LATE: "/desk/sent",
    Concern.UNSEEN: "/falt/lagat",
}


class Words(msgspec.Struct, kw_only=True):
    """`open`: a path of the same server. `tag`: a later note of the same kind takes this one's place."""

    title: str
    open: str
    tag: str


def words(concern: Concern, count: int, about: UUID | None) -> Words:
    """`about`: the one thing it leads to; None leads to the list."""
    one, many = _TITLES[concern]
    return Words(title=one if count == 1 else many.format(n=count), open=_open(concern, about), tag=concern.value)


def _open(concern: Concern, about: UUID | None) -> str:
    if about is None or concern in {Concern.LATE, Concern.UNSEEN}:
        return _LISTS.get(concern, "/desk/atgarder")
    return f"/desk/inkommet?fynd={about}" if concern is Concern.DANGER else f"/desk/atgarder/{about}"
