"""Conflicts: two who changed the same thing without having seen each other, and what a person decides about it.

    Refused
    ├── ConflictClosed        somebody has decided already
    ├── ConflictMoved         what it is about has changed since the person looked
    └── ConflictNotTakeable   what the second one wanted no longer hangs together with the rest: it is written anew

What is at stake in a field says what happens when two change it (`STAKES`). Every field of every kind of entity has a
stake; one without stops the build. Arrival order decides, never a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from trygghetsvandring.domain.activities import Activity
from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.announcements import Announcement
from trygghetsvandring.domain.answer_links import AnswerLink
from trygghetsvandring.domain.attestations import Attestation
from trygghetsvandring.domain.cards import WalkCard
from trygghetsvandring.domain.checklists import Answer
from trygghetsvandring.domain.connections import ApiKey, Delivery, Partner, Report, Webhook
from trygghetsvandring.domain.correspondence import Correspondence
from trygghetsvandring.domain.digests import GroupMessage
from trygghetsvandring.domain.erasures import Case, Register
from trygghetsvandring.domain.errors import NotAllowed, Refused
from trygghetsvandring.domain.est_week import EstWeek
from trygghetsvandring.domain.feedback import Feedback
from trygghetsvandring.domain.incoming_mail import IncomingMail
from trygghetsvandring.domain.lagesbild import Lagesbild, LagesbildEdition, LagesbildShelf
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.plans import ActionPlan, Commitment
from trygghetsvandring.domain.presence import Pass, PresenceEntry
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.domain.protocols import Edition, Protocol
from trygghetsvandring.domain.publications import Publication
from trygghetsvandring.domain.report_links import ReportLink
from trygghetsvandring.domain.rota import RotaEvening
from trygghetsvandring.domain.rota_links import RotaLink
from trygghetsvandring.domain.rules import RuleBook, RuleShelf
from trygghetsvandring.domain.saved_filters import SavedFilter
from trygghetsvandring.domain.stops import FeelingAnswer, Stop
from trygghetsvandring.domain.surveys import Survey, SurveyAnswer
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.trade import ShopWeek, TradeCard, TradeRoutine
from trygghetsvandring.domain.trade_links import TradeLink
from trygghetsvandring.domain.walks import Invite, Walk


class Stake(StrEnum):
    """What two changes to the same field lead to."""

    FIXED = "fixed"  # said once, or worked out from other fields: never merged
    RULE = "rule"  # the rule builds on what is here now, so nothing can be lost
    COUNT = "count"  # likewise; taken later it is added
    TRAIL = "trail"  # lines added at the end
    SCALAR = "scalar"  # the last to arrive stands, the other stays in the history and in the conflict
    TEXT = "text"  # likewise, and both are shown whole
    ELEMENTS = "elements"  # added and removed one by one, by id
    HIGH = "high"  # a person decides; until then nothing changes
    WITH_STATE = "with_state"  # stands and falls with the status beside it


_F, _R, _C, _S, _T, _E, _H, _W = (
    Stake.FIXED,
    Stake.RULE,
    Stake.COUNT,
    Stake.SCALAR,
    Stake.TEXT,
    Stake.ELEMENTS,
    Stake.HIGH,
    Stake.WITH_STATE,
)


def _all(stake: Stake, names: str) -> dict[str, Stake]:
    return dict.fromkeys(names.split(), stake)


STAKES: Mapping[type[Any], Mapping[str, Stake]] = {
    Walk: {
        **_all(_F, "id version revisits"),
        **_all(_S, "name place starts_at ends_at leader meeting_point recording night camera"),
        **_all(_E, "stops"),
        **_all(_H, "state"),
        **_all(_C, "participants"),
        **_all(_R, "invite card"),
    },
    Stop: {
        **_all(_F, "id number"),  # the number is the place in the row
        **_all(_S, "name place place_type lat lon radius_m template"),
    },
    Observation: {
        **_all(_F, "id version number walk device stop seen_at received_at checklist_item sent_alone source"),
        **_all(_R, "kind danger routed lat lon"),
        **_all(_S, "category written_category severity position called"),
        **_all(_T, "text place_words review_note moderated moderated_place"),
        **_all(_E, "photos tasks was_in merged_from apart"),
        **_all(_H, "state"),
        **_all(_W, "reviewed_on settled_on dismiss_reason public_text withhold_reason withdraw_reason merged_into"),
    },
    Task: {
        **_all(_F, "id version number lat lon tile radius_m routed priority_reason"),
        **_all(_T, "title place"),
        **_all(_S, "priority"),
        **_all(_E, "findings"),
        **_all(_H, "state department"),
        **_all(_W, "explanation person assignee due_on planned_on next_look_on done_on extent public_text"),
        **_all(_W, "wait_reason referral next_owner handed_over"),
        **_all(_W, "photos finished_by finished_by_user finished_by_organisation"),
        **_all(_C, "reopened bounced"),
        **_all(_R, "confirmations reopen_proposed doubted_on settled merged_into absorbed retracted heard_on"),
        "history": Stake.TRAIL,
    },
    Pass: {**_all(_F, "id version organisation evening kind"), **_all(_S, "adults")},
    PresenceEntry: {
        **_all(_F, "id version number organisation evening logged_at"),
        **_all(_S, "pass_id place area at band mood substances action minutes noise"),
        **_all(_E, "ages activity"),
    },
    # One phone's own answers, the server's own machine and the ways in: nobody else changes them.
    FeelingAnswer: {
        **_all(_F, "id version number walk stop device"),
        **_all(_S, "felt_at own counts"),
    },
    Answer: {
        **_all(_F, "id version walk stop device template template_version item"),
        **_all(_S, "answer answered_at"),
    },
    Photo: {
        **_all(
            _F,
            "id version of role sha256 bytes media_type width height masks checked taken_at device user organisation",
        ),
        **_all(_R, "state code received_at is_sealed shown_sha256 sizes held"),
    },
    Invite: {**_all(_F, "id version walk code_hash secret_hash cap"), **_all(_R, "joined ends_at closed")},
}

TOGETHER: Mapping[type[Any], tuple[frozenset[str], ...]] = {
    Stop: (frozenset({"lat", "lon"}),),
    PresenceEntry: (frozenset({"place", "area"}),),
}
"""Fields that mean nothing one by one: half of one point and half of another is a third place."""

NEVER_MERGED: frozenset[type[Any]] = frozenset(
    {
        Case,
        Register,
        Agreement,
        Promise,
        Activity,
        RotaEvening,
        RotaLink,
        Attestation,
        TradeCard,
        TradeRoutine,
        TradeLink,
        ShopWeek,
        ActionPlan,
        Commitment,
        ReportLink,
        Protocol,
        Edition,
        SavedFilter,
        RuleBook,
        RuleShelf,
        Correspondence,
        Publication,
        ApiKey,
        Partner,
        Delivery,
        Report,
        Webhook,
        AnswerLink,
        GroupMessage,
        WalkCard,
        EstWeek,
        Lagesbild,
        LagesbildEdition,
        LagesbildShelf,
        Feedback,
        IncomingMail,
        Announcement,
        Survey,
        SurveyAnswer,
    }
)
"""A nämnd's own decisions, and a person's own way of looking: their rules decide on what is here."""

PROTECTING = frozenset({"observation.withhold", "photo.hold"})
"""Hides something at once, whatever else happened to it: never held up, whoever was first."""

NEVER_KEPT = frozenset({"too_few_to_ask", "personal_data", "public_text_not_safe", "seen_has_moved"})
"""Refusals about what must not be kept at all, or has to be read again first; a conflict does not keep it either."""


class ConflictClosed(Refused):
    code = "conflict_closed"


class ConflictMoved(Refused):
    code = "conflict_moved"


class ConflictNotTakeable(Refused):
    code = "conflict_not_takeable"


class Choice(StrEnum):
    KEEP = "keep"  # what stands goes on standing
    TAKE = "take"  # the other one
    ANEW = "anew"  # decided by an ordinary operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field, as JSON text: what the second one had seen, what the first made of it, what the second wanted.

    `element` is the id of one in a row (a stop), `part` its field. None = it is not there.
    """

    field: str
    element: str | None = None
    part: str | None = None
    stake: Stake
    seen: str | None
    first: str | None
    second: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """`held`: the second operation changed nothing and waits for a person; else it stands, and the first is kept here.

    The id is the second operation's. `first_by` and `second_by` are functions, never names. `seen` and `wanted` are the
    whole entity as JSON text, of a held one. `organisation`: whose wall it lies behind, None = the municipality's own.
    """

    id: UUID
    version: int
    kind: str
    about: UUID
    operation: str
    held: bool
    refusal: str | None
    differences: tuple[Difference, ...]
    seen: str | None
    wanted: str | None
    first_by: str
    first_at: datetime
    second_by: str
    second_at: datetime
    second_device: UUID | None
    organisation: str | None
    received_at: datetime
    choice: Choice | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.choice is None


def close(conflict: Conflict, choice: Choice, by: Principal, at: datetime) -> Conflict:
    """Only a person closes it, once."""
    if not may_decide(conflict, by):
        raise NotAllowed(reason="not this one's to decide")
    if not conflict.is_open:
        raise ConflictClosed()
    return replace(conflict, choice=choice, closed_by=by.function, closed_at=at)


def may_decide(conflict: Conflict, by: Principal) -> bool:
    """The municipality's own by the coordinator; a field team's log by somebody of that organisation only."""
    if conflict.organisation is None:
        return by.role is Role.COORDINATOR
    return by.role is Role.FIELD_SECRETARY and by.organisation == conflict.organisation
