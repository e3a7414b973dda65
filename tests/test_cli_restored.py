"""`trygg restored`: somebody says that the database is a backup."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from trygghetsvandring import cli


def epoch(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "trygg.sqlite")) as db:
        return str(db.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()[0])


def test_every_phone_reads_anew_and_the_command_says_what_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRYGG_DATA_DIR", str(tmp_path))
    assert CliRunner().invoke(cli.main, ["demo"]).exit_code == 0
    before = epoch(tmp_path)

    told = CliRunner().invoke(cli.main, ["restored"])

    assert told.exit_code == 0, told.output
    assert epoch(tmp_path) != before
    assert f"Ny epok: {epoch(tmp_path)}." in told.output
    assert "Borttaget igen: 0." in told.output and "som saknas: 0." in told.output
