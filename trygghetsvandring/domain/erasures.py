"""Erasure: a request, a decision by somebody with authority at the responsible nämnd, a hold that stops it.

A request deletes nothing: it opens a case. Who decides is never who registered. What is decided is carried out once and
stands for ever: neither an old phone nor a restored backup brings it back.

    Refused
    ├── Erased            it was removed by a decision; nothing about it is taken in any more
    ├── UnderHold         a legal hold covers it
    ├── FourEyes          who registered the case does not decide it
    ├── CaseDecided       the case has its decision
    ├── NothingDecided    gallring without the nämnd's decision about that series
    └── TooMuchAtOnce     more than one decision can name
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.errors import NotAllowed, Refused
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Principal

MOST_AT_ONCE = 5_000
KEEP_TOMBSTONES_DAYS = 400  # nothing removes them today; a later rule may not go below this
_REGISTERS = UUID("5b2f2c52-5d57-5f0c-9a54-7c1f4f2a8f60")

APPEAL = (
    "Du kan överklaga beslutet till förvaltningsrätten. Skriv vilket beslut du överklagar och vad du vill ändra. "
    "Skicka brevet till nämnden inom tre veckor från den dag du fick beslutet."
)
"""Told with every refusal. The nämnd may write its own."""


class Reason(StrEnum):
    """Why it is gone: all that the tombstone says."""

    ERASURE = "erasure"  # somebody asked, the nämnd granted
    GALLRING = "gallring"  # the time the nämnd had decided is over


class About(StrEnum):
    """What a case or a hold may name."""

    OBSERVATION = "observation"
    PHOTO = "photo"
    TASK = "task"
    FEELING = "feeling"
    ANSWER = "answer"
    PASS = "pass"  # noqa: S105  # a team's evening
    PRESENCE = "presence"
    FEEDBACK = "feedback"
    SURVEY_ANSWER = "survey_answer"
    INCOMING_MAIL = "incoming_mail"


class Series(StrEnum):
    """What is purged by time, each by its own decision."""

    PARTIAL = "partial"  # bytes of photos that never came whole
    QUARANTINE = "quarantine"  # what could not be read or stored
    REJECTED = "rejected"  # what a rule or a person refused
    FINDINGS = "findings"
    PRESENCE = "presence"
    FEEDBACK = "feedback"  # what readers of the public page wrote, once it is closed
    SURVEY_ANSWER = "survey_answer"  # of surveys that are closed; the counts stay
    INCOMING_MAIL = "incoming_mail"  # settled and about no task; what is about one goes with it


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """One thing, by what it is and its id. `kind` is an `About`, or a `Series` for what is no entity."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing:
    """What a decision removes. Goes into the journal before the decision is answered."""

    decision: UUID
    reason: Reason
    refs: tuple[Ref, ...]


class CaseState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request for erasure. `reference` is the register's own: whoever asks need not say who they are."""

    id: UUID
    version: int
    board: str
    number: str
    about: tuple[Ref, ...]
    received_on: date
    reference: str
    registered_by: str  # function
    registered_user: UUID | None
    registered_at: datetime
    state: CaseState = CaseState.OPEN
    decided_by: str = ""  # function, with the name of whoever decided as they sign
    decided_at: datetime | None = None
    ground: str = ""
    reason: str = ""
    appeal: str = ""
    decision: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Stops every erasure and gallring of what it covers, until it is lifted."""

    id: UUID
    about: tuple[Ref, ...]
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str = ""
    lifted_at: datetime | None = None
    lifted_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The nämnd's decision about one series. Without it nothing of the series is ever purged."""

    series: Series
    keep_days: int
    reference: str  # "KS 2026:114 § 7"
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One nämnd's own: its holds and what it has decided about retention."""

    id: UUID
    version: int
    board: str
    holds: tuple[Hold, ...] = ()
    retention: tuple[Retention, ...] = ()

    def hold(self, id: UUID) -> Hold | None:
        return next((hold for hold in self.holds if hold.id == id), None)

    @property
    def held(self) -> frozenset[UUID]:
        return frozenset(ref.id for hold in self.holds if hold.lifted_at is None for ref in hold.about)

    def keeps(self, series: Series) -> Retention | None:
        return next((it for it in reversed(self.retention) if it.series is series), None)


class Erased(Refused):
    """Removed by a decision. An old phone drops its own copy and says so."""

    code = "erased"


class UnderHold(Refused):
    code = "under_hold"


class FourEyes(Refused):
    code = "four_eyes"


class CaseDecided(Refused):
    code = "case_decided"


class NothingDecided(Refused):
    code = "nothing_decided"


class TooMuchAtOnce(Refused):
    code = "too_much_at_once"


# ---------------------------------------------------------------- whose register


def register_id(municipality: str, board: str) -> UUID:
    return uuid5(_REGISTERS, f"{municipality}:{board}")


def board_of(organisation: Organisation | None) -> str:
    """The nämnd that answers for what an organisation keeps; everything nobody else has is kommunstyrelsen's."""
    if organisation is not None and organisation.board:
        return organisation.board
    if organisation is not None and organisation.kind is OrganisationKind.SOCIAL:
        return "Socialnämnden"
    return "Kommunstyrelsen"


def coordination(place: Municipality) -> str:
    """The nämnd that answers for the walks and everything handed in on them."""
    own = next((it for it in place.departments if it.kind is OrganisationKind.COORDINATION), None)
    return board_of(own)


def board_of_asker(asker: Principal, place: Municipality) -> str:
    organisation = place.organisation(asker.organisation)
    if organisation is None:
        raise NotAllowed(reason="no organisation")
    return board_of(organisation)


# ---------------------------------------------------------------- decisions


def must_be_free(refs: Iterable[Ref], register: Register | None, *, with_: Iterable[UUID] = ()) -> None:
    """`with_`: what goes with the refs (a finding's photos) or what they belong to."""
    held = frozenset() if register is None else register.held
    stopped = sorted({str(ref.id) for ref in refs if ref.id in held} | {str(id) for id in with_ if id in held})
    if stopped:
        raise UnderHold(held=stopped[:20])


def must_be_few(refs: Iterable[Ref]) -> tuple[Ref, ...]:
    kept = tuple(sorted(set(refs)))
    if not 1 <= len(kept) <= MOST_AT_ONCE:
        raise TooMuchAtOnce(count=len(kept), most=MOST_AT_ONCE)
    return kept


def decided(
    case: Case,
    by: Principal,
    *,
    name: str,
    granted: bool,
    ground: str,
    reason: str,
    appeal: str,
    at: datetime,
    decision: UUID,
) -> Case:
    """By another person than the one who registered it, once. A refusal always carries how to appeal."""
    if case.state is not CaseState.OPEN:
        raise CaseDecided(state=case.state.value)
    if by.user is not None and by.user == case.registered_user:
        raise FourEyes()
    return replace(
        case,
        state=CaseState.GRANTED if granted else CaseState.REFUSED,
        decided_by=signed(by, name),
        decided_at=at,
        ground=ground,
        reason=reason,
        appeal="" if granted else appeal.strip() or APPEAL,
        decision=decision,
    )


def signed(by: Principal, name: str) -> str:
    """A decision is a person's: the function, and the name they sign with."""
    return f"{name.strip()}, {by.function}"[:200]


def placed(register: Register, hold: Hold) -> Register:
    if register.hold(hold.id) is not None:
        return register
    return replace(register, holds=(*register.holds, hold))


def lifted(register: Register, id: UUID, *, by: str, at: datetime, why: str) -> Register:
    holds = tuple(
        replace(hold, lifted_by=by, lifted_at=at, lifted_why=why) if hold.id == id and hold.lifted_at is None else hold
        for hold in register.holds
    )
    return replace(register, holds=holds)
