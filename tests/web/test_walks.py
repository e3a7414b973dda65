"""Walks over HTTP: a card before joining, a place in the group, and the coordinator's view of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.sync.desks import Desk, coordinator, handler
from tests.web.phones import Evening, Phone
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.web import sessions

pytest_plugins = ["tests.web.evenings"]
WRONG = "ZZZZ-ZZZZ"


@pytest.fixture(autouse=True)
def _a_new_evening() -> None:
    sessions.forget_tries()


@asynccontextmanager
async def a_caller(evening: Evening, address: str = "192.0.2.1") -> AsyncIterator[httpx.AsyncClient]:
    """Somebody at another address. A fault of the server's comes back as its answer."""
    transport = httpx.ASGITransport(evening.app, raise_app_exceptions=False, client=(address, 4000))
    async with httpx.AsyncClient(transport=transport, base_url="https://trygg.test") as http:
        yield http


async def invited(evening: Evening, desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = await desk.get(f"/api/walks/{evening.walk}/invite")
    return found


async def look(evening: Evening, **asked: str) -> httpx.Response:
    return await evening.http.post("/api/join/look", json=asked)


async def feel(phone: Phone, id: UUID | None = None, **answer: Any) -> None:
    at = phone.evening.now.isoformat()
    body = {"walk": str(phone.evening.walk), "stop": str(phone.evening.stop), "felt_at": at, "own": None}
    outcome = await phone.push("feeling.answer", id or uuid7(), body | {"counts": None} | answer)
    assert outcome["outcome"] == "applied", outcome


async def answer(phone: Phone, word: str) -> None:
    body = {"walk": str(phone.evening.walk), "stop": str(phone.evening.stop), "template": "gangtunnel"}
    said = {"template_version": 1, "item": "ingang", "answer": word, "answered_at": phone.evening.now.isoformat()}
    outcome = await phone.push("checklist.answer", uuid7(), body | said)
    assert outcome["outcome"] == "applied", outcome


# ---------------------------------------------------------------- joining


async def test_code_and_link_show_the_same_card_and_nothing_is_stored(evening: Evening) -> None:
    desk = await coordinator(evening)
    invite = await invited(evening, desk)
    secret = invite["link"].removeprefix("https://trygg.test/#g=")

    by_code, by_link = await look(evening, code=invite["code"].lower()), await look(evening, secret=secret)

    assert by_code.status_code == 200 and by_code.json() == by_link.json()
    card = by_code.json()
    assert (card["name"], card["stops"], len(card["points"])) == ("Margretelund, kvällsvandring", 6, 6)
    assert card["municipality"] == {"id": "lidkoping", "name": "Lidköping"}
    assert (await invited(evening, desk))["joined"] == 0


async def test_who_joins_gets_a_token_that_opens_the_walk(evening: Evening) -> None:
    desk, device = await coordinator(evening), str(uuid7())
    code = (await invited(evening, desk))["code"]

    joined = await evening.http.post("/api/join", json={"code": code, "device": device, "alias": " Kim "})

    assert (joined.status_code, joined.headers["cache-control"]) == (200, "no-store")
    assert (joined.json()["device"], joined.json()["walk"]) == (device, str(evening.walk))
    pulled = await evening.http.get("/sync/pull", headers={"Authorization": f"Bearer {joined.json()['token']}"})
    assert pulled.status_code == 200
    (phone,) = (await desk.get(f"/api/walks/{evening.walk}"))["phones"]
    assert (phone["id"], phone["alias"]) == (device, "Kim")


async def test_a_joining_that_arrives_late_shuts_its_phone_out_of_nothing(evening: Evening) -> None:
    code = (await invited(evening, await coordinator(evening)))["code"]
    asked = {"code": code, "device": str(uuid7()), "key": "a1" * 16}

    first, second = [(await evening.http.post("/api/join", json=asked)).json()["token"] for _ in range(2)]
    other = (await evening.http.post("/api/join", json=asked | {"device": str(uuid7())})).json()["token"]

    assert first == second != other
    answered = await evening.http.get("/sync/pull", headers={"Authorization": f"Bearer {first}"})
    assert answered.status_code == 200


async def test_joining_again_without_a_key_ends_the_token_before(evening: Evening) -> None:
    asked = {"code": (await invited(evening, await coordinator(evening)))["code"], "device": str(uuid7())}
    first, second = [(await evening.http.post("/api/join", json=asked)).json()["token"] for _ in range(2)]

    for token, status in ((first, 401), (second, 200)):
        answered = await evening.http.get("/sync/pull", headers={"Authorization": f"Bearer {token}"})
        assert answered.status_code == status


async def test_a_full_walk_an_ended_one_and_no_walk_have_codes_of_their_own(evening: Evening) -> None:
    desk = await coordinator(evening)
    await desk.done("walk.invite", evening.walk, cap=1)
    code = (await invited(evening, desk))["code"]
    answers = [await evening.http.post("/api/join", json={"code": code, "device": str(uuid7())}) for _ in range(2)]

    assert [it.status_code for it in answers] == [200, 409]
    assert (answers[1].json()["code"], answers[1].json()["facts"]) == ("invite_full", {"cap": 1})

    await desk.done("walk.end", evening.walk)
    gone, unknown = await look(evening, code=code), await look(evening, code=WRONG)
    assert (gone.status_code, gone.json()["code"]) == (410, "invite_ended")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "invite_unknown")
    await desk.get(f"/api/walks/{evening.walk}/invite", 404)


@pytest.mark.parametrize("asked", [{}, {"code": ""}, {"secret": ""}, {"code": None, "secret": None}, {"code": "\x00"}])
async def test_nothing_opens_no_walk(evening: Evening, asked: dict[str, Any]) -> None:
    answered = await evening.http.post("/api/join/look", json=asked)

    assert (answered.status_code, answered.json()["code"]) == (404, "invite_unknown")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"code":7}', b'{"code":"\\ud800"}', b"{" * 5_000, b'{"code":"\xff"}'])
async def test_what_cannot_be_read_is_refused_in_our_words(evening: Evening, body: bytes) -> None:
    async with a_caller(evening) as http:
        answered = await http.post("/api/join/look", content=body)

    assert answered.status_code in {400, 404}, answered.text
    assert answered.headers["content-type"] == "application/problem+json"


# ---------------------------------------------------------------- guessing


async def test_ten_wrong_codes_from_one_address_and_its_right_one_waits(evening: Evening) -> None:
    code = (await invited(evening, await coordinator(evening)))["code"]
    assert [(await look(evening, code=WRONG)).status_code for _ in range(10)] == [404] * 10

    waits = await look(evening, code=code)

    assert (waits.status_code, waits.json()["code"]) == (429, "too_many_tries")
    assert 1 <= int(waits.headers["Retry-After"]) <= 3600
    async with a_caller(evening) as other:
        assert (await other.post("/api/join/look", json={"code": code})).status_code == 200


async def test_a_link_is_no_guess_and_opens_for_a_group_behind_one_address(evening: Evening) -> None:
    secret = (await invited(evening, await coordinator(evening)))["link"].partition("#g=")[2]
    for _ in range(10):
        await look(evening, code=WRONG)

    assert (await look(evening, secret=secret)).status_code == 200


async def test_many_guesses_at_once_get_no_more_tries_than_one_after_the_other(evening: Evening) -> None:
    answers = await asyncio.gather(*(look(evening, code=WRONG) for _ in range(40)))

    assert sum(it.status_code == 404 for it in answers) <= 10
    assert {it.status_code for it in answers} == {404, 429}


async def test_a_hundred_wrong_codes_from_anywhere_and_every_code_waits(evening: Evening) -> None:
    code = (await invited(evening, await coordinator(evening)))["code"]
    for n in range(100):
        async with a_caller(evening, f"198.51.100.{n // 10}") as http:
            assert (await http.post("/api/join/look", json={"code": WRONG})).status_code == 404

    async with a_caller(evening, "203.0.113.9") as fresh:
        right = await fresh.post("/api/join/look", json={"code": code})
        wrong = await fresh.post("/api/join", json={"code": WRONG, "device": str(uuid7())})

    assert (right.status_code, wrong.status_code) == (429, 429)  # no telling which of them was right


async def test_with_two_walks_to_join_there_are_twice_as_many_tries(evening: Evening) -> None:
    desk = await coordinator(evening)
    await plan(evening, desk)
    for n in range(101):
        async with a_caller(evening, f"198.51.100.{n // 10}") as http:
            assert (await http.post("/api/join/look", json={"code": WRONG})).status_code == 404


async def plan(evening: Evening, desk: Desk, **changes: Any) -> UUID:
    walk, stop = uuid7(), {"id": str(uuid7()), "number": 1, "name": "Torget", "place_type": "torg"}
    body = {
        "name": "Torget",
        "place": "Torget",
        "starts_at": (evening.now + timedelta(hours=1)).isoformat(),
        "ends_at": (evening.now + timedelta(hours=3)).isoformat(),
        "leader": "Maria",
        "meeting_point": "Rådhuset",
        "recording": "one_recorder",
        "stops": [{**stop, "lat": 58.5045, "lon": 13.157, "template": "torg"}],
    }
    await desk.done("walk.plan", walk, **(body | changes))
    await desk.done("walk.invite", walk, cap=25)
    return walk


# ---------------------------------------------------------------- the coordinator's view


async def test_walks_are_listed_newest_first_with_what_has_come(evening: Evening) -> None:
    desk, phone = await coordinator(evening), await evening.phone()
    later = await plan(evening, desk, starts_at="2026-12-04T19:00:00+01:00", ends_at="2026-12-04T21:00:00+01:00")
    await phone.observe()

    rows = (await desk.get("/api/walks"))["walks"]

    assert [(row["id"], row["received"]) for row in rows] == [(str(later), 0), (str(evening.walk), 1)]
    assert [(row["participants"], row["phones_not_done"]) for row in rows] == [(0, 0), (1, 0)]


async def test_feelings_are_summed_over_people_and_nobody_is_counted_twice(evening: Evening) -> None:
    desk, recorder, other = await coordinator(evening), await evening.phone(), await evening.phone()
    await feel(recorder, counts={"safe": 2, "neither": 1, "unsafe": 3})
    await feel(other, own="unsafe")
    evening.now += timedelta(minutes=5)
    await feel(other, own="safe")  # the same phone at the same stop thought again

    (row,) = (await desk.get(f"/api/walks/{evening.walk}"))["feelings"]

    assert row == {"stop": str(evening.stop), "safe": 3, "neither": 1, "unsafe": 3, "n": 7}


@pytest.mark.parametrize("newest_first", [False, True])
async def test_two_answers_of_one_phone_under_two_ids_count_as_the_newest_alone(
    evening: Evening, newest_first: bool
) -> None:
    desk, phone = await coordinator(evening), await evening.phone()
    ids = sorted((uuid7(), uuid7()), reverse=newest_first)
    for id, own in zip(ids, ("unsafe", "safe"), strict=True):
        await feel(phone, id, own=own)
        await answer(phone, "no" if own == "unsafe" else "yes")
        evening.now += timedelta(minutes=5)

    walk = await desk.get(f"/api/walks/{evening.walk}")

    assert [(row["safe"], row["unsafe"], row["n"]) for row in walk["feelings"]] == [(1, 0, 1)]
    assert [(row["yes"], row["no"]) for row in walk["answers"]] == [(1, 0)]


async def test_answers_are_summed_over_phones_each_once(evening: Evening) -> None:
    desk, one, other = await coordinator(evening), await evening.phone(), await evening.phone()
    await answer(one, "no")
    await answer(other, "unknown")
    evening.now += timedelta(minutes=5)
    await answer(other, "no")

    (row,) = (await desk.get(f"/api/walks/{evening.walk}"))["answers"]

    assert row == {"stop": str(evening.stop), "item": "ingang", "yes": 0, "no": 2, "unknown": 0}


async def test_a_gap_in_what_was_promised_is_a_phone_that_is_not_done(evening: Evening) -> None:
    desk, phone = await coordinator(evening), await evening.phone()
    await phone.observe()
    body = {"walk": str(evening.walk), "items": 3, "first_seq": 1, "last_seq": 4}
    await phone.push("walk.hand_in", evening.walk, body)  # the second of what it sends

    row = await desk.get(f"/api/walks/{evening.walk}")
    assert (row["phones_not_done"], row["phones"][0]["missing_operations"]) == (1, 2)

    await phone.observe()
    await phone.observe()
    assert (await desk.get(f"/api/walks/{evening.walk}"))["phones_not_done"] == 0


@pytest.mark.parametrize(("ahead", "outcome"), [(10_000, "applied"), (10_001, "rejected"), (2_000_000_000, "rejected")])
async def test_a_phone_cannot_promise_more_than_an_evening_holds(evening: Evening, ahead: int, outcome: str) -> None:
    desk, phone = await coordinator(evening), await evening.phone()
    await phone.observe()  # number 1
    body = {"walk": str(evening.walk), "items": 1, "first_seq": 1, "last_seq": 1 + ahead}

    said = await phone.push("walk.hand_in", evening.walk, body)

    assert (said["outcome"], said.get("code")) == (outcome, None if outcome == "applied" else "promises_too_much")
    missing = (await desk.get(f"/api/walks/{evening.walk}"))["phones"][0]["missing_operations"]
    assert missing == (ahead - 1 if outcome == "applied" else 0)


async def test_a_walk_that_is_not_or_is_not_ones_own_is_not_found(evening: Evening) -> None:
    desk, gata = await coordinator(evening), await handler(evening)

    for path in ("", "/invite", "/sheet"):
        assert (await desk.get(f"/api/walks/{uuid7()}{path}", 404))["code"] in {"not_found", "no_invite"}
        await gata.get(f"/api/walks/{evening.walk}{path}", 404)


async def test_a_walk_without_an_invite_says_so(evening: Evening) -> None:
    desk = await coordinator(evening)
    await desk.done("walk.end", evening.walk)

    assert (await desk.get(f"/api/walks/{evening.walk}/invite", 404))["code"] == "no_invite"
    assert (await desk.get(f"/api/walks/{evening.walk}/sheet", 404))["code"] == "no_invite"


async def test_the_sheet_has_the_code_and_no_word_of_it_is_markup(evening: Evening) -> None:
    desk = await coordinator(evening)
    await desk.done("walk.change", evening.walk, name="<script>x</script>", leader="Maria & 'Ali'")

    page = await evening.http.get(f"/api/walks/{evening.walk}/sheet", headers=desk.headers)

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert (await invited(evening, desk))["code"] in page.text
    assert "&lt;script&gt;x&lt;/script&gt;" in page.text and "<script" not in page.text
    assert "Maria &amp; &#x27;Ali&#x27;" in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


async def test_dusk_is_told_for_a_day_and_a_place(evening: Evening) -> None:
    told = await (await coordinator(evening)).get("/api/dusk?date=2026-11-20&lat=58.505&lon=13.158")

    assert (told["date"], told["civil_dusk"][:16]) == ("2026-11-20", "2026-11-20T16:25")


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "date=2026-11-31&lat=58&lon=13",
        "date=&lat=58&lon=13",
        "date=2026-11-20&lat=nan&lon=13",
        "date=2026-11-20&lat=91&lon=13",
        "date=2026-11-20&lat=58&lon=-181",
        "date=2026-11-20&lat=58",
        "date=2026-11-20&lat=x&lon=13",
    ],
)
async def test_dusk_of_no_day_or_no_place_is_refused(evening: Evening, asked: str) -> None:
    assert (await (await coordinator(evening)).get(f"/api/dusk?{asked}", 400))["code"] == "bad_parameter"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("lat", [-90, 0, 90])
async def test_dusk_at_the_ends_of_the_calendar_and_the_earth_is_an_answer(
    evening: Evening, day: str, lat: int
) -> None:
    desk = await coordinator(evening)

    for lon in (-180, 180):
        assert (await desk.get(f"/api/dusk?date={day}&lat={lat}&lon={lon}"))["date"] == day


async def test_the_duty_is_told_and_its_address_and_the_rules_are_not(evening: Evening) -> None:
    phone = await evening.phone()

    answered = await evening.http.get("/api/municipality", headers=phone.headers)

    place = seed.lidkoping()
    assert answered.json()["duty"] == {"phone": place.duty.phone, "hours": place.duty.hours}
    assert place.duty.mail not in answered.text and "rules" not in answered.json()


async def test_the_start_page_offers_no_walk_whose_invite_has_ended(evening: Evening) -> None:
    assert (await evening.http.get("/api/start")).json()["walk"] is not None

    evening.now += timedelta(days=3)

    assert (await evening.http.get("/api/start")).json()["walk"] is None
