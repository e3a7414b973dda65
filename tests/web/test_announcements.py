"""Coming walks: nobody reads of one before a named person has shown it, and nobody is sent to where it no longer is."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import feedparser
import icalendar
import ics
import pytest
import pytest_asyncio
import vobject

from tests.makers import COORDINATOR, LIDKOPING, SECRET, Evening, a_municipality, an_evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import records
from trygghetsvandring.sync.municipalities import settle

PAGE = f"/folj/{LIDKOPING}"
NAME = "Från Framnäs till ån; runt Gamla Råttans gränd, över bron och åter till torget i Nya stadens mitt"
MEETING = "Rådhuset, stora trappan"


@pytest_asyncio.fixture
async def evening(database: str, tmp_path: Path) -> AsyncIterator[Evening]:
    async with an_evening(database, tmp_path) as it:
        yield it


async def a_walk(evening: Evening, **changes: Any) -> UUID:
    starts = evening.now + timedelta(days=7)
    given = {"name": NAME, "meeting_point": MEETING, "leader": "Ulla-Britt"}
    times = {"starts_at": starts, "ends_at": starts + timedelta(hours=2)}
    return await evening.plan(walk=uuid7(), **given | times | changes)


async def version(evening: Evening, id: UUID, of: str = LIDKOPING) -> int:
    async with evening.store.read() as db:
        walk = await records.one(db, of, Walk, id)
    assert walk is not None
    return walk.version


async def announce(
    evening: Evening, id: UUID, name: str = "Anna Ek", seen: int | None = None, sure: bool = False
) -> str:
    body = {"seen": await version(evening, id) if seen is None else seen, "name": name, "sure": sure}
    outcome = await evening.act("walk.announce", id, body, COORDINATOR)
    return outcome.code or outcome.outcome


async def change(evening: Evening, id: UUID, **what: Any) -> None:
    outcome = await evening.act("walk.change", id, what, COORDINATOR)
    assert outcome.outcome == "applied", outcome


async def page(evening: Evening) -> str:
    return (await evening.http.get(PAGE)).text


async def events(evening: Evening, of: str = LIDKOPING) -> dict[str, Any]:
    """By id, as a reader of calendars has them."""
    answer = await evening.http.get(f"/folj/{of}/kalender.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    read = icalendar.Calendar.from_ical(answer.content)
    assert not read.errors
    others = [{it.uid.value for it in getattr(vobject.readOne(answer.text), "vevent_list", [])}]
    others += [{it.uid for it in ics.Calendar(answer.text).events}]
    assert others == [{str(it["UID"]) for it in read.walk("VEVENT")}] * 2
    return {str(it["UID"]).partition("@")[0]: it for it in read.walk("VEVENT")}


async def test_a_walk_is_nobodys_until_a_named_person_shows_it(evening: Evening) -> None:
    id = await a_walk(evening)
    assert await events(evening) == {}
    assert MEETING not in await page(evening)

    assert await announce(evening, id, name=" ") == "field_missing"
    assert await events(evening) == {}
    assert await announce(evening, id) == "applied"

    (event,) = (await events(evening)).values()
    walk = evening.now + timedelta(days=7)
    assert (str(event["SUMMARY"]), str(event["LOCATION"]), str(event["STATUS"])) == (NAME, MEETING, "CONFIRMED")
    assert (event.start, event.end) == (walk, walk + timedelta(hours=2))
    text = await page(evening)
    assert MEETING in text
    assert f'href="{PAGE}/kalender.ics"' in text
    feed = (await evening.http.get(f"{PAGE}/flode.xml")).text
    assert f"Möt upp: {MEETING}." in feed
    for hidden in ("Ulla-Britt", "Anna Ek"):
        assert hidden not in text + str(event) + feed


async def test_the_page_tells_the_hour_of_the_town_on_both_sides_of_the_change(evening: Evening) -> None:
    evening.times["now"] = datetime(2027, 3, 1, 12, tzinfo=UTC)
    for day in (27, 28):
        starts = datetime(2027, 3, day, 18, tzinfo=UTC)
        await announce(evening, await a_walk(evening, starts_at=starts, ends_at=starts + timedelta(hours=1)))

    text = await page(evening)

    assert "27 mars 2027, kl. 19.00–20.00" in text
    assert "28 mars 2027, kl. 20.00–21.00" in text


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("walk.change", {"meeting_point": "Stationen"}),
        ("walk.end", {}),
        ("walk.take_back", {}),
    ],
)
async def test_what_no_longer_holds_is_called_off_and_says_no_more(
    evening: Evening, type: str, body: dict[str, Any]
) -> None:
    id = await a_walk(evening)
    await announce(evening, id)
    first = (await events(evening))[str(id)]
    read = feedparser.parse((await evening.http.get(f"{PAGE}/flode.xml")).content).entries[0]
    evening.passes(hours=1)

    outcome = await evening.act(type, id, body, COORDINATOR)

    assert outcome.outcome == "applied", outcome
    event = (await events(evening))[str(id)]
    (entry,) = feedparser.parse((await evening.http.get(f"{PAGE}/flode.xml")).content).entries
    assert (entry.id, entry.title) == (read.id, "Inställd eller ändrad")
    assert entry.updated > read.updated
    assert NAME not in str(entry)
    assert (str(event["STATUS"]), event["SEQUENCE"] > first["SEQUENCE"]) == ("CANCELLED", True)
    assert NAME not in str(event["SUMMARY"])
    assert "LOCATION" not in event
    text = await page(evening)
    assert MEETING not in text
    assert "Stationen" not in text


async def test_what_has_changed_is_shown_anew_as_it_was_read(evening: Evening) -> None:
    id = await a_walk(evening)
    await announce(evening, id)
    read = await version(evening, id)
    await change(evening, id, meeting_point="Stationen")
    called_off = (await events(evening))[str(id)]

    assert await announce(evening, id, seen=read) == "preview_is_old"
    assert await announce(evening, id) == "applied"

    event = (await events(evening))[str(id)]
    assert (str(event["LOCATION"]), str(event["STATUS"])) == ("Stationen", "CONFIRMED")
    assert event["SEQUENCE"] > called_off["SEQUENCE"]


async def test_changed_back_it_stays_called_off_until_somebody_shows_it_anew(evening: Evening) -> None:
    id = await a_walk(evening)
    await announce(evening, id)
    sequences = [(await events(evening))[str(id)]["SEQUENCE"]]
    for where in ("Stationen", MEETING):
        await change(evening, id, meeting_point=where)
        event = (await events(evening))[str(id)]
        assert str(event["STATUS"]) == "CANCELLED"
        sequences.append(event["SEQUENCE"])
    assert MEETING not in await page(evening)

    assert (await evening.act("walk.take_back", id, {}, COORDINATOR)).outcome == "applied"
    event = (await events(evening))[str(id)]
    assert str(event["STATUS"]) == "CANCELLED"
    sequences.append(event["SEQUENCE"])
    assert (await evening.act("walk.take_back", id, {}, COORDINATOR)).code == "not_announced"
    assert await announce(evening, id) == "applied"

    event = (await events(evening))[str(id)]
    assert str(event["STATUS"]) == "CONFIRMED"
    sequences.append(event["SEQUENCE"])
    assert sequences == sorted(sequences)
    assert sequences[-1] > sequences[-2]


@pytest.mark.parametrize("field", ["name", "place", "meeting_point"])
async def test_words_of_the_walk_that_may_name_a_person_go_out_only_when_somebody_is_sure(
    evening: Evening, field: str
) -> None:
    id = await a_walk(evening, **{field: "Hemma hos Kalle Svensson"})

    assert await announce(evening, id) == "announcement_asks"
    assert await events(evening) == {}
    assert await announce(evening, id, sure=True) == "applied"
    assert list(await events(evening)) == [str(id)]


async def test_what_has_been_leaves_and_cannot_be_shown(evening: Evening) -> None:
    id, other = await a_walk(evening), await a_walk(evening)
    await announce(evening, id)
    evening.passes(days=8)

    assert await events(evening) == {}
    assert MEETING not in await page(evening)
    assert await announce(evening, other) == "walk_ended"


async def test_a_walk_that_names_a_person_is_not_shown(evening: Evening) -> None:
    id = await a_walk(evening)

    assert await announce(evening, id, name="19811218-9876") == "personal_data"
    assert await events(evening) == {}


async def test_each_town_has_its_own_and_an_unknown_one_has_none(evening: Evening) -> None:
    await settle(evening.store, a_municipality("grannby"))
    there = Principal(municipality="grannby", role=Role.COORDINATOR, organisation="samordning", function="Samordnare")
    starts = evening.now + timedelta(days=3)
    theirs = await evening.plan(there, uuid7(), name=SECRET, starts_at=starts, ends_at=starts + timedelta(hours=1))
    await evening.act(
        "walk.announce", theirs, {"seen": await version(evening, theirs, "grannby"), "name": "Bo Ek"}, there
    )

    assert list(await events(evening, "grannby")) == [str(theirs)]
    assert await events(evening) == {}
    assert (await evening.http.get("/folj/finns-inte/kalender.ics")).status_code == 404
