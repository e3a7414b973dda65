"""Derivatives: the small copies that lists and pages show.

320 px on the long edge always; 1,600 px only for photos larger than 2,048, since a phone's own photo is no larger.
Decoding happens in a child process with its own limits (`child`). Here a photo that cannot be decoded is a refusal with
a code, never an exception: the caller stores the code and goes on.
"""

import asyncio
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from trygghetsvandring.imaging.intake import MOST_BYTES, NOT_A_PHOTO

SMALL: Final = 320
LARGE: Final = 1600
LARGE_FROM: Final = 2048
TOO_SLOW: Final = "too_slow_to_decode"
_WALL_SECONDS: Final = 20.0
_MOST_HEADER: Final = 4096
_PACKAGE_HOME: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Copy:
    """A JPEG without any metadata; `edge` is the long edge that was asked for."""

    edge: int
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """`width` and `height` are the photo's own, as stored. Copies come in the order they were asked for."""

    width: int
    height: int
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Unmade:
    code: str


async def make(content: bytes, width: int, height: int) -> Made | Unmade:
    """The copies that a photo of this size has. Small first."""
    return await decode(content, (SMALL, LARGE) if max(width, height) > LARGE_FROM else (SMALL,))


async def decode(content: bytes, edges: tuple[int, ...], *, wall_seconds: float = _WALL_SECONDS) -> Made | Unmade:
    """A copy per edge, made in the capped child."""
    if not content or len(content) > MOST_BYTES:
        return Unmade(NOT_A_PHOTO)
    # A file and not a pipe: its size is capped by the kernel, whatever the child does.
    with tempfile.TemporaryFile() as out:
        finished = await _run(content, edges, out, wall_seconds)
        if finished is not None:
            return finished
        out.seek(0)
        return _told(out)


async def _run(content: bytes, edges: tuple[int, ...], out: BinaryIO, wall_seconds: float) -> Unmade | None:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "trygghetsvandring.imaging.child", ",".join(str(edge) for edge in edges)),
        stdin=asyncio.subprocess.PIPE,
        stdout=out,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": str(_PACKAGE_HOME), "PATH": os.defpath, "LANG": "C.UTF-8"},
    )
    try:
        await asyncio.wait_for(child.communicate(content), wall_seconds)
    except TimeoutError:
        return Unmade(TOO_SLOW)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    # A negative code is a signal: the CPU limit, or a decoder that crashed.
    return Unmade(TOO_SLOW if child.returncode in {-24, -9} else NOT_A_PHOTO) if child.returncode else None


def _told(out: BinaryIO) -> Made | Unmade:
    """Reads the child's answer as carefully as a stranger's: it has met a stranger's bytes."""
    try:
        told = json.loads(out.readline(_MOST_HEADER))
        if "code" in told:
            return Unmade(str(told["code"]))
        copies = tuple(
            Copy(int(part["edge"]), int(part["width"]), int(part["height"]), out.read(int(part["bytes"])))
            for part in told["parts"]
        )
        whole = all(copy.content[:2] == b"\xff\xd8" and copy.content[-2:] == b"\xff\xd9" for copy in copies)
        return Made(int(told["width"]), int(told["height"]), copies) if whole else Unmade(NOT_A_PHOTO)
    except (ValueError, KeyError, TypeError):
        return Unmade(NOT_A_PHOTO)
