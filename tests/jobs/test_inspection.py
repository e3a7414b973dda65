"""`trygg photos inspect` goes on with the other files, whatever becomes of one."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.imaging.makers import a_photo
from trygghetsvandring.cli import main
from trygghetsvandring.imaging.decoder import DecoderGone
from trygghetsvandring.imaging.inspection import Inspected, inspect
from trygghetsvandring.jobs import inspection


@pytest.mark.parametrize("fault", [DecoderGone(), OSError("no space left")])
def test_a_fault_of_the_machine_is_told_and_the_other_files_are_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    for name, content in (("first.jpg", b"FIRST"), ("second.jpg", a_photo(40, 30))):
        (tmp_path / name).write_bytes(content)

    async def breaks_once(content: bytes) -> Inspected:
        if content == b"FIRST":
            raise fault
        return await inspect(content)

    monkeypatch.setattr(inspection, "inspect", breaks_once)

    done = CliRunner().invoke(main, ["photos", "inspect", *map(str, sorted(tmp_path.iterdir()))])

    assert done.exit_code == 1
    assert done.stderr == f"Det gick inte att pröva {tmp_path / 'first.jpg'} just nu. Försök igen.\n"
    assert [json.loads(line)["outcome"] for line in done.stdout.splitlines()] == ["accepted"]


def test_a_file_that_cannot_be_read_is_told_and_the_other_files_are_decided(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(a_photo(40, 30))

    done = CliRunner().invoke(main, ["photos", "inspect", str(tmp_path / "none.jpg"), str(tmp_path / "photo.jpg")])

    assert done.exit_code == 1
    assert done.stderr == f"Det går inte att läsa {tmp_path / 'none.jpg'}.\n"
    assert [json.loads(line)["outcome"] for line in done.stdout.splitlines()] == ["accepted"]
