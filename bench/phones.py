"""Fifty phones as bytes: what each sends is made and packed before the clock starts, and read after it stops.

A client that costs more than the server would make both look alike, so this one is a socket and a few lines.
"""

import asyncio
import gzip
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import msgspec

from trygghetsvandring.domain.ids import uuid7

_WHAT = (
    "Lampan vid gångvägen är släckt", "Grenarna skymmer skylten", "Det är mörkt från bänken till porten",
    "Glaset i busskuren är trasigt", "Räcket i trappan sitter löst", "Buskarna går ända ut i cykelbanan",
    "Tunneln luktar och väggen är nedklottrad", "Papperskorgen är full och det blåser skräp",
    "Plattorna har rest sig så att man snubblar", "Belysningen blinkar till och från",
    "Det står vatten på hela vägen", "Sikten mot korsningen är dålig", "Staketet har ett stort hål",
    "Bänken är sönder", "Skylten går inte att läsa", "Trottoarkanten är för hög för en barnvagn",
)  # fmt: skip
_WHERE = (
    "vid norra ingången", "bakom skolgården", "mellan parkeringen och torget", "precis före viadukten",
    "på sidan mot ån", "ungefär mitt på sträckan", "vid den tredje stolpen", "där stigen delar sig",
    "utanför förskolan", "mot hållplatsen", "längs hela muren", "vid återvinningen",
)  # fmt: skip
_AND = (
    "Så har det varit sedan i höstas", "Flera i gruppen går omvägar här", "Det känns värst efter klockan tio",
    "Någon har lagat det förut men det håller inte", "Samma sak som förra året", "På dagen är det bra",
    "Barnen springer förbi här varje kväll", "Vi stod kvar en stund och ingen annan gick här",
)  # fmt: skip
_CATEGORIES = ("bel.trasig", "bel.saknas", "veg.buskar", "okand.av.telefonen")
_TEXT_IS = 430  # characters: with the envelope about 1 KB of JSON


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[bytes, bytes]
    body: bytes
    bytes_: int  # on the wire, headers included
    took: float

    def json(self) -> dict[str, object]:
        plain = gzip.decompress(self.body) if self.headers.get(b"content-encoding") == b"gzip" else self.body
        said = msgspec.json.decode(plain)
        assert isinstance(said, dict)
        return said


class Line:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def connect(self) -> None:
        """Anew: a server hangs up on who is idle."""
        await self.hang_up()
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)

    async def ask(self, request: bytes) -> Answer:
        assert self.reader is not None and self.writer is not None
        start = time.perf_counter()
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].split(b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        body = await self.reader.readexactly(int(headers[b"content-length"]))
        took = time.perf_counter() - start
        return Answer(int(first.split()[1]), headers, body, len(head) + len(body), took)

    async def hang_up(self) -> None:
        if self.writer is not None:
            self.writer.close()
            await self.writer.wait_closed()


def post(path: str, token: str, body: bytes) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Encoding: gzip\r\nAccept-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def get(path: str, token: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nAccept-Encoding: gzip\r\n\r\n"
    ).encode()


class Phone:
    """A joined phone that has walked: every evening it has as many new findings to hand in."""

    def __init__(self, number: int, walk: str, device: str, token: str) -> None:
        self.walk, self.device, self.token = walk, device, token
        self._draw = random.Random(number)
        self._seqs = count(1)
        self._session = str(uuid7())

    def evening(self, findings: int) -> bytes:
        """The push's JSON."""
        now = datetime.now(UTC)
        head = {"protocol": 1, "device": self.device, "sent_at": now, "session": self._session, "mono_ms": 5_400_000}
        return msgspec.json.encode({**head, "operations": list(self._operations(findings, now))})

    def _operations(self, findings: int, now: datetime) -> Iterator[dict[str, object]]:
        for n in range(findings):
            seen = datetime.fromtimestamp(now.timestamp() - 90 * (findings - n) - self._draw.random() * 60, UTC)
            yield {
                "id": uuid7(),
                "seq": next(self._seqs),
                "type": "observation.record",
                "entity": uuid7(),
                "base": None,
                "at": now,
                "mono_ms": 5_300_000 + n,
                "session": self._session,
                "body": self._body(seen),
            }

    def _body(self, seen: datetime) -> dict[str, object]:
        draw = self._draw
        return {
            "walk": self.walk,
            "stop": None,
            "category": draw.choice(_CATEGORIES),
            "severity": draw.choice((None, 0, 1, 2)),
            "text": self._text(),
            "position": {
                "lat": round(58.49 + draw.random() / 50, 5),
                "lon": round(13.15 + draw.random() / 50, 5),
                "accuracy_m": round(4 + draw.random() * 20, 1),
                "age_s": round(draw.random() * 5, 1),
                "source": "gps",
            },
            "place_words": "",
            "seen_at": seen,
            "photos": [],
            "called": None,
            "checklist_item": None,
            "sent_alone": False,
        }

    def _text(self) -> str:
        said = ""
        while len(said) < _TEXT_IS - 60:
            said += f"{self._draw.choice(_WHAT)} {self._draw.choice(_WHERE)}. {self._draw.choice(_AND)}. "
        return said.strip()[:_TEXT_IS]
