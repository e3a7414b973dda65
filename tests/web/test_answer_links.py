"""A party without an account answers by a link in a letter: through a real mail server, on a page without a script."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import select

from tests.imaging.hostile import sized
from tests.imaging.makers import PLANT, a_photo, an_exif_block, with_segment
from tests.makers import COORDINATOR, HANDLER, LIDKOPING, an_evening
from tests.web.mail_houses import PARTY, PARTYS_MAIL, PRIVATE, MailHouse, a_mail_house, forms_in, links_in, text_of
from trygghetsvandring.domain.connections import partner_id
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.photos import PhotoState
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import photos, sealed
from trygghetsvandring.storage.tables import answer_links, operations, versions
from trygghetsvandring.web.answers import WRONG


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def the_link(house: MailHouse) -> tuple[UUID, str]:
    """A task and the path of the link that went out with it."""
    task = await house.task()
    (mail,) = house.inbox.to(PARTYS_MAIL)
    (path,) = links_in(mail)
    return task, path


async def coordinator(house: MailHouse, type: str, task: UUID, body: dict[str, Any]) -> str:
    outcome = await house.evening.act(type, task, body, COORDINATOR)
    return outcome.code or outcome.outcome


# ---------------------------------------------------------------- the letter


async def test_a_task_for_a_party_without_accounts_leaves_with_a_link(house: MailHouse) -> None:
    task, path = await the_link(house)

    (mail,) = house.inbox.to(PARTYS_MAIL)
    number = (await house.read(task)).number
    assert mail["Subject"] == f"Åtgärd att svara på: Släckt lampa vid gångtunneln ({number}, kvitto B-1)"
    assert str(mail["References"]) == f"<atgard-{task}@lidkoping.example>"
    assert "Svara senast: fredag 27 november" in text_of(mail)
    assert path not in text_of(mail).replace(path, "", 1)
    page = (await house.get(path)).text
    assert (await house.read(task)).place in page and "norra mynning" not in page + text_of(mail)  # the walker's words


async def test_a_party_whose_own_system_gets_the_task_is_not_written_to_as_well(house: MailHouse) -> None:
    key = sealed.seal(house.evening.app.state.house.settings.key, LIDKOPING, "nyckel")
    body: dict[str, Any] = {"organisation": PARTY, "endpoint": "https://open311.example/v2"}
    body |= {"services": {"": "lampor"}, "sealed_key": key, "knows_repeats": True}
    assert await coordinator(house, "partner.set", partner_id(LIDKOPING, PARTY), body) == "applied"

    await house.task()

    assert house.inbox.to(PARTYS_MAIL) == []


async def test_the_secret_is_kept_as_a_digest_only(house: MailHouse) -> None:
    _, path = await the_link(house)
    secret = path.rsplit("/", 1)[1]

    async with house.evening.store.read() as db:
        stored = (await db.execute(select(answer_links.c.secret_hash))).scalar_one()
        texts = [str(row) for table in (answer_links, operations, versions) for row in await db.execute(select(table))]
    assert stored == digest(secret)
    assert not any(secret in text for text in texts)


async def test_many_tasks_go_in_one_letter_and_it_goes_once(house: MailHouse) -> None:
    tasks = [await house.task() for _ in range(2)]
    house.inbox.mails.clear()
    for task in tasks:
        body = {"link": uuid7(), "to": "drift@trafikverket.example", "recipient": "Driftledningen"}
        assert await coordinator(house, "answer_link.send", task, body) == "applied"

    await house.work()

    (mail,) = house.inbox.mails
    assert mail["Subject"] == "Lidköping: 2 åtgärder att svara på (B-3–B-4)"
    assert len(set(links_in(mail))) == 2
    assert text_of(mail).startswith("Till Driftledningen\n")


# ---------------------------------------------------------------- the page


async def test_a_mail_scanner_that_opens_the_link_changes_nothing(house: MailHouse) -> None:
    task, path = await the_link(house)
    before = await house.read(task)
    async with house.evening.store.read() as db:
        logged = len((await db.execute(select(operations.c.id))).all())

    opened = [await ask(path) for ask in (house.get, house.evening.http.head, house.get)]

    assert [each.status_code for each in opened] == [200, 200, 200]
    assert await house.read(task) == before
    async with house.evening.store.read() as db:
        assert len((await db.execute(select(operations.c.id))).all()) == logged
    assert (await house.answer(path, "accept")).status_code == 200  # and it works after the scanner


async def test_the_page_is_ours_alone_and_tells_nobody_where_it_was(house: MailHouse) -> None:
    _, path = await the_link(house)

    page = await house.get(path)

    assert page.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in page.headers["x-robots-tag"]
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    assert "<script" not in page.text
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "https://" not in page.text
    secret = path.rsplit("/", 1)[1]
    assert f"/{secret}" not in page.text  # in the forms' bodies, in no address


async def test_a_link_that_was_never_sent_is_a_plain_page(house: MailHouse) -> None:
    page = await house.get("/besked/" + "x" * 22)

    assert (page.status_code, "Länken stämmer inte" in page.text) == (404, True)


# ---------------------------------------------------------------- the answers


async def test_the_party_takes_it_says_a_day_and_says_that_it_is_done_with_a_photo(house: MailHouse) -> None:
    task, path = await the_link(house)
    picture = with_segment(a_photo(), 0xE1, an_exif_block())

    assert "Ni har tagit emot åtgärden" in (await house.answer(path, "accept")).text
    assert "Planerat" not in (await house.get(path)).text
    assert "Planerad 1 december" in (await house.answer(path, "plan", planned_on="2026-12-01")).text
    done = await house.answer(path, "finish", picture, extent="full", public_text="Lampan är bytt.")
    await house.work(Lane.PHOTOS)

    assert "Tack. Ni har sagt att det är åtgärdat." in done.text
    after = await house.read(task)
    assert (after.state, after.public_text, after.finished_by_organisation) == (
        TaskState.DONE,
        "Lampan är bytt.",
        "trafikverket",
    )
    assert [event.by for event in after.history[-3:]] == ["Trafikverket, genom länk"] * 3
    async with house.evening.store.read() as db:
        (photo,) = (await photos.of(db, LIDKOPING, [task]))[task]
    assert (photo.state, photo.is_sealed, after.photos) == (PhotoState.ACCEPTED, True, (photo.id,))
    shown = await house.evening.app.state.house.blobs.read(photos.shown_key(LIDKOPING, photo.id))
    assert shown is not None
    assert PLANT in picture
    assert PLANT not in shown


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"hej", "not_a_photo"), (a_photo()[:-200], "truncated"), (sized(a_photo(), 20_000, 20_000), "too_many_pixels")],
)
async def test_what_nobody_can_be_shown_is_refused_in_its_words(house: MailHouse, content: bytes, code: str) -> None:
    task, path = await the_link(house)
    await house.answer(path, "accept")

    refused = await house.answer(path, "finish", content, extent="full", public_text="Lampan är bytt.")

    assert WRONG[code] in refused.text
    assert "Lampan är bytt." in refused.text
    assert (await house.read(task)).state is TaskState.ACCEPTED


async def test_the_log_says_who_answered_and_by_what(house: MailHouse) -> None:
    task, path = await the_link(house)
    await house.answer(path, "accept")

    async with house.evening.store.read() as db:
        asked = select(operations.c.actor).where(operations.c.type == "answer.accept", operations.c.entity == task)
        (actor,) = (await db.execute(asked)).scalars()
    assert '"role":"answering_party"' in actor
    assert '"organisation":"trafikverket"' in actor


async def test_a_day_or_done_at_once_takes_it_too(house: MailHouse) -> None:
    task, path = await the_link(house)

    await house.answer(path, "finish", extent="partly", public_text="Halva sträckan är tänd.")

    assert [event.end for event in (await house.read(task)).history[-2:]] == [TaskState.ACCEPTED, TaskState.DONE]


async def test_a_form_sent_twice_is_one_answer(house: MailHouse) -> None:
    task, path = await the_link(house)
    form = forms_in(await house.get(path))["plan"] | {"planned_on": "2026-12-01"}

    first, second = await house.send(form), await house.send(form)

    assert "Dagen är sparad" in first.text
    assert WRONG["answered_already"] in second.text
    assert sum(event.type == "task.plan" for event in (await house.read(task)).history) == 1


async def test_the_last_answer_sent_twice_is_no_fault_either(house: MailHouse) -> None:
    _, path = await the_link(house)
    form = forms_in(await house.get(path))["finish"] | {"extent": "full", "public_text": "Bytt."}

    first, second = await house.send(form), await house.send(form)

    assert [first.status_code, second.status_code] == [200, 200]
    assert WRONG["answered_already"] in second.text


async def test_a_no_goes_back_with_its_reason(house: MailHouse) -> None:
    task, path = await the_link(house)

    page = await house.answer(path, "decline", reason="wrong_owner", public_text="Det är kommunens stolpe.")

    assert page.status_code == 200
    after = await house.read(task)
    assert (after.state, after.department, after.bounced) == (TaskState.NEW, None, 1)
    assert "Det är kommunens stolpe." in after.explanation
    assert (await house.get(path)).status_code == 410


async def test_a_private_owner_is_asked_and_may_say_no(house: MailHouse) -> None:
    task = await house.task(PRIVATE)
    body = {"link": uuid7(), "to": "agare@example.org", "recipient": "Fastighetsägaren"}
    assert await coordinator(house, "answer_link.send", task, body) == "applied"
    await house.work()
    (mail,) = house.inbox.to("agare@example.org")
    (path,) = links_in(mail)

    page = await house.get(path)
    await house.answer(path, "decline", reason="cannot", public_text="Vi har inte råd i år.")

    assert str(mail["Subject"]).startswith("Fråga om hjälp: ")
    assert "Ni bestämmer själva." in text_of(mail)
    assert "Ni bestämmer själva." in page.text
    after = await house.read(task)
    assert (after.state, after.public_text) == (TaskState.WONT_DO, "Vi har inte råd i år.")


async def test_a_person_in_the_text_is_turned_back_and_the_words_are_kept_in_the_form(house: MailHouse) -> None:
    task, path = await the_link(house)

    page = await house.answer(path, "finish", a_photo(), extent="full", public_text="Anna sågs där, 850709-9805.")

    assert page.status_code == 422
    assert WRONG["public_text_not_safe"] in page.text
    assert "Anna sågs där" in page.text
    assert (await house.read(task)).state is TaskState.ASSIGNED
    async with house.evening.store.read() as db:
        assert (await photos.of(db, LIDKOPING, [task])) == {}  # nothing was taken in for an answer that was not


async def test_what_may_be_about_a_person_is_asked_about_once(house: MailHouse) -> None:
    task, path = await the_link(house)
    words = {"extent": "full", "public_text": "Ring Anna på driften om det händer igen."}

    asked = await house.send(forms_in(await house.get(path))["finish"] | words)
    assert (asked.status_code, WRONG["perhaps_a_person"] in asked.text) == (422, True)
    assert (await house.read(task)).state is TaskState.ASSIGNED
    meant = await house.send(forms_in(asked)["finish"] | words)

    assert meant.status_code == 200
    assert (await house.read(task)).state is TaskState.DONE


async def test_what_somebody_writes_makes_no_markup(house: MailHouse) -> None:
    planted = '"><script>alert(1)</script>'
    task = await house.task(title=f"Lampa {planted}")
    (mail,) = house.inbox.to(PARTYS_MAIL)
    (path,) = links_in(mail)

    page = await house.answer(path, "decline", reason="unclear", public_text=f"850709-9805 {planted}")

    assert (await house.read(task)).state is TaskState.ASSIGNED
    assert page.status_code == 422
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text


# ---------------------------------------------------------------- when it is over


async def test_a_revoked_link_says_so_and_takes_nothing(house: MailHouse) -> None:
    task, path = await the_link(house)
    form = forms_in(await house.get(path))["accept"]
    async with house.evening.store.read() as db:
        link = (await db.execute(select(answer_links.c.id))).scalar_one()

    assert await coordinator(house, "answer_link.revoke", task, {"link": link}) == "applied"
    late = await house.send(form)

    assert late.status_code == 410
    assert "Länken är avstängd" in late.text
    assert (await house.get(path)).status_code == 410
    assert (await house.read(task)).state is TaskState.ASSIGNED


async def test_after_ninety_days_it_has_gone_out(house: MailHouse) -> None:
    task, path = await the_link(house)
    form = forms_in(await house.get(path))["accept"]

    house.evening.passes(days=90)

    page = await house.get(path)
    assert (page.status_code, "Länken har gått ut" in page.text) == (410, True)
    assert "Trygghetssamordnaren".lower() in page.text
    assert "Länken har gått ut" in (await house.send(form)).text
    assert (await house.read(task)).state is TaskState.ASSIGNED


async def test_when_the_task_is_closed_or_moved_the_link_is_over(house: MailHouse) -> None:
    closed, path = await the_link(house)
    await house.answer(path, "finish", extent="full", public_text="Bytt.")

    page = await house.get(path)

    assert (page.status_code, "Åtgärden är avslutad" in page.text) == (410, True)
    # Opened again it gets a new link, and the old one stays over.
    given = {"department": "trafikverket", "seen": "Mörkt igen.", "due_on": "2026-12-18"}
    assert await coordinator(house, "task.reopen", closed, given) == "applied"
    await house.work()
    assert (await house.get(path)).status_code == 410
    assert (await house.get(links_in(house.inbox.to(PARTYS_MAIL)[-1])[0])).status_code == 200


async def test_a_form_of_another_link_is_worth_nothing(house: MailHouse) -> None:
    _, one = await the_link(house)
    await house.task()
    other = links_in(house.inbox.to(PARTYS_MAIL)[-1])[0]
    stolen = forms_in(await house.get(one))["accept"]["form"]

    mixed = forms_in(await house.get(other))["accept"] | {"form": stolen}

    page = await house.send(mixed)
    assert (page.status_code, WRONG["form_unknown"] in page.text) == (422, True)


# ---------------------------------------------------------------- the task's page


async def test_only_those_who_have_the_task_send_and_revoke(house: MailHouse) -> None:
    task, _ = await the_link(house)
    async with house.evening.store.read() as db:
        link = (await db.execute(select(answer_links.c.id))).scalar_one()

    for type, body in (("answer_link.send", {"link": uuid7(), "to": "a@b.se"}), ("answer_link.revoke", {"link": link})):
        outcome = await house.evening.act(type, task, body, HANDLER)
        assert outcome.code == "not_your_task"


async def test_a_link_goes_to_exactly_one_address(house: MailHouse) -> None:
    task = await house.task(PRIVATE)

    for address in ("", "a@b.se,c@d.se", "a@b.se\r\nBcc: c@d.se", "Anna <a@b.se>", "a b@c.se", "inget"):
        body = {"link": uuid7(), "to": address}
        assert await coordinator(house, "answer_link.send", task, body) == "not_an_address"


async def test_no_phone_or_desk_answers_as_the_party(house: MailHouse) -> None:
    """Only the page's own route makes these operations."""
    task, _ = await the_link(house)
    phone = await house.evening.phone()
    async with house.evening.store.read() as db:
        link = (await db.execute(select(answer_links.c.id))).scalar_one()

    (outcome,) = await phone.push(phone.operation("answer.accept", task, {"link": link, "form": "x"}))

    assert outcome.code == "not_allowed"


async def test_an_erased_task_takes_its_links_and_what_was_said_by_them(house: MailHouse) -> None:
    from trygghetsvandring.domain.erasures import Ref
    from trygghetsvandring.storage import scrub

    task, path = await the_link(house)
    await house.answer(path, "plan", planned_on="2026-12-01")

    async with house.evening.store.write() as db:
        await scrub.scrub(db, LIDKOPING, [Ref("task", task)], uuid7(), house.evening.now)

    async with house.evening.store.read() as db:
        assert (await db.execute(select(answer_links.c.id))).all() == []
        wires = (await db.execute(select(operations.c.wire).where(operations.c.entity == task))).scalars().all()
    assert wires
    assert not any("planned_on" in wire or PARTYS_MAIL in wire for wire in wires)
    assert (await house.get(path)).status_code == 404
