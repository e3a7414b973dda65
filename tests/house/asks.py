"""How a route of the permission matrix is asked, and what each of those who ask it gets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from tests.house.towns import EVERYONE, Town

A_BROWSER = msgspec.json.encode(  # its key is a point of the curve, and its secret sixteen bytes
    {
        "endpoint": "https://push.test/a",
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    }
)


@dataclass(frozen=True)
class Ask:
    """How a route is asked. `path` and `content` are made from the town asked about, and from who asks."""

    path: str
    content: Callable[[Town, UUID], bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """`ok` = who gets `status`; the rest of those signed in get 404, and the anonymous 401.

    `abroad` is what they who are `ok` at home get when the ids are the other municipality's.
    """

    ask: Ask
    ok: tuple[str, ...]
    status: int = 200
    abroad: int | None = None
    anonymous: int = 401


def public(path: str, status: int, content: bytes | None = None) -> Row:
    made = None if content is None else lambda _town, _device: content or b""
    return Row(Ask(path, made), EVERYONE, status, anonymous=status)


def of(kind: str, prefix: str, suffix: str = "") -> str:
    return f"{prefix}{{{kind}}}{suffix}"
