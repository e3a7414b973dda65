"""Law 5, restore: what was erased stays erased when the database, the files or both come back from a backup."""

import shutil
from pathlib import Path

import pytest

from tests import makers
from tests.makers import Evening, an_evening, copied, count
from tests.sync import canary
from tests.sync.registers import PHOTO, WORD, Finding, asked, carried_out, decided, erased, hands
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage.journal import JournalBroken, read
from trygghetsvandring.sync import restoring

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

_PIECE = PHOTO[len(PHOTO) // 2 : len(PHOTO) // 2 + 40]


@pytest.fixture
def backup(sqlite_template: Path, tmp_path: Path) -> tuple[str, Path]:
    return copied(sqlite_template, tmp_path), tmp_path


async def everywhere(evening: Evening, folder: Path) -> list[str]:
    return [*await canary.tables_with(evening.store, WORD), *canary.files_with(folder, _PIECE, WORD.encode())]


@pytest.mark.law(5)
async def test_a_restored_database_forgets_again_before_anything_is_served(backup: tuple[str, Path]) -> None:
    url, folder = backup
    kept = folder.parent / f"{folder.name}-backup"
    async with an_evening(url, folder) as evening:
        finding = await Finding.handed_in(evening)
        async with evening.store.read() as db:
            before = await feed.epoch(db)
        await evening.store.squeeze()
        shutil.copytree(folder, kept)
        await erased(evening, ("observation", finding.id))
    for name in ("trygg.sqlite", "blobs"):  # the journal is never restored
        source, place = kept / name, folder / name
        shutil.copytree(source, place, dirs_exist_ok=True) if source.is_dir() else shutil.copy(source, place)
    for rest in ("trygg.sqlite-wal", "trygg.sqlite-shm"):
        (folder / rest).unlink(missing_ok=True)
    assert canary.files_with(folder, WORD.encode()) and canary.files_with(folder, _PIECE)

    async with an_evening(url, folder) as restored:
        assert await everywhere(restored, folder) == []
        async with restored.store.read() as db:
            assert await feed.epoch(db) != before
            assert await count(db, "erasures", "replayed_at is not null and done_at is not null") == 1
        old = Finding(phone=finding.phone, id=finding.id, photo=finding.photo)
        old.phone.evening = restored
        outcomes = await old.phone.push(*finding.sent)
        assert {o.code for o in outcomes} == {"erased"}
        assert await everywhere(restored, folder) == []


@pytest.mark.law(5)
async def test_only_the_files_restored_and_the_bytes_go_again(evening: Evening, tmp_path: Path) -> None:
    finding = await Finding.handed_in(evening)
    kept = tmp_path.parent / f"{tmp_path.name}-files"
    shutil.copytree(tmp_path / "blobs", kept)
    await erased(evening, ("observation", finding.id))
    shutil.copytree(kept, tmp_path / "blobs", dirs_exist_ok=True)
    assert canary.files_with(tmp_path, _PIECE)

    report = await restoring.settle(hands(evening), evening.now)

    assert (report.bytes_again, report.epoch) == (1, None)
    assert canary.files_with(tmp_path, _PIECE) == []


@pytest.mark.law(5)
async def test_what_the_journal_says_is_carried_out_when_the_commit_never_came(
    evening: Evening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = await Finding.handed_in(evening)
    case = await asked(evening, ("observation", finding.id))

    write = evening.engine.journal.write if evening.engine.journal else None
    assert write is not None

    def then_dies(*said: object, **named: object) -> None:
        write(*said, **named)  # type: ignore[arg-type]
        raise SystemError("power")

    monkeypatch.setattr(evening.engine.journal, "write", then_dies)
    with pytest.raises(SystemError):
        await decided(evening, case)
    monkeypatch.undo()
    assert [line.municipality for line in read(tmp_path / "erasures.journal")] == ["lidkoping"]
    assert "observations.doc" in await everywhere(evening, tmp_path)

    report = await restoring.settle(hands(evening), evening.now)

    assert (report.replayed, report.removed) == (1, 2)
    assert await canary.tables_with(evening.store, WORD) == []


async def test_what_was_committed_and_not_carried_out_goes_on_at_the_next_start(
    evening: Evening, tmp_path: Path
) -> None:
    finding = await Finding.handed_in(evening)
    assert (await decided(evening, await asked(evening, ("observation", finding.id)))).outcome == "applied"

    report = await restoring.settle(hands(evening), evening.now)

    assert (report.replayed, report.removed, report.epoch) == (0, 2, None)
    assert await canary.tables_with(evening.store, WORD) == []
    assert await carried_out(evening) == 1  # the job finds nothing more to do


async def test_counters_that_went_back_go_on_and_phones_read_everything_anew(evening: Evening) -> None:
    await Finding.handed_in(evening, with_photo=False)
    await restoring.mark(hands(evening))
    async with evening.store.write() as db:
        await db.exec_driver_sql("UPDATE counters SET value = value - 1")

    report = await restoring.settle(hands(evening), evening.now)

    assert report.epoch is not None
    assert any(line.startswith("lidkoping LK: 0 → 1") for line in report.counters)


async def test_a_healthy_start_changes_nothing(evening: Evening) -> None:
    await Finding.handed_in(evening, with_photo=False)
    await restoring.mark(hands(evening))

    assert await restoring.settle(hands(evening), evening.now) == restoring.Report()


async def test_a_half_written_last_line_was_never_answered_for(evening: Evening, tmp_path: Path) -> None:
    finding = await Finding.handed_in(evening, with_photo=False)
    await erased(evening, ("observation", finding.id))
    journal = tmp_path / "erasures.journal"
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"v":1,"decision":"01')

    assert len(read(journal)) == 1
    other = await Finding.handed_in(evening, with_photo=False)
    await erased(evening, ("observation", other.id))
    assert len(read(journal)) == 2


async def test_a_line_that_was_changed_is_seen(evening: Evening, tmp_path: Path) -> None:
    for _ in range(2):
        finding = await Finding.handed_in(evening, with_photo=False)
        await erased(evening, ("observation", finding.id))
    journal = tmp_path / "erasures.journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0].replace(b"lidkoping", b"grannby") + lines[1])

    with pytest.raises(JournalBroken):
        read(journal)
