"""A card for each walk: its page says what became of what the group saw, to whoever has the code and to nobody else."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from limits import RateLimitItemPerHour
from sqlalchemy import select

from tests.makers import HANDLER, an_evening
from tests.web.card_houses import applied, code_of, done, opened, press
from tests.web.mail_houses import MailHouse, a_mail_house
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage.tables import metadata
from trygghetsvandring.web import cards, digests, sessions

WRONG = "0000-0000-0000"


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    cards.forget_tries()
    digests.forget_tries()
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


# ---------------------------------------------------------------- what it shows


async def test_the_page_says_what_became_of_it_and_nothing_that_somebody_wrote(house: MailHouse) -> None:
    phone = await house.evening.phone()
    await done(house, phone, stop=house.evening.stop)
    planned = await house.task("gata-park", phone=phone)
    for type, body in (("task.accept", {"person": "Kalle på laget"}), ("task.plan", {"planned_on": "2026-12-09"})):
        assert (await house.evening.act(type, planned, body, HANDLER)).outcome == "applied"
    await phone.push(phone.observation(text="Hemligt om en granne"))

    page = await opened(house, await code_of(phone))

    assert page.status_code == 200
    for said in (
        "Det här såg ni: Margretelund, fredag kväll, 20 november.",
        "2 av 3",
        "Trasig belysning",
        "Åtgärdat enligt Gata och park 20 november",
        "Lampan är bytt.",
        "9 december 2026",
        "Har du varit där efter 20 november, när det var mörkt?",
        "1 väntar på att få sitt svar.",
        "Kortet gäller till och med 24 december 2027.",
    ):
        assert said in page.text, said
    for kept in ("granne", "tunnelns norra mynning", "Kim", "Kalle", "<img", str(phone.device)):
        assert kept not in page.text, kept


async def test_what_another_walk_saw_of_the_same_is_told_to_that_one(house: MailHouse) -> None:
    phone, finding, theirs = await house.evening.phone(), uuid7(), uuid7()
    await phone.push(phone.observation(finding, category="bel.trasig"))
    other = await house.evening.phone(await house.evening.plan(walk=uuid7(), name="En annan vandring"))
    await other.push(other.observation(theirs, category="glas"))
    for each, category in ((finding, "bel.trasig"), (theirs, "glas")):
        await applied(house, "observation.review", each, category=category, severity=1)
    await applied(house, "observation.merge", theirs, into=str(finding))

    assert "0 av 1" in (await opened(house, await code_of(phone))).text


async def test_a_day_that_nobody_stands_by_any_more_is_not_promised(house: MailHouse) -> None:
    phone = await house.evening.phone()
    task, code = await house.task("gata-park", phone=phone), await code_of(phone)
    for type, body in (("task.accept", {"person": "Laget"}), ("task.plan", {"planned_on": "2026-12-09"})):
        assert (await house.evening.act(type, task, body, HANDLER)).outcome == "applied"
    assert "9 december 2026" in (await opened(house, code)).text
    why = {"reason": "parts", "public_text": "En del saknas.", "next_look_on": "2026-12-20"}
    assert (await house.evening.act("task.wait", task, why, HANDLER)).outcome == "applied"

    assert "9 december 2026" not in (await opened(house, code)).text


async def test_what_is_held_back_is_only_waited_for_and_what_concerns_people_is_only_counted(house: MailHouse) -> None:
    phone = await house.evening.phone()
    held, social, fixed = uuid7(), uuid7(), uuid7()
    await phone.push(
        phone.observation(held, category="klotter"),
        phone.observation(social, category="narkotika.spar"),
        phone.observation(fixed, category="glas"),
    )
    await applied(house, "observation.withhold", held, reason="En person kan kännas igen.")
    for finding, category, reason, said in (
        (social, "narkotika.spar", "already_fixed", "Det är borta."),
        (fixed, "glas", "already_fixed", "Det är sopat."),
    ):
        await applied(house, "observation.review", finding, category=category, severity=1)
        await applied(house, "observation.dismiss", finding, reason=reason, public_text=said)

    page = (await opened(house, await code_of(phone))).text

    assert "Glaskross" in page
    assert "Det är sopat." in page
    assert "1 är besvarade utan att bli en åtgärd. De räknas men visas inte." in page
    assert "1 väntar på att få sitt svar." in page
    assert not any(word in page.lower() for word in ("klotter", "narkotika", "kännas igen"))


async def test_what_its_author_took_back_is_not_counted_and_nothing_yet_says_so(house: MailHouse) -> None:
    phone, finding = await house.evening.phone(), uuid7()
    code = await code_of(phone)
    await phone.push(phone.observation(finding))
    await phone.push(phone.operation("observation.withdraw", finding, {"reason": "Fel plats"}))

    assert "Inget har kommit in än." in (await opened(house, code)).text


@pytest.mark.parametrize("typed", ["{low}", " {spaced} ", "{dashed}"])
async def test_a_code_is_read_as_it_was_meant(house: MailHouse, typed: str) -> None:
    code = await code_of(await house.evening.phone())
    asked = typed.format(low=code.lower(), spaced=code.replace("-", " "), dashed=code.replace("-", "–"))

    assert (await opened(house, asked)).status_code == 200


# ---------------------------------------------------------------- whom it opens for


async def test_wrong_shut_and_over_are_the_same_answer(house: MailHouse) -> None:
    phone = await house.evening.phone()
    code = await code_of(phone)
    wrong = await opened(house, WRONG)
    await applied(house, "walk.shut_card", house.evening.walk)
    shut = await opened(house, code)
    await applied(house, "walk.make_card", house.evening.walk)
    newer = await code_of(phone)
    assert (await opened(house, newer)).status_code == 200
    house.evening.passes(days=401)
    cards.forget_tries()
    over = await opened(house, newer)

    assert wrong.status_code == shut.status_code == over.status_code == 404
    texts = {answer.text.replace(typed, "") for answer, typed in ((wrong, WRONG), (shut, code), (over, newer))}
    assert len(texts) == 1
    assert f'value="{WRONG}"' in wrong.text  # to be read again against the card
    assert "Margretelund" not in wrong.text


async def test_a_new_card_shuts_the_one_before_it_for_every_form(house: MailHouse) -> None:
    phone = await house.evening.phone()
    code, task = await code_of(phone), await done(house, phone)
    await applied(house, "walk.make_card", house.evening.walk)

    for path in ("/kort", "/kort/svar", "/kort/mejl"):
        answer = await press(house, path, code=code, task=str(task), seen="good", address="kim@example.org")
        assert answer.status_code == 404, path
    assert (await house.read(task)).state is TaskState.DONE
    assert house.inbox.to("kim@example.org") == []
    assert await code_of(phone) != code


async def test_ten_wrong_codes_an_hour_and_then_the_right_one_waits_too(house: MailHouse) -> None:
    code = await code_of(await house.evening.phone())
    paths = ("/kort", "/kort/svar", "/kort/mejl")
    answers = [await press(house, paths[n % 3], code=WRONG, task="x", seen="good", address="a@b.se") for n in range(10)]
    right = await opened(house, code)

    assert [answer.status_code for answer in answers] == [404] * 10
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) > 0
    cards.forget_tries()
    assert (await opened(house, code)).status_code == 200


async def test_right_codes_are_never_counted_as_guesses(house: MailHouse) -> None:
    code = await code_of(await house.evening.phone())

    assert {(await opened(house, code)).status_code for _ in range(12)} == {200}


async def test_what_was_a_card_or_is_no_code_is_no_guess(house: MailHouse) -> None:
    phone = await house.evening.phone()
    shut = await code_of(phone)
    await applied(house, "walk.make_card", house.evening.walk)

    assert {(await opened(house, typed)).status_code for typed in (shut, "ABCD-EFGH-JKM") for _ in range(12)} == {404}
    assert (await opened(house, await code_of(phone))).status_code == 200


async def test_guesses_from_everywhere_are_counted_together(house: MailHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "_WRONG_OF_ALL", RateLimitItemPerHour(3))
    senders = (f"2001:db8:{n}::1" for n in range(100))
    monkeypatch.setattr(sessions, "address", lambda _request: next(senders))

    assert [(await opened(house, WRONG)).status_code for _ in range(4)] == [404, 404, 404, 429]


async def test_a_whole_ipv6_network_is_one_sender(house: MailHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    senders = (f"2001:db8:0:1::{n}" for n in range(1, 100))
    monkeypatch.setattr(sessions, "address", lambda _request: next(senders))

    assert [(await opened(house, WRONG)).status_code for _ in range(11)] == [404] * 10 + [429]


async def test_the_database_has_the_code_nowhere_and_not_even_its_plain_digest(house: MailHouse) -> None:
    code = await code_of(await house.evening.phone())
    await opened(house, code)
    bare = code.replace("-", "")
    secrets = (code, bare, digest(bare), digest(code))

    async with house.evening.store.read() as db:
        for name, table in metadata.tables.items():
            rows = [str(tuple(row)) for row in await db.execute(select(table))]
            assert not [secret for secret in secrets for row in rows if secret in row], name


async def test_no_address_of_the_page_carries_the_code_and_nothing_keeps_it(house: MailHouse) -> None:
    phone = await house.evening.phone()
    await done(house, phone)
    code = await code_of(phone)
    page = await opened(house, code)

    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page.text)
    assert addresses
    assert not [each for each in addresses if code.replace("-", "") in each.replace("-", "")]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]


async def test_the_qr_carries_it_after_the_hash_that_no_browser_sends(house: MailHouse) -> None:
    answer = await house.evening.http.get("/api/card", headers=(await house.evening.phone()).headers)
    seen = answer.json()

    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", seen["code"])
    assert seen["address"].endswith("/kort")
    assert seen["through"] == "2027-12-24"
    assert "location.hash" in (await house.get("/kort/kod.js")).text


# ---------------------------------------------------------------- whether it holds


async def test_however_many_press_the_same_answer_is_one_voice_and_one_line(house: MailHouse) -> None:
    phone = await house.evening.phone()
    code, task = await code_of(phone), await done(house, phone)

    for _ in range(5):
        answer = await press(house, "/kort/svar", code=code, task=str(task), seen="no")
        assert "Tack. Ditt svar är sparat." in answer.text
    told = await house.read(task)

    assert [each.seen.value for each in told.confirmations] == ["no"]
    assert [event.by for event in told.history if event.type == "task.confirm"] == ["Någon med vandringens kort"]
    assert told.reopen_proposed


async def test_those_who_press_at_once_are_one_line_too(house: MailHouse) -> None:
    phone = await house.evening.phone()
    code, task = await code_of(phone), await done(house, phone)
    many = [press(house, "/kort/svar", code=code, task=str(task), seen="no") for _ in range(6)]

    answers = await asyncio.gather(*many)

    assert {answer.status_code for answer in answers} == {200}
    told = await house.read(task)
    assert len([event for event in told.history if event.type == "task.confirm"]) == 1


async def test_one_of_the_groups_yes_takes_back_nobody_elses_no(house: MailHouse) -> None:
    phone = await house.evening.phone()
    code, task = await code_of(phone), await done(house, phone)

    for seen in ("no", "good", "partly", "not_there"):
        assert (await press(house, "/kort/svar", code=code, task=str(task), seen=seen)).status_code == 200
    told = await house.read(task)

    assert sorted(each.seen.value for each in told.confirmations) == ["good", "no", "not_there", "partly"]
    assert told.reopen_proposed


async def test_a_no_after_the_first_was_answered_is_heard_again_and_so_is_one_of_another_day(house: MailHouse) -> None:
    phone = await house.evening.phone()
    code, task = await code_of(phone), await done(house, phone)
    await press(house, "/kort/svar", code=code, task=str(task), seen="no")
    house.evening.passes(minutes=1)
    await applied(house, "task.uphold", task, public_text="Vi var där. Den lyser.")
    assert not (await house.read(task)).reopen_proposed

    house.evening.passes(minutes=1)
    await press(house, "/kort/svar", code=code, task=str(task), seen="no")
    assert (await house.read(task)).reopen_proposed
    lines = len((await house.read(task)).history)
    house.evening.passes(days=1)
    await press(house, "/kort/svar", code=code, task=str(task), seen="no")

    assert len((await house.read(task)).history) == lines + 1
    assert len((await house.read(task)).confirmations) == 1


async def test_said_of_a_task_that_was_merged_meanwhile_it_is_said_once_of_the_one_that_goes_on(
    house: MailHouse,
) -> None:
    phone = await house.evening.phone()
    code = await code_of(phone)
    gone, kept = await house.task("gata-park", phone=phone), await house.task("gata-park", phone=phone)
    await applied(house, "task.merge", gone, into=str(kept))
    for type, body in (
        ("task.accept", {"person": "Laget"}),
        ("task.finish", {"extent": "full", "public_text": "Bytt."}),
    ):
        assert (await house.evening.act(type, kept, body, HANDLER)).outcome == "applied"

    for id in (gone, kept, gone):
        assert (await press(house, "/kort/svar", code=code, task=str(id), seen="no")).status_code == 200
    told = await house.read(kept)

    assert [each.seen.value for each in told.confirmations] == ["no"]
    assert len([event for event in told.history if event.type == "task.confirm"]) == 1


async def test_a_yes_from_the_place_confirms_it(house: MailHouse) -> None:
    phone = await house.evening.phone()
    code, task = await code_of(phone), await done(house, phone)

    page = await press(house, "/kort/svar", code=code, task=str(task), seen="good")

    assert "Åtgärdat, bekräftat på plats" in page.text
    assert (await house.read(task)).state is TaskState.VERIFIED


@pytest.mark.parametrize("extent", ["full", "partly"])
async def test_the_first_yes_does_not_take_the_question_from_the_others(house: MailHouse, extent: str) -> None:
    phone = await house.evening.phone()
    code, task = await code_of(phone), await house.task("gata-park", phone=phone)
    body = {"extent": extent, "public_text": "Lampan är bytt."} | (
        {"remains": "En till."} if extent == "partly" else {}
    )
    assert (await house.evening.act("task.accept", task, {"person": "Laget"}, HANDLER)).outcome == "applied"
    finished = await house.evening.act("task.finish", task, body, HANDLER)
    assert finished.outcome == "applied", finished
    page = await press(house, "/kort/svar", code=code, task=str(task), seen="good")

    (form,) = re.findall(r'<form[^>]*action="/kort/svar"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    again = await press(house, "/kort/svar", **hidden, seen="no")

    assert "Tack. Ditt svar är sparat." in again.text
    told = await house.read(task)
    assert sorted(each.seen.value for each in told.confirmations) == ["good", "no"]
    assert told.reopen_proposed


async def test_the_card_answers_for_its_own_walk_only(house: MailHouse) -> None:
    code = await code_of(await house.evening.phone())
    another = await house.evening.plan(walk=uuid7(), name="En annan vandring")
    task = await done(house, await house.evening.phone(another))

    for fields in ({"task": str(task), "seen": "good"}, {"task": str(uuid7()), "seen": "good"}, {"task": "x"}):
        assert (await press(house, "/kort/svar", code=code, **fields)).status_code == 422
    assert (await house.read(task)).state is TaskState.DONE
