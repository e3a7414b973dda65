"""What docs/photos.md promises of every kind of file, through `trygg photos inspect` and through upload alike.

Every kind at least once in an ordinary run, five thousand files at night, from one seed. Nothing crashes, nothing is
answered 5xx, the memory of the server stays, and both ways come to the same outcome.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from tests import profile
from tests.imaging.hostile import KINDS, files
from tests.imaging.makers import PHOTOS, kb_in_use
from tests.imaging.outcomes import Outcome, promised
from tests.web.phones import Evening, Phone
from trygghetsvandring.domain.photos import PhotoState
from trygghetsvandring.imaging.inspection import inspect
from trygghetsvandring.jobs.work import Lane

pytest_plugins = ["tests.web.evenings"]

COUNT: Final = profile.pick(quick=len(KINDS), ci=len(KINDS), night=5_000)
SEALED: Final = "sealed"
_AT_ONCE: Final = 250
_MOST_SECONDS: Final = 600
_MOST_GROWTH_KB: Final = 50 * 1024
COLLECTION: Final = sorted(path.name for path in PHOTOS.iterdir() if path.suffix != ".md")


def told_of(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """What the command prints, in a process of its own."""
    command = [sys.executable, "-m", "trygghetsvandring.cli", "photos", "inspect", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_MOST_SECONDS)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def outcome_of(line: dict[str, Any]) -> Outcome:
    return line["outcome"], line["code"]


def test_every_kind_that_is_made_has_a_promise_and_every_promise_is_tried() -> None:
    assert list(KINDS) == list(promised("Outcomes"))
    assert list(promised("The collection")) == COLLECTION


def test_every_file_of_the_collection_has_its_licence_told() -> None:
    told = set(re.findall(r"[\w]+\.(?:jpg|heic|mpo)", (PHOTOS / "MANIFEST.md").read_text(encoding="utf-8")))

    assert told == set(COLLECTION)


def test_the_collection_is_decided_as_promised() -> None:
    lines = told_of(PHOTOS / name for name in COLLECTION)

    assert [Path(line["file"]).name for line in lines] == COLLECTION
    for line in lines:
        assert outcome_of(line) in promised("The collection")[Path(line["file"]).name], line


def test_hostile_files_are_all_inspected_as_promised(tmp_path: Path) -> None:
    waiting: list[Path] = []
    promise, wrong, slowest = promised("Outcomes"), [], 0
    for number, (kind, content) in enumerate(files(COUNT)):
        waiting.append(tmp_path / f"{number}.{kind}")
        waiting[-1].write_bytes(content)
        if len(waiting) == _AT_ONCE or number == COUNT - 1:
            lines = told_of(waiting)
            assert [line["file"] for line in lines] == [str(path) for path in waiting]
            wrong += [line for line in lines if outcome_of(line) not in promise[Path(line["file"]).suffix[1:]]]
            slowest = max(slowest, *(line["ms"] for line in lines))
            for path in waiting:
                path.unlink()
            waiting.clear()
    print(f"{COUNT} files inspected, the slowest in {slowest} ms")

    assert wrong == []


class Storm:
    """One phone that hands in whatever it is given."""

    def __init__(self, evening: Evening, phone: Phone) -> None:
        self.evening = evening
        self.phone = phone
        self.answers: set[int] = set()

    async def outcomes(self, contents: Sequence[bytes]) -> list[Outcome]:
        """All declared, all sent at once, all decoded; what became of each."""
        photos = [await self.phone.declare(content) for content in contents]
        await asyncio.gather(*(self._send(*it) for it in zip(photos, contents, strict=True)))
        while await self.evening.app.state.runner.round(Lane.PHOTOS):
            pass
        return [await self._outcome(photo) for photo in photos]

    async def _send(self, photo: UUID, content: bytes) -> None:
        created = await self.phone.create(photo, content)
        sent = await self.phone.send(photo, 0, content)
        self.answers |= {created.status_code, sent.status_code}

    async def _outcome(self, photo: UUID) -> Outcome:
        it = await self.evening.photo(photo)
        if it.state is PhotoState.REFUSED:
            return "refused", it.code
        assert it.state is PhotoState.ACCEPTED, it
        return "accepted", SEALED if it.is_sealed else None


def as_uploaded(inspected: Outcome) -> Outcome:
    """A photo remembers that it is sealed, not why."""
    outcome, code = inspected
    return (outcome, SEALED) if outcome == "accepted" and code else inspected


async def test_hostile_files_are_all_uploaded_with_the_outcome_that_was_inspected(evening: Evening) -> None:
    storm = Storm(evening, await evening.phone())
    await storm.outcomes([content for _, content in _sent(len(KINDS), seed=1)])  # every library in use once
    before, wrong, count = kb_in_use(), [], 0

    for group in _groups(_sent(COUNT), len(KINDS)):
        contents = [content for _, content in group]
        inspected = await asyncio.gather(*map(inspect, contents))
        outcomes = await storm.outcomes(contents)
        count += len(group)
        for (kind, _), seen, outcome in zip(group, inspected, outcomes, strict=True):
            if outcome != as_uploaded(("accepted" if seen.is_accepted else "refused", seen.code)):
                wrong.append((kind, seen, outcome))
    grown = kb_in_use() - before
    print(f"{count} files uploaded, the server's memory grew by {grown} kB")

    assert wrong == []
    assert storm.answers == {201, 204, 422}
    assert grown < _MOST_GROWTH_KB


def _sent(count: int, **seed: int) -> Iterator[tuple[str, bytes]]:
    """Nothing at all is refused when it is declared, and never sent."""
    return ((kind, content) for kind, content in files(count, **seed) if content)


def _groups(files: Iterator[tuple[str, bytes]], size: int) -> Iterator[list[tuple[str, bytes]]]:
    while group := list(islice(files, size)):
        yield group


@pytest.mark.parametrize("name", COLLECTION)
async def test_the_collection_is_uploaded_with_the_promised_outcome(evening: Evening, name: str) -> None:
    storm = Storm(evening, await evening.phone())
    content = await asyncio.to_thread((PHOTOS / name).read_bytes)

    (outcome,) = await storm.outcomes([content])

    assert {outcome} == {as_uploaded(it) for it in promised("The collection")[name]}
