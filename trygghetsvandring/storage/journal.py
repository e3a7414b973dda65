"""The journal of erasures: outside the database, only ever added to, on disk before a decision is answered.

A database that was restored from a backup does not know what was erased after the backup. The journal does: ids,
municipality, decision, time and digests, and nothing of what was erased. Each line names the digest of the line before.
A last line that a power cut left half written was never answered for, and is cut away.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.erasures import Erasing, Reason, Ref
from trygghetsvandring.storage.disk import Disk, StorageStopped, full_disk_is_a_refusal, to_the_end

NAME: Final = "erasures.journal"
MARKS: Final = "counters.json"


class JournalBroken(Exception):
    """A line does not follow from the one before: somebody must look before anything is served."""


class Line(msgspec.Struct, kw_only=True, frozen=True):
    v: int = 1
    decision: UUID
    municipality: str
    board: str
    reason: Reason
    at: datetime
    refs: list[tuple[str, UUID]]
    sha256: list[str]  # digests of photos whose bytes go
    before: str

    @property
    def erasing(self) -> Erasing:
        return Erasing(
            decision=self.decision, reason=self.reason, refs=tuple(sorted(Ref(kind, id) for kind, id in self.refs))
        )


_lines = msgspec.json.Decoder(Line)


class Journal:
    """One per data folder, shared by every process on it."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self.file = disk.folder / NAME

    def write(self, municipality: str, board: str, it: Erasing, digests: Iterable[str], at: datetime) -> None:
        """On disk when this returns. A decision that stands there already is not written twice. Waits for the disk."""
        self._write(municipality, board, it, sorted(set(digests)), at)

    async def read(self) -> list[Line]:
        """Oldest first. Raises JournalBroken rather than leave anything out."""
        return await to_the_end(lambda: read(self.file))

    def _write(self, municipality: str, board: str, it: Erasing, digests: list[str], at: datetime) -> None:
        self._disk.make_folder(self._disk.folder)
        if self._disk.stopped is not None:
            raise StorageStopped(f"nothing is written since an fsync failed: {self._disk.stopped}", retry_after=60)
        is_new = not self.file.exists()
        with full_disk_is_a_refusal(), self.file.open("a+b") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            opened.seek(0)
            raw = _whole(opened.read())
            opened.truncate(len(raw))
            lines = _read(raw, self.file)
            if any(line.decision == it.decision for line in lines):
                return
            line = Line(
                decision=it.decision,
                municipality=municipality,
                board=board,
                reason=it.reason,
                at=at,
                refs=[(ref.kind, ref.id) for ref in it.refs],
                sha256=digests,
                before=_digest(raw),
            )
            opened.write(msgspec.json.encode(line) + b"\n")
            opened.flush()
            self._disk.sync(self.file)
        if is_new:
            self._disk.sync(self.file.parent)


def read(file: Path) -> list[Line]:
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        return []
    return _read(_whole(raw), file)


def _whole(raw: bytes) -> bytes:
    return raw[: raw.rfind(b"\n") + 1]


def _read(raw: bytes, file: Path) -> list[Line]:
    lines, at = list[Line](), 0
    while at < len(raw):
        end = raw.index(b"\n", at) + 1
        try:
            line = _lines.decode(raw[at:end])
        except msgspec.DecodeError as error:
            raise JournalBroken(f"{file.name}, line {len(lines) + 1}: cannot be read") from error
        if line.before != _digest(raw[:at]):
            raise JournalBroken(f"{file.name}, line {len(lines) + 1}: does not follow the one before")
        lines.append(line)
        at = end
    return lines


def _digest(raw: bytes) -> str:
    """Of the last line only, so that a long journal is not read again for each; the chain holds the rest."""
    return hashlib.sha256(raw[raw.rfind(b"\n", 0, -1) + 1 :]).hexdigest()


# ---------------------------------------------------------------- where the counters stood


class Marks:
    """The highest number of every counter, beside the database: a restored database is known by having gone back."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._file = disk.folder / MARKS

    async def read(self) -> dict[str, dict[str, int]]:
        return await to_the_end(self._read)

    async def note(self, counted: dict[str, dict[str, int]]) -> None:
        """Only ever upwards."""
        await to_the_end(lambda: self._note(counted))

    def _read(self) -> dict[str, dict[str, int]]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, dict[str, int]])
        except (FileNotFoundError, msgspec.DecodeError):
            return {}

    def _note(self, counted: dict[str, dict[str, int]]) -> None:
        before = self._read()
        marks = {place: dict(series) for place, series in before.items()}
        for place, series in counted.items():
            mine = marks.setdefault(place, {})
            for name, value in series.items():
                mine[name] = max(value, mine.get(name, 0))
        if marks == before:
            return
        self._disk.make_folder(self._disk.folder)
        temporary = self._file.with_name(f"{MARKS}.{os.getpid()}.new")
        with full_disk_is_a_refusal():
            temporary.write_bytes(msgspec.json.encode(marks))
        self._disk.settle(temporary, self._file)
