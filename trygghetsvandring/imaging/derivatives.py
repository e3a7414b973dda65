"""Derivatives: the small copies that lists and pages show.

320 px on the long edge always; 1,600 px only for photos larger than 2,048, since a phone's own photo is no larger.
Decoding happens in a child process with its own limits (`child`). Here a photo that cannot be decoded is a refusal with
a code, never an exception: the caller stores the code and goes on.
"""

import asyncio
import json
import signal
import tempfile
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from trygghetsvandring.imaging.decoder import CRASHES, THE_DECODER, DecoderGone, Ended
from trygghetsvandring.imaging.intake import MOST_BYTES, NOT_A_PHOTO

SMALL: Final = 320
LARGE: Final = 1600
LARGE_FROM: Final = 2048
TOO_SLOW: Final = "too_slow_to_decode"
_WALL_SECONDS: Final = 20.0
_MOST_HEADER: Final = 4096


@dataclass(frozen=True, slots=True)
class Copy:
    """A JPEG without any metadata; `edge` is the long edge that was asked for."""

    edge: int
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What else the file held, by its own word: `had` of `metadata.KINDS`, `position` as latitude and longitude."""

    format: str
    is_turned: bool
    had: frozenset[str]
    position: tuple[float, float] | None
    taken_at: str | None
    peak_mb: float | None


@dataclass(frozen=True, slots=True)
class Made:
    """`width` and `height` are the photo's own, as stored. Copies come in the order they were asked for."""

    width: int
    height: int
    copies: tuple[Copy, ...]
    beside: Beside


@dataclass(frozen=True, slots=True)
class Unmade:
    """`peak_mb` is what the child took; None when it ended without a word."""

    code: str
    peak_mb: float | None = field(default=None, compare=False)


async def make(content: bytes, width: int, height: int) -> Made | Unmade:
    """The copies that a photo of this size has. Small first."""
    return await decode(content, (SMALL, LARGE) if max(width, height) > LARGE_FROM else (SMALL,))


async def decode(
    content: bytes, edges: tuple[int, ...], *, may_be_smaller: bool = False, wall_seconds: float = _WALL_SECONDS
) -> Made | Unmade:
    """A copy per edge, made in the capped child.

    Raises DecoderGone when it was not the photo that ended the child; it can be tried again.
    """
    if not content or len(content) > MOST_BYTES:
        return Unmade(NOT_A_PHOTO)
    # A file and not a pipe: its size is capped by the kernel, whatever the child does.
    with tempfile.TemporaryFile() as out:
        try:
            async with asyncio.timeout(wall_seconds):
                await THE_DECODER.ask(content, edges, out, may_be_smaller=may_be_smaller)
        except TimeoutError:
            return Unmade(TOO_SLOW)
        except Ended as ended:
            if ended.by == signal.SIGXCPU:
                return Unmade(TOO_SLOW)
            if ended.by in CRASHES:
                return Unmade(NOT_A_PHOTO)
            raise DecoderGone from ended
        out.seek(0)
        return await asyncio.to_thread(_told, out)


def _told(out: BinaryIO) -> Made | Unmade:
    """Reads the child's answer as carefully as a stranger's: it has met a stranger's bytes."""
    try:
        told = json.loads(out.readline(_MOST_HEADER))
        if "code" in told:
            return Unmade(str(told["code"]), _mb(told))
        copies = tuple(
            Copy(int(part["edge"]), int(part["width"]), int(part["height"]), out.read(int(part["bytes"])))
            for part in told["parts"]
        )
        whole = all(copy.content[:2] == b"\xff\xd8" and copy.content[-2:] == b"\xff\xd9" for copy in copies)
        made = Made(int(told["width"]), int(told["height"]), copies, _beside(told))
        return made if whole else Unmade(NOT_A_PHOTO)
    except (ValueError, KeyError, TypeError):
        return Unmade(NOT_A_PHOTO)


def _beside(told: dict[str, Any]) -> Beside:
    at = told["position"]
    return Beside(
        format=str(told["format"]),
        is_turned=bool(told["is_turned"]),
        had=frozenset(map(str, told["had"])),
        position=(float(at["lat"]), float(at["lon"])) if at else None,
        taken_at=str(told["taken_at"]) if told["taken_at"] else None,
        peak_mb=_mb(told),
    )


def _mb(told: dict[str, Any]) -> float | None:
    return None if told["peak_kb"] is None else round(int(told["peak_kb"]) / 1024, 1)
