"""The log as it is asked for: by evening for the sums, by organisation for the team. On both databases."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.presence import Action, Band, Mood, Pass, PassKind, PresenceEntry
from trygghetsvandring.storage import presence, records
from trygghetsvandring.storage.unit import Store

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
AT = datetime(2026, 11, 20, 20, 40, tzinfo=UTC)
TEAM, OTHERS = "socialtjansten", "nattvandrarna"


def a_pass(evening: date, organisation: str = TEAM) -> Pass:
    id = pass_id(organisation, evening.isoformat(), "field_shift")
    return Pass(id=id, version=1, organisation=organisation, evening=evening, kind=PassKind.FIELD_SHIFT, adults=2)


def an_entry(of: Pass, *, minutes_later: int = 0, id: UUID | None = None) -> PresenceEntry:
    return PresenceEntry(
        id=id or uuid7(),
        version=1,
        number="LK-1",
        organisation=of.organisation,
        pass_id=of.id,
        evening=of.evening,
        place=None,
        area="Lidköping",
        at=AT + timedelta(minutes=minutes_later),
        logged_at=AT,
        band=Band.SOME,
        mood=Mood.CALM,
        substances=None,
        action=Action.TALK,
        minutes=None,
        ages=None,
        activity=None,
        noise=None,
    )


async def test_the_sums_ask_by_municipality_and_evening_both_ends_included(store: Store) -> None:
    friday, saturday = a_pass(FRIDAY), a_pass(SATURDAY)
    early, late = an_entry(friday), an_entry(saturday)
    async with store.write() as db:
        await records.save(db, "lidkoping", [friday, saturday, early, late], AT)

    async with store.read() as db:
        both = await presence.entries_between(db, "lidkoping", FRIDAY, SATURDAY)
        one = await presence.entries_between(db, "lidkoping", SATURDAY, SATURDAY)
        neighbours = await presence.entries_between(db, "skovde", FRIDAY, SATURDAY)

    assert (both, one, neighbours) == ([early, late], [late], [])


async def test_a_team_gets_its_own_passes_the_latest_first_and_entries_as_the_evening_went(store: Store) -> None:
    friday, saturday, theirs = a_pass(FRIDAY), a_pass(SATURDAY), a_pass(FRIDAY, OTHERS)
    late, early, other = an_entry(friday, minutes_later=90), an_entry(friday), an_entry(theirs)
    async with store.write() as db:
        await records.save(db, "lidkoping", [friday, saturday, theirs, late, early, other], AT)

    async with store.read() as db:
        found = await presence.log_of(db, "lidkoping", TEAM, FRIDAY, SATURDAY)
        empty = await presence.log_of(db, "lidkoping", "", FRIDAY, SATURDAY)

    assert found == [(saturday, []), (friday, [early, late])]
    assert empty == []
