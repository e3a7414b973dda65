"""Departments and the other parties: who can own a task, and who only takes part."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.people import Role


class OrganisationKind(StrEnum):
    """What sort of party it is. Decides which walls stand around it."""

    MUNICIPAL = "municipal"
    COORDINATION = "coordination"
    HOUSING_COMPANY = "housing_company"
    UTILITY = "utility"
    TRANSIT = "transit"
    STATE = "state"
    PRIVATE = "private"  # may say no: a task to them is a request, never an order
    SOCIAL = "social"
    POLICE = "police"
    SHOP = "shop"
    ASSOCIATION = "association"


# Social services, police, shops and associations work with people and places, not with lamps: nothing goes there.
OWNS_TASKS = frozenset(
    {
        OrganisationKind.MUNICIPAL,
        OrganisationKind.COORDINATION,
        OrganisationKind.HOUSING_COMPANY,
        OrganisationKind.UTILITY,
        OrganisationKind.TRANSIT,
        OrganisationKind.STATE,
        OrganisationKind.PRIVATE,
    }
)

# Outside parties have no accounts: the coordinator enters for them what they have said.
SIGNS_IN = frozenset(OrganisationKind) - {
    OrganisationKind.COORDINATION,
    OrganisationKind.UTILITY,
    OrganisationKind.TRANSIT,
    OrganisationKind.STATE,
    OrganisationKind.PRIVATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    id: str
    name: str
    kind: OrganisationKind
    has_accounts: bool | None = None  # None: as its kind usually has
    mail: str = ""  # where a party without accounts is written to: a function's address, never a person's
    board: str = ""  # the nämnd that answers for what it keeps; "": as its kind usually has

    @property
    def owns_tasks(self) -> bool:
        return self.kind in OWNS_TASKS

    @property
    def signs_in(self) -> bool:
        return self.kind in SIGNS_IN if self.has_accounts is None else self.has_accounts


_HANDS = frozenset({Role.HANDLER, Role.DEPARTMENT_HEAD})


class AssigneeUnknown(Refused):
    """Nobody who signs in for the unit that has the task: they would never hear of it."""

    code = "assignee_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who signs in. `role` as it is kept; `is_here` False: they cannot any more."""

    id: UUID
    function: str
    role: str
    organisation: str
    is_here: bool

    def works_in(self, unit: str | None) -> bool:
        return self.is_here and self.organisation == unit and self.role in _HANDS


def must_work_in(unit: str | None, them: Colleague | None) -> None:
    if them is None or not them.works_in(unit):
        raise AssigneeUnknown()


def takes_over(unit: str | None, everybody: Iterable[Colleague]) -> list[str]:
    """The functions that a task is given anew by, when whoever had it is gone: the heads, else all of the unit."""
    here = [it for it in everybody if it.works_in(unit)]
    heads = [it for it in here if it.role == Role.DEPARTMENT_HEAD]
    return sorted({it.function for it in heads or here})
