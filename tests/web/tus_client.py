"""A tus client with every header in its hands, and the table of what tus 1.0.0 asks of a server.

The text is https://tus.io/protocols/resumable-upload. Each check stands in the table under every sentence it proves.
"""

import hashlib
from base64 import b64encode
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from tests.imaging.makers import a_photo
from tests.web.phones import MUNICIPALITY, Evening, Phone, b64, sha256
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal, Role

PHOTO: Final = a_photo()
HALF: Final = len(PHOTO) // 2
OF_BYTES: Final = "application/offset+octet-stream"


class Client:
    """A tus client with every header in its hands."""

    def __init__(self, evening: Evening, phone: Phone) -> None:
        self.evening, self.phone = evening, phone
        self.photo = uuid7()

    async def ask(self, method: str, path: str, content: Any = None, **headers: str | None) -> httpx.Response:
        """An underscore in a header's name is a hyphen; None leaves it out."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        every = {**self.phone.headers, **named}
        sent = {name: value for name, value in every.items() if value is not None}
        return await self.evening.http.request(method, path, headers=sent, content=content)

    async def begun(self, come: int = 0, content: bytes = PHOTO) -> UUID:
        """A new upload with so many bytes of its photo."""
        self.photo = await self.phone.declare(content)
        assert (await self.phone.create(self.photo, content)).status_code == 201
        if come:
            await self.phone.send(self.photo, 0, content[:come])
        return self.photo

    async def head(self) -> httpx.Response:
        return await self.ask("HEAD", f"/uploads/{self.photo}")

    async def offset(self) -> int:
        return int((await self.head()).headers["Upload-Offset"])

    async def patch(self, offset: int, content: Any, **headers: str | None) -> httpx.Response:
        said = {"Upload_Offset": str(offset), "Content_Type": OF_BYTES, **headers}
        return await self.ask("PATCH", f"/uploads/{self.photo}", content, **said)

    async def post(self, photo: UUID, content: Any = None, **headers: str | None) -> httpx.Response:
        self.photo = photo
        told = f"photo {b64(str(photo))},sha256 {b64(sha256(PHOTO))}"
        return await self.ask(
            "POST", "/uploads/", content, **{"Upload_Length": str(len(PHOTO)), "Upload_Metadata": told, **headers}
        )

    async def nobody_waits_longer_than(self, days: int) -> None:
        """The nämnd decides how long half a photo is kept."""
        body = {"series": "partial", "keep_days": days, "reference": "KS 2026:114 § 7", "name": "Kim Testsson"}
        await self.keeps_the_register("retention.decide", body)

    async def keeps_the_register(self, type: str, body: dict[str, Any]) -> None:
        role = Role.REGISTRATOR if type == "hold.place" else Role.RECORDS_OFFICER
        keeper = Principal(municipality=MUNICIPALITY, role=role, organisation="samordning", function=role, user=uuid7())
        engine, now = self.evening.house.engine, self.evening.now
        outcome = await engine.act(MUNICIPALITY, type, uuid7(), body, now, actor=keeper)
        assert outcome.outcome == "applied", outcome

    async def options(self, **headers: str) -> httpx.Response:
        return await self.evening.http.options("/uploads/", headers=headers)


Clause = Callable[[Client], Awaitable[None]]
CLAUSES: defaultdict[str, list[Any]] = defaultdict(list)
"""By the module that holds them: the check, under each sentence's own name."""


def clause(section: str, *sentences: str) -> Callable[[Clause], Clause]:
    def keep(check: Clause) -> Clause:
        CLAUSES[check.__module__] += [pytest.param(check, id=f"{section}: {sentence}") for sentence in sentences]
        return check

    return keep


def extensions(answer: httpx.Response) -> list[str]:
    return answer.headers["Tus-Extension"].split(",")


def sum_of(content: bytes, algorithm: str = "sha1") -> str:
    return f"{algorithm} {b64encode(hashlib.new(algorithm, content).digest()).decode()}"
