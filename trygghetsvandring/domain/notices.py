"""Who hears of what changes no state: words or days that are put right, notes, and who in the unit has it now."""

from enum import StrEnum

from trygghetsvandring.domain.people import Principal, Role

_UNIT = frozenset({Role.HANDLER, Role.DEPARTMENT_HEAD})


class Notice(StrEnum):
    CHANGED = "changed"
    REPLANNED = "replanned"
    HANDED_ON = "handed_on"
    NOTED = "noted"
    MAILED = "mailed"  # somebody outside answered a letter about it
    NOTED_BY_UNIT = "noted_by_unit"  # or by its own system, or for a party that does not sign in


def of_note(by: Principal) -> Notice:
    """A coordinator at the desk writes to the unit; everybody else, to the coordinator."""
    return Notice.NOTED if by.role is Role.COORDINATOR and by.user is not None else Notice.NOTED_BY_UNIT


def concerns(notice: Notice, role: str, *, is_of_unit: bool) -> bool:
    """`is_of_unit`: the task lies with the unit of whom it is about."""
    if notice is Notice.MAILED and role == Role.COORDINATOR:
        return True
    if notice in {Notice.NOTED_BY_UNIT, Notice.REPLANNED}:
        return role == Role.COORDINATOR
    return role in _UNIT and is_of_unit
