"""Cards at the desk: shown, printed, shut and made anew; phones hear of it."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from tests.makers import COORDINATOR, an_evening
from tests.web.card_houses import applied, code_of, opened
from tests.web.mail_houses import MailHouse, a_mail_house
from trygghetsvandring.domain import cards as rules
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import people
from trygghetsvandring.web import cards
from trygghetsvandring.web.access import COOKIE


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    cards.forget_tries()
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def coordinator(house: MailHouse) -> dict[str, str]:
    user, token = await house.user("coordinator", "samordning", "samordnare@x"), f"session-{uuid7()}"
    async with house.evening.store.write() as db:
        await people.begin_session(
            db,
            token_hash=digest(token),
            municipality=user.municipality,
            user=user.id,
            device=uuid7(),
            now=house.evening.now,
            expires_at=house.evening.now + timedelta(hours=12),
        )
    return {"Cookie": f"{COOKIE}={token}"}


async def test_the_desk_shows_prints_shuts_and_makes_anew(house: MailHouse) -> None:
    phone, desk = await house.evening.phone(), await coordinator(house)
    path = f"/api/walks/{house.evening.walk}/card"

    seen = (await house.get(path, **desk)).json()
    assert seen["code"] == await code_of(phone)
    assert seen["made_by"] == COORDINATOR.function
    slips = (await house.get(f"{path}/slips", **desk)).text
    assert slips.count(seen["code"]) == 8
    drawn = re.findall(r"<svg[^>]*>", slips)
    assert len(drawn) == 8
    assert all("viewBox" in each and "width=" not in each for each in drawn)  # else a printed one is cut off
    assert "trygg.test/kort" in slips
    sheet = (await house.get(f"/api/walks/{house.evening.walk}/sheet", **desk)).text
    assert seen["code"] not in sheet  # it hangs on a wall

    await applied(house, "walk.shut_card", house.evening.walk)
    for asked, headers in ((path, desk), (f"{path}/slips", desk), ("/api/card", phone.headers)):
        answer = await house.get(asked, **headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_card"), asked
    twice = await house.evening.act("walk.shut_card", house.evening.walk, {}, COORDINATOR)
    assert twice.code == "no_card"

    await applied(house, "walk.make_card", house.evening.walk)
    assert (await house.get(path, **desk)).json()["code"] == await code_of(phone) != seen["code"]


async def test_phones_hear_that_the_card_is_another_one(house: MailHouse) -> None:
    phone = await house.evening.phone()

    async def card() -> object:
        return [each["state"]["card"] for each in (await phone.pull()).changes if each["kind"] == "walk"][-1]

    first = await card()
    await applied(house, "walk.make_card", house.evening.walk)
    second = await card()
    await applied(house, "walk.shut_card", house.evening.walk)

    assert None not in {first, second}
    assert first != second
    assert await card() is None


async def test_a_walk_that_is_over_still_gets_a_card(house: MailHouse) -> None:
    phone = await house.evening.phone()
    await applied(house, "walk.shut_card", house.evening.walk)
    await applied(house, "walk.end", house.evening.walk)
    await applied(house, "walk.make_card", house.evening.walk)

    assert (await opened(house, await code_of(phone))).status_code == 200


async def test_a_moved_walk_moves_the_day_its_card_ends(house: MailHouse) -> None:
    phone = await house.evening.phone()
    changes = {"starts_at": "2026-11-27T19:00:00+01:00", "ends_at": "2026-11-27T21:00:00+01:00"}
    await applied(house, "walk.change", house.evening.walk, **changes)

    answer = await house.get("/api/card", **phone.headers)

    assert answer.json()["through"] == "2027-12-31"


async def test_no_card_is_made_when_the_follow_up_is_over(house: MailHouse) -> None:
    house.evening.passes(days=401)
    late = await house.evening.act("walk.make_card", house.evening.walk, {}, COORDINATOR)
    desk = await coordinator(house)
    seen = await house.get(f"/api/walks/{house.evening.walk}/card", **desk)

    assert late.code == "card_too_late"
    assert (seen.status_code, seen.json()["code"]) == (404, "card_too_late")


async def test_under_another_key_no_dead_code_is_handed_out(house: MailHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = await house.evening.phone()
    monkeypatch.setattr(house.evening.app.state.house.engine, "key", b"another key")

    answer = await house.get("/api/card", **phone.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_card")
    await applied(house, "walk.make_card", house.evening.walk)
    assert (await opened(house, await code_of(phone))).status_code == 200


def test_one_id_in_two_municipalities_is_two_codes() -> None:
    id = uuid7()

    assert len({rules.code(b"key", place, id) for place in ("lidkoping", "skara")}) == 2
