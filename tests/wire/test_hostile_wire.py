"""The real outbox of five phones against the real server over a hostile wire.

A broken law is printed with its seed, and `TRYGG_WIRE_SEED=<seed>` plays that very evening again (`17-40`: all these).
"""

import os
from pathlib import Path

import psycopg
import pytest

from tests import profile
from tests.makers import address
from tests.storage.postgres import Cluster
from tests.wire.run import DatabaseUrl, played


@pytest.fixture
def postgres_databases(postgres: Cluster) -> DatabaseUrl:
    """A new database for each server; it answers as a durable one would."""

    def make(_data: Path) -> str:
        url = postgres.new_database()
        with psycopg.connect(address(url), autocommit=True) as db:
            db.execute(f"ALTER DATABASE {url.rsplit('/', 1)[1]} SET synchronous_commit = on".encode("ascii"))
        return url

    return make


def the_seeds(asked: str) -> list[int]:
    first, _, last = asked.partition("-")
    return list(range(int(first), int(last or first) + 1))


@pytest.mark.postgres
@pytest.mark.law(1)
@pytest.mark.law(2)
@pytest.mark.law(3)
@pytest.mark.law(7)
@pytest.mark.law(8)
@pytest.mark.law(9)
@pytest.mark.law(10)
@pytest.mark.law(13)
@pytest.mark.law(14)
@pytest.mark.law(15)
@pytest.mark.law(16)
@pytest.mark.law(18)
def test_whatever_the_wire_does_every_capture_arrives_once_and_everybody_sees_the_same(
    postgres_databases: DatabaseUrl, capsys: pytest.CaptureFixture[str]
) -> None:
    seeds = the_seeds(os.environ.get("TRYGG_WIRE_SEED") or f"1-{profile.pick(quick=4, ci=300, night=10_000)}")

    figures = played(seeds, postgres_databases)

    with capsys.disabled():
        print(f"\nhostile wire: {figures.line()}")
    assert figures.schedules == len(seeds)
    assert figures.server_faults == []
    assert not figures.violations, "\n".join(
        f"TRYGG_WIRE_SEED={seed}: {sentence}" for seed, said in figures.violations.items() for sentence in said[:6]
    )
