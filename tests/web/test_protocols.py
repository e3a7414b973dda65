"""A walk's protocol: begun by itself, approved as it was read, then frozen; open to everybody only when published."""

from typing import Any

from sqlalchemy import select

from tests.sync.desks import LAMP, a_task, coordinator, handler, reviewed
from tests.web.phones import MUNICIPALITY, Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.protocols import protocol_id
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import protocols
from trygghetsvandring.storage.tables import editions, operations, versions

pytest_plugins = ["tests.web.evenings"]
SAID = "Tre lampor är släckta i tunneln."


async def the_protocol(triage: Any) -> Any:
    return await triage.get(f"/api/walks/{triage.evening.walk}/protocol")


async def approve(triage: Any, read: Any, **changes: Any) -> Any:
    """As the desk does it: what was read goes back as its digest."""
    body = {
        "walk": read["minutes"]["walk"],
        "made_from": read["made_from"],
        "digest": read["digest"],
        "name": "Anna Ek",
        "changed": "",
        "publish": True,
    }
    return await triage.push("protocol.approve", protocol_id(triage.evening.walk), body | changes)


async def test_it_is_begun_by_itself_when_the_last_phone_has_handed_in(evening: Evening) -> None:
    triage, first, second = await coordinator(evening), await evening.phone(), await evening.phone()
    handed_in = {"walk": str(evening.walk), "items": 0, "first_seq": 1, "last_seq": 1}

    await first.push("walk.hand_in", evening.walk, handed_in)
    await evening.app.state.runner.round(Lane.PHOTOS)
    assert (await the_protocol(triage))["protocol"]["version"] == 0
    await second.push("walk.hand_in", evening.walk, handed_in)
    await evening.app.state.runner.round(Lane.PHOTOS)

    assert (await the_protocol(triage))["protocol"]["version"] == 1


async def test_what_is_approved_is_what_was_read_and_never_changes(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    await a_task(phone, triage)
    id = protocol_id(evening.walk)
    await triage.done("protocol.draft", id, walk=evening.walk)
    await triage.done("protocol.edit", id, summary="Fin kväll.", weather="Mulet")
    read = await the_protocol(triage)
    await reviewed(phone, triage)  # after it was read: not in what is approved

    assert (await approve(triage, read))["outcome"] == "applied"
    await triage.done("protocol.edit", id, summary="Skrivet senare.")
    page = (await evening.http.get(f"/protokoll/{evening.walk}")).text
    assert f'/protokoll/{evening.walk}"' in (await evening.http.get("/folj/lidkoping/flode.xml")).text

    assert "Fin kväll." in page and "Version 1" in page and "Anna Ek, Trygghetssamordnare" in page
    assert "Skrivet senare." not in page and page.count(">LK-") == 1
    later = await the_protocol(triage)
    assert later["minutes"]["found"] == 2
    assert (await approve(triage, later))["code"] == "protocol_not_signable"
    assert (await approve(triage, later, changed="En till."))["outcome"] == "applied"
    assert "En till." in (await evening.http.get(f"/protokoll/{evening.walk}")).text
    assert [each["number"] for each in (await the_protocol(triage))["editions"]] == [2, 1]


async def test_what_has_changed_since_it_was_read_is_read_again(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    task = await a_task(phone, triage)
    await triage.done("protocol.draft", protocol_id(evening.walk), walk=evening.walk)
    read = await the_protocol(triage)
    unit = await handler(evening)
    await unit.done("task.accept", task, person="Laget")

    assert (await approve(triage, read))["code"] == "protocol_moved"


async def test_nobody_reads_what_is_not_published(evening: Evening) -> None:
    triage = await coordinator(evening)
    await triage.done("protocol.draft", protocol_id(evening.walk), walk=evening.walk)
    assert (await evening.http.get(f"/protokoll/{evening.walk}")).status_code == 404

    await approve(triage, await the_protocol(triage), publish=False)

    assert (await evening.http.get(f"/protokoll/{evening.walk}")).status_code == 404
    assert (await evening.http.get(f"/protokoll/{evening.walk}/pdf")).status_code == 404


async def test_every_format_and_the_papers_for_the_meeting_come_as_files(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    await a_task(phone, triage)
    begins = {"html": b"<!doctype", "pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK"}
    at = f"/api/walks/{evening.walk}"

    for path in (f"{at}/protocol/", f"{at}/meeting/", f"{at}/meeting/{{}}?department=gata-park"):
        for format, first in begins.items():
            asked = path.format(format) if "{}" in path else path + format
            answer = await evening.http.get(asked, headers=triage.headers)
            assert answer.status_code == 200 and answer.content.startswith(first), asked
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (await evening.http.get(f"{at}/protocol/exe", headers=triage.headers)).status_code == 400


async def test_what_is_erased_is_in_no_edition_no_file_and_no_line_of_the_log(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    found = await reviewed(phone, triage, **LAMP)
    id = protocol_id(evening.walk)
    await triage.done("protocol.draft", id, walk=evening.walk)
    await triage.done("protocol.edit", id, words=[{"id": found, "text": SAID}])
    await approve(triage, await the_protocol(triage))
    assert SAID in (await evening.http.get(f"/protokoll/{evening.walk}")).text  # kept as a file from now on
    house = evening.house

    async with house.store.write() as db:
        await protocols.scrub(db, MUNICIPALITY, [found], evening.now)
    await house.blobs.remove_all(protocols.files_key(MUNICIPALITY, evening.walk))

    page = (await evening.http.get(f"/protokoll/{evening.walk}")).text
    assert SAID not in page and "Borttaget enligt beslut." in page
    async with house.store.read() as db:
        kept = [
            *(await db.execute(select(editions.c.doc))).scalars(),
            *(await db.execute(select(versions.c.doc).where(versions.c.kind.in_(["edition", "protocol"])))).scalars(),
            *(await db.execute(select(operations.c.wire))).scalars(),
        ]
    assert not [text for text in kept if SAID in text]


async def test_a_comment_that_points_at_somebody_is_not_taken(evening: Evening) -> None:
    triage = await coordinator(evening)
    id = protocol_id(evening.walk)
    await triage.done("protocol.draft", id, walk=evening.walk)

    said = {"id": uuid7(), "text": "Ring 070-123 45 67 eller 811228-9874."}
    assert await triage.refused("protocol.edit", id, comments=[said]) == "public_text_not_safe"
