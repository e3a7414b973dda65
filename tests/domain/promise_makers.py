"""An agreement, a promise, reports and evenings, with believable defaults."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from trygghetsvandring.domain.agreements import Agreement, AgreementKind, Party
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.presence import Action, Band, Mood, Pass, PassKind, PresenceEntry
from trygghetsvandring.domain.promises import EvidenceKind, Promise, Report, Result
from trygghetsvandring.domain.tasks import Task, TaskEvent, TaskState
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Recording, Walk, WalkState

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
POLICE = Party(id="polisen", name="Polisen", called="Polisen, lokalpolisområde Västra Skaraborg")
TOWN = Party(id="kommunen", name="kommunen", called="Lidköpings kommun")


def an_agreement(**changes: Any) -> Agreement:
    """The medborgarlöfte of 2024-2025."""
    given: dict[str, Any] = {
        "id": uuid7(),
        "version": 1,
        "kind": AgreementKind.MEDBORGARLOFTE,
        "title": "Medborgarlöfte 2024-2025",
        "purpose": "",
        "parties": (POLICE, TOWN),
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2025, 12, 31),
        "keeper": "kommunstyrelsens verksamheter",
        "entered_by": "Trygghetssamordnare",
        "entered_at": NOW,
    }
    return Agreement(**given | changes)


def a_promise(agreement: Agreement, **changes: Any) -> Promise:
    given: dict[str, Any] = {
        "id": uuid7(),
        "version": 1,
        "agreement": agreement.id,
        "number": 1,
        "by": ("polisen",),
        "text": "Att informera samtliga elever i årskurs 7.",
        "heading": "Besök i skolan",
        "evidence": EvidenceKind.REPORTED,
        "report_by": date(2027, 1, 15),
    }
    return Promise(**given | changes)


def a_report(**changes: Any) -> Report:
    """Told two weeks after the promise's time, of the whole of it."""
    given: dict[str, Any] = {
        "id": uuid7(),
        "party": "polisen",
        "told_by": "Kommunpolis",
        "told_on": date(2026, 1, 14),
        "first": date(2024, 1, 1),
        "last": date(2025, 12, 31),
        "result": Result.DONE,
        "text": "Besök i årskurs 7 båda åren.",
        "may_publish": True,
        "entered_by": "Trygghetssamordnare",
        "entered_at": NOW,
    }
    return Report(**given | changes)


def local(text: str) -> datetime:
    """ "2025-10-25 23:30", in Lidköping."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def a_walk(starts: str, state: WalkState = WalkState.ENDED) -> Walk:
    at = local(starts)
    return Walk(
        id=uuid7(),
        version=1,
        name="Margretelund",
        place="Margretelund",
        starts_at=at,
        ends_at=at + timedelta(hours=2),
        leader="Maria",
        meeting_point="MG Fritidsgård",
        recording=Recording.OWN_PHONES,
        night=False,
        camera=True,
        stops=(),
        state=state,
    )


def a_task(*history: tuple[str, TaskState], **changes: Any) -> Task:
    """As it stands after (day, state) in order."""
    events = tuple(
        TaskEvent(
            at=local(f"{day} 12:00"), type="task.x", start=None, end=state, by="Gata och park", text="Stigen stängs."
        )
        for day, state in history
    )
    given: dict[str, Any] = {
        "id": uuid7(),
        "version": 1,
        "number": "Å-1",
        "title": "Lampan vid porten",
        "state": events[-1].end,
        "priority": 2,
        "findings": (uuid7(),),
        "place": "Margretelund",
        "lat": None,
        "lon": None,
        "tile": "ljus",
        "department": "gata-park",
        "history": events,
    }
    return Task(**given | changes)


def an_evening_out(evening: date, adults: int | None, hours: float) -> tuple[Pass, list[PresenceEntry]]:
    """A pass from eight o'clock, with an entry at each end."""
    log = Pass(
        id=uuid7(),
        version=1,
        organisation="socialtjansten",
        evening=evening,
        kind=PassKind.FIELD_SHIFT,
        adults=adults,
    )
    begun = datetime.combine(evening, datetime.min.time(), STOCKHOLM) + timedelta(hours=20)
    return log, [_entry(log.id, evening, begun), _entry(log.id, evening, begun + timedelta(hours=hours))]


def _entry(pass_id: UUID, evening: date, at: datetime) -> PresenceEntry:
    return PresenceEntry(
        id=uuid7(),
        version=1,
        number="",
        organisation="socialtjansten",
        pass_id=pass_id,
        evening=evening,
        place=None,
        area="Margretelund",
        at=at,
        logged_at=at,
        band=Band.SOME,
        mood=Mood.CALM,
        substances=None,
        action=Action.PRESENT,
        minutes=None,
        ages=None,
        activity=None,
        noise=None,
    )
