"""Where letters go and what replies begin with: changed at the desk through the one door, with who and when."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.makers import COORDINATOR, LIDKOPING, a_municipality, an_evening
from tests.web.mail_houses import PARTY, PARTYS_MAIL, MailHouse, a_mail_house, links_in, with_mail
from trygghetsvandring.domain.ids import correspondence_id
from trygghetsvandring.domain.people import Role
from trygghetsvandring.sync.municipalities import settle

IT, NEW = correspondence_id(LIDKOPING), "vagdrift@trafikverket.example"


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def said(house: MailHouse, type: str, **body: Any) -> str:
    outcome = await house.evening.act(f"correspondence.{type}", IT, body, COORDINATOR)
    return outcome.code or outcome.outcome


async def shown(house: MailHouse) -> Any:
    headers = await house.signed_in(await house.user(Role.COORDINATOR, "samordning", "s@lidkoping.example"))
    return (await house.get("/api/correspondence", **headers)).json()


async def test_letters_go_to_the_address_somebody_gave_at_the_desk(house: MailHouse) -> None:
    assert await said(house, "address", organisation=PARTY, mail=f" {NEW} ") == "applied"

    await house.task()

    assert house.inbox.to(PARTYS_MAIL) == []
    (mail,) = house.inbox.to(NEW)
    assert (await house.get(links_in(mail)[0])).status_code == 200
    view = await shown(house)
    assert next(it["mail"] for it in view["parties"] if it["id"] == PARTY) == NEW
    (change,) = view["changes"]
    assert (change["by"], change["about"], change["was"], change["now"]) == (
        "Trygghetssamordnare",
        "Trafikverket",
        PARTYS_MAIL,
        NEW,
    )


async def test_what_was_changed_at_the_desk_stands_when_the_settings_are_read_in_again(house: MailHouse) -> None:
    await said(house, "address", organisation=PARTY, mail=NEW)
    await settle(house.evening.store, with_mail(PARTY, "gammal@trafikverket.example"))

    await house.task()

    assert [str(mail["To"]) for mail in house.inbox.mails] == [NEW]


async def test_without_an_address_nobody_is_written_to(house: MailHouse) -> None:
    assert await said(house, "address", organisation=PARTY, mail="") == "applied"

    await house.task()

    assert house.inbox.mails == []


@pytest.mark.parametrize(
    "mail",
    [
        "vägverket",
        "a@b@c.example",
        "Kim <kim@a.example>",
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
    ],
)
async def test_what_is_not_one_address_is_refused_and_the_old_one_stands(house: MailHouse, mail: str) -> None:
    assert await said(house, "address", organisation=PARTY, mail=mail) == "not_an_address"
    assert await said(house, "address", organisation="finns-inte", mail=NEW) == "party_unknown"
    assert await said(house, "address", organisation="socialtjansten", mail=NEW) == "party_unknown"

    await house.task()

    assert [str(mail["To"]) for mail in house.inbox.mails] == [PARTYS_MAIL]


async def test_a_reply_text_is_added_reworded_and_taken_away_and_each_is_remembered(house: MailHouse) -> None:
    before = [text.id for text in a_municipality().reply_texts]
    new = {"id": "ny", "step": "task.wait", "tile": ""}
    assert await said(house, "text", **new, text="Vi väntar på en lampa.") == "applied"
    assert await said(house, "text", **new, text="Vi väntar på en ny stolpe.") == "applied"
    assert await said(house, "text", **new, text="Vi väntar på en ny stolpe.") == "applied"  # again: nothing new
    assert await said(house, "text", id=before[0], step="task.finish", tile="", text="") == "applied"
    assert await said(house, "text", **new, text="Den som bor där, 811218-9876, klagar.") == "public_text_not_safe"
    assert await said(house, "text", id="x", step="task.plan", tile="", text="Snart.") == "step_unknown"
    assert await said(house, "text", id="x", step="task.wait", tile="finns-inte", text="Snart.") == "malformed"

    headers = await house.signed_in(await house.user(Role.HANDLER, "gata-park", "h@lidkoping.example"))
    texts = (await house.get("/api/reply-texts", **headers)).json()["texts"]

    assert [text["id"] for text in texts] == [*before[1:], "ny"]
    assert texts[-1]["text"] == "Vi väntar på en ny stolpe."
    changes = (await shown(house))["changes"]
    assert [(it["was"], it["now"]) for it in changes[1:]] == [
        ("Vi väntar på en lampa.", "Vi väntar på en ny stolpe."),
        ("", "Vi väntar på en lampa."),
    ]
    assert changes[0]["now"] == ""
