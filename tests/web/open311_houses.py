"""A municipality whose Open311 somebody asks: with a key, and requests that have been published."""

from typing import Any
from uuid import UUID

import httpx

from tests.sync.desks import Desk, coordinator, reviewed
from tests.web.phones import Evening, Phone
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.walks import digest

BASE = "/open311/v2"
KEY = "nyckel-till-grannkommunen-0123456789"
SWEDISH = "Skräpig gångväg <å&ö> 🙂"
AT = {"lat": 58.495034, "lon": 13.176651, "accuracy_m": 6, "age_s": 2, "source": "gps"}


async def get(evening: Evening, path: str, expected: int = 200, /, **params: Any) -> Any:
    """As JSON."""
    answer = await evening.http.get(f"{BASE}/{path}.json", params=params)
    assert answer.status_code == expected, answer.text
    return answer.json()


async def post(evening: Evening, expected: int = 200, /, headers: Any = None, **fields: Any) -> Any:
    form = {"api_key": KEY, "service_code": "bel.trasig", "lat": "58.495", "long": "13.176", **fields}
    sent = {name: value for name, value in form.items() if value is not None}
    answer = await evening.http.post(f"{BASE}/requests.json", data=sent, headers=headers)
    assert answer.status_code == expected, answer.text
    return answer.json()


async def a_key(triage: Desk, key: str = KEY, **body: Any) -> UUID:
    id = uuid7()
    await triage.done("api_key.create", id, **{"name": "Grannkommunen", "secret_hash": digest(key), **body})
    return id


async def published(phone: Phone, triage: Desk, text: str = SWEDISH, **changes: Any) -> UUID:
    found = await reviewed(phone, triage, **{"position": AT, "text": "Mina egna ord.", **changes})
    await triage.done("publication.publish", found, text=text, place_words="Gångtunneln", photos=[])
    return found


async def raw(evening: Evening, path: str, **params: Any) -> httpx.Response:
    return await evening.http.get(f"{BASE}/{path}", params=params)


async def desk_of(evening: Evening) -> Desk:
    return await coordinator(evening)
