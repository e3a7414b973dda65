"""What people do with a walk's card: it is shown on a phone, typed at home, answered from."""

from uuid import UUID

import httpx

from tests.makers import COORDINATOR, HANDLER, Phone
from tests.web.mail_houses import MailHouse


async def code_of(phone: Phone) -> str:
    answer = await phone.evening.http.get("/api/card", headers=phone.headers)
    assert answer.status_code == 200, answer.text
    code: str = answer.json()["code"]
    return code


async def press(house: MailHouse, path: str, **fields: str) -> httpx.Response:
    return await house.evening.http.post(path, data=fields)


async def opened(house: MailHouse, code: str) -> httpx.Response:
    return await press(house, "/kort", code=code)


async def done(house: MailHouse, phone: Phone, **seen: object) -> UUID:
    task = await house.task("gata-park", phone=phone, seen=seen)
    for type, body in (
        ("task.accept", {"person": "Laget"}),
        ("task.finish", {"extent": "full", "public_text": "Lampan är bytt."}),
    ):
        assert (await house.evening.act(type, task, body, HANDLER)).outcome == "applied"
    return task


async def applied(house: MailHouse, type: str, entity: UUID, **body: object) -> None:
    outcome = await house.evening.act(type, entity, body, COORDINATOR)
    assert outcome.outcome == "applied", outcome
