"""Feedback: whether the public page helped, and what is missing on it. Whoever writes need not say who they are.

What is written is a public document with a number. An address that somebody leaves is kept apart from it
(`storage/feedback.py`), is read by the coordinator only, and goes when the feedback is closed or after `KEEP_CONTACT`.

What tells of a fault can be made a finding: its words go along, and nothing else that the giver left.

    Refused
    ├── FeedbackClosed    it was handed over, or read and closed, before
    └── NothingWritten    only the question was answered: there is nothing to make a finding of
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from trygghetsvandring.domain.errors import Refused, TextTooLong
from trygghetsvandring.domain.guard import Verdict, inspect
from trygghetsvandring.domain.observations import NO_WALK, Observation, kind_of, must_be_sound
from trygghetsvandring.domain.routing import Category
from trygghetsvandring.domain.tasks import internal_safe, public_safe

SERIES: Final = "S"
OPEN311: Final = "open311"  # the source of a finding that another system handed in
FAULT: Final = "trasigt"  # until somebody has sorted it: something is broken
LONGEST_TEXT: Final = 1000
LONGEST_RECEIPT: Final = 40
LONGEST_ADDRESS: Final = 254
KEEP_CONTACT: Final = timedelta(days=90)
NOTICE: Final = (
    "Det du skriver blir en allmän handling. Andra kan få läsa det. Skriv inget känsligt om dig själv eller någon "
    "annan. Personuppgifter sköter vi enligt GDPR."
)
"""Stands before the field where the municipality has no words of its own (`feedback_notice`)."""


class Helped(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class FeedbackState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class FeedbackClosed(Refused):
    code = "feedback_closed"


class NothingWritten(Refused):
    code = "nothing_written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """`receipt`: the other e-service's own id, when the matter was handed over there; "" = it was not.
    `finding`: what was made of it, by the finding's id."""

    id: UUID
    version: int
    number: str
    helped: Helped
    text: str
    received_at: datetime
    state: FeedbackState = FeedbackState.OPEN
    closed_at: datetime | None = None
    closed_by: str = ""  # function
    receipt: str = ""
    finding: UUID | None = None


def given(id: UUID, number: str, helped: Helped, text: str, at: datetime) -> Feedback:
    return Feedback(id=id, version=0, number=number, helped=helped, text=sound(text), received_at=at)


def lines_as_typed(text: str) -> str:
    """A browser sends each end of a line as two letters, and counts it as one."""
    return text.replace("\r\n", "\n")


def sound(text: str) -> str:
    text = lines_as_typed(text)
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(field="text", longest=LONGEST_TEXT)
    return public_safe(text)


def closed(it: Feedback, *, receipt: str, by: str, at: datetime) -> Feedback:
    """The same again changes nothing; another receipt afterwards would be another's word against the first."""
    receipt = internal_safe(receipt)
    if len(receipt) > LONGEST_RECEIPT:
        raise TextTooLong(field="receipt", longest=LONGEST_RECEIPT)
    if it.state is FeedbackState.CLOSED:
        if receipt == it.receipt:
            return it
        raise FeedbackClosed()
    return replace(it, state=FeedbackState.CLOSED, closed_at=at, closed_by=by, receipt=receipt)


def finding_id(feedback: UUID) -> UUID:
    """The same however often it is asked for, so that one feedback is never two findings."""
    return uuid5(feedback, "finding")


def as_finding(it: Feedback, number: str, category: Category | None, at: datetime) -> Observation:
    """Its words, with its own number as where they came from. What may be about a person waits for a person's words."""
    if not it.text.strip():
        raise NothingWritten()
    made = Observation(
        id=finding_id(it.id),
        version=0,
        number=number,
        walk=NO_WALK,
        device=None,
        stop=None,
        category=FAULT,
        written_category=FAULT,
        kind=kind_of(category),
        severity=None,
        text=it.text,
        position=None,
        place_words="",
        seen_at=it.received_at,
        received_at=at,
        source=it.number,
        moderated=None if inspect(it.text).verdict is Verdict.OK else "",
    )
    return must_be_sound(made, category)


def came_by(source: str) -> str:
    """Of a finding's `source`: shown where the walk's name stands; "" = from a walk."""
    return "Open311" if source == OPEN311 else f"Synpunkt {source}" if source else ""
