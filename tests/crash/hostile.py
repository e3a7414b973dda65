"""What no phone of ours sends: valid operations bent out of shape, batches and requests likewise. All from one seed.

Mutations know the structure: they change types, lengths, characters, numbers, depth and ids where a rule will read
them, and bytes where a parser will. `a_body` makes plausible bodies for every operation there is, from its own type.
"""

import gzip
import json
import random
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import inspect

from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.sync.outcomes import OPERATIONS

NUMBERS: Final = (0, -1, 1, 2**31 - 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**30, 10**400, 0.1, -0.0, 1e308)
LITERALS: Final = (b"NaN", b"Infinity", b"1e999", b"-1e999", b"01", b"+1", b"0x1f", b"1.", b"''", b"nul", b"tru", b"")
TEXTS: Final = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud83c",
    "\udfff\ud800",
    "\u202e\u2066bakvänt",
    "e\u0301" * 300,
    "👩‍👩‍👧‍👦" * 200,
    "a" * 70_000,
    "ﷺ" * 1_000,
    "\uffff\ufffe",
    "'; DROP TABLE operations; --",
    "{{7*7}}${7*7}",
    "../../../etc/passwd",
    "<script>alert(1)</script>",
    "\r\nSet-Cookie: x=1",
    "NULL",
    "-1",
    "1e5",
    "true",
    "İstanbul ß ǅ",
    "2026-13-45",
    "%00%0a%n%s",
)
TIMES: Final = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-11-20T20:00:00",
    "2026-10-25T02:30:00+02:00",
    "1969-12-31T23:59:59Z",
    "2026-02-30T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "20261120T200000Z",
    "2026-11-20T20:00:00.123456789123Z",
    "2026-11-20T24:00:00Z",
    "-0001-01-01T00:00:00Z",
)
IDS: Final = ("", "sju", "0" * 32, "00000000-0000-0000-0000-000000000000", "{" + "a" * 36 + "}", "urn:uuid:1")


class Told(msgspec.Struct):
    """What stands outside of a body, where it can be read."""

    id: UUID = UUID(int=7)
    entity: UUID = UUID(int=7)


def told(raw: bytes) -> Told:
    try:
        return msgspec.json.decode(raw, type=Told)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return Told()


class Hostile:
    """Draws from one seed; `ids` are things that exist, for operations that mean them."""

    def __init__(self, seed: str, ids: list[UUID], now: datetime) -> None:
        self.chance = random.Random(seed)
        self.ids = ids
        self.now = now

    # ------------------------------------------------------------ operations

    def operation(self, valid: dict[str, Any], before: list[bytes]) -> bytes:
        """A valid operation, bent; sometimes another's body, sometimes the id of one that was sent before."""
        op = msgspec.json.decode(msgspec.json.encode(valid))
        if self.chance.random() < 0.4:
            op["type"] = self.chance.choice(sorted(OPERATIONS))
            op["body"] = self.a_body(op["type"])
            op["entity"] = str(self._an_id())
        if before and self.chance.random() < 0.05:
            op["id"] = str(told(self.chance.choice(before)).id)
        for _ in range(self.chance.choice((0, 0, 1, 1, 1, 2, 3))):
            self._bend(op)
        raw = _written(op)
        return self._broken(raw) if self.chance.random() < 0.08 else raw

    def _bend(self, op: dict[str, Any]) -> None:
        # Most of it where a rule will read it: an envelope nobody can read never comes that far.
        inside = isinstance(op.get("body"), dict) and op["body"] and self.chance.random() < 0.8
        at: Any = op["body"] if inside else op
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                at["nytt"] = self.anything()
                return
            key = self.chance.choice(keys)
            if isinstance(at[key], dict | list) and at[key] and self.chance.random() < 0.75:
                at = at[key]
                continue
            break
        match self.chance.randrange(5):
            case 0 if isinstance(at, dict):
                del at[key]
            case 1 if isinstance(at, dict):
                at[self.chance.choice(TEXTS)[:50] or "tomt"] = self.anything()
            case 2 if isinstance(at, list):
                at *= self.chance.choice((0, 2, 40))
            case _:
                at[key] = self.anything()

    def anything(self, depth: int = 0) -> Any:
        kinds: list[Callable[[], Any]] = [
            lambda: None,
            lambda: self.chance.random() < 0.5,
            lambda: self.chance.choice(NUMBERS),
            lambda: self.chance.choice(TEXTS),
            lambda: self.chance.choice(TIMES),
            lambda: self.chance.choice(IDS),
            lambda: str(self._an_id()),
            list,
            dict,
            lambda: msgspec.Raw(self.chance.choice(LITERALS)),
            lambda: msgspec.Raw(b"[" * (n := self.chance.choice((30, 400, 3_000))) + b"]" * n),
        ]
        if depth < 2:
            kinds.append(lambda: [self.anything(depth + 1) for _ in range(self.chance.randrange(4))])
            kinds.append(lambda: {self.chance.choice(TEXTS)[:20]: self.anything(depth + 1) for _ in range(2)})
        return self.chance.choice(kinds)()

    def _broken(self, raw: bytes) -> bytes:
        """JSON that still ends where it should, or the whole batch would go; wrong within."""
        at = self.chance.randrange(1, max(2, len(raw) - 1))
        match self.chance.randrange(4):
            case 0:
                return raw[:at] + bytes([self.chance.randrange(256)]) + raw[at + 1 :]
            case 1:
                return raw[:at] + self.chance.choice((b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\x00")) + raw[at:]
            case 2:
                return raw[:-1] + b',"id":"sju","body":{}}'
            case _:
                return raw[:at]

    # ------------------------------------------------------------ bodies of every type there is

    def a_body(self, type: str) -> Any:
        return self._of(inspect.type_info(OPERATIONS[type].body))

    def _an_id(self) -> UUID:
        return self.chance.choice(self.ids) if self.chance.random() < 0.7 else uuid7()

    def _of(self, it: inspect.Type) -> Any:  # noqa: PLR0911  # one line for each kind of type
        """A plausible value of a type; a word where nothing more is known about it."""
        match it:
            case inspect.StructType():
                return {f.encode_name: self._of(f.type) for f in it.fields if f.required or self.chance.random() < 0.6}
            case inspect.UnionType():
                return self._of(self.chance.choice(it.types))
            case inspect.ListType() | inspect.VarTupleType() | inspect.SetType():
                return [self._of(it.item_type) for _ in range(self.chance.randrange(3))]
            case inspect.DictType():
                return {str(self._of(it.key_type)): self._of(it.value_type) for _ in range(self.chance.randrange(3))}
            case inspect.EnumType():
                return self.chance.choice([member.value for member in it.cls])
            case inspect.LiteralType():
                return self.chance.choice(it.values)
            case _:
                return self._plain(it)

    def _plain(self, it: inspect.Type) -> Any:
        words = ("", "Mörkt vid tunneln", "gata-park", "bel.trasig", "gangtunnel", "sv")
        plain: dict[type[inspect.Type], Callable[[], Any]] = {
            inspect.UUIDType: lambda: str(self._an_id()),
            inspect.DateTimeType: (self.now - timedelta(minutes=self.chance.randrange(600))).isoformat,
            inspect.DateType: lambda: date(2026, 12, self.chance.randint(1, 31)).isoformat(),
            inspect.IntType: lambda: self.chance.choice((0, 1, 2, 3, 7, 40, -1)),
            inspect.FloatType: lambda: self.chance.choice((58.5, 13.17, 0.0, 5.0, -181.0)),
            inspect.BoolType: lambda: self.chance.random() < 0.5,
            inspect.NoneType: lambda: None,
        }
        return plain.get(type(it), lambda: self.chance.choice(words))()

    # ------------------------------------------------------------ batches and what they are packed in

    def batch(self, push: dict[str, Any], operations: list[bytes]) -> bytes:
        """The batch itself bent: a whole refusal is expected, and never a fault."""
        push = push | {"operations": [msgspec.Raw(raw) for raw in operations]}
        match self.chance.randrange(6):
            case 0:
                push[self.chance.choice(sorted(push))] = self.anything()
            case 1:
                del push[self.chance.choice(sorted(push))]
            case 2:
                push["operations"] = [msgspec.Raw(raw) for raw in (operations or [b"{}"]) * 250]
            case 3:
                push["device"] = str(self._an_id())
            case 4:
                return self._broken(_written(push))
            case _:
                return _written(push) + self.chance.choice((b"\x00", b"}", b" " * 300_000, b"[]"))
        return _written(push)

    def packing(self, body: bytes) -> tuple[bytes, dict[str, str]]:
        """Gzip that is whole, cut, doubled, a bomb or none at all, and words about it that are true or not."""
        packed = gzip.compress(body, 1, mtime=0)
        at = self.chance.randrange(len(packed))
        kinds: list[tuple[bytes, dict[str, str]]] = [
            (packed[:at], _GZIP),
            (packed[:at] + b"\xff" + packed[at + 1 :], _GZIP),
            (gzip.compress(packed, 1, mtime=0), _GZIP),
            (_BOMB, _GZIP),
            (body, _GZIP),
            (packed, {}),
            (packed, {"Content-Encoding": self.chance.choice(("br", "deflate", "gzip, gzip", "", "GZIP", "\x7f"))}),
            (b"", _GZIP),
            (b"", {}),
            (packed + b"skrap", _GZIP),
        ]
        return self.chance.choice(kinds)

    # ------------------------------------------------------------ cursors, lists, uploads

    def cursor(self, real: str) -> str:
        at = self.chance.randrange(len(real))
        made = [self.chance.choice(("", "x", "0", None, 1)), self.anything(2), self.chance.choice(NUMBERS)]
        return self.chance.choice(
            (
                real[:at],
                real[:at] + self.chance.choice("AZaz09-_=+/ \n") + real[at + 1 :],
                real + "=" * self.chance.randrange(5),
                urlsafe_b64encode(_written(made)).decode(),
                urlsafe_b64encode(b"[" * 5_000).decode(),
                self.chance.choice([text for text in TEXTS if len(text) < 2_000]).encode("utf-8", "replace").decode(),
                "A" * 20_000,
            )
        )

    def upload_headers(self) -> dict[str, str]:
        weird = ("", "-1", "0", "9" * 30, "1.5", "0x10", "abc", " 7", "+7", "1,2", "7" * 4_000)
        metadata = (
            "",
            ",",
            "photo",
            "photo !!!",
            "photo c2p1",
            f"photo {'A' * 9_000}",
            "sha256 ,photo ,",
            "photo w6Q=",
        )
        said = {
            "Tus-Resumable": self.chance.choice(("1.0.0", "1.0.0", "1.0.0", "0.2.2", "", "1.0.0, 1.0.0")),
            "Upload-Length": self.chance.choice(weird),
            "Upload-Offset": self.chance.choice(weird),
            "Upload-Metadata": self.chance.choice(metadata),
            "Content-Type": self.chance.choice(("application/offset+octet-stream", "text/plain", "", "a/b; c=\x7f")),
        }
        return {name: value for name, value in said.items() if self.chance.random() < 0.8}


_GZIP: Final = {"Content-Encoding": "gzip"}
_BOMB: Final = gzip.compress(bytes(50_000_000), 9, mtime=0)


def _written(value: Any) -> bytes:
    """JSON as a careless phone writes it: halves of characters as escapes, numbers of any size."""
    try:
        return msgspec.json.encode(value)
    except (UnicodeEncodeError, OverflowError, ValueError, RecursionError):
        return _by_hand(value)


def _by_hand(value: Any) -> bytes:
    match value:
        case msgspec.Raw():
            return bytes(value)
        case dict():
            inside = b",".join(json.dumps(key).encode() + b":" + _by_hand(it) for key, it in value.items())
            return b"{" + inside + b"}"
        case list() | tuple():
            return b"[" + b",".join(_by_hand(it) for it in value) + b"]"
        case UUID() | datetime():
            return json.dumps(str(value)).encode()
        case _:
            return json.dumps(value).encode()
