"""`kill -9` at random moments under twenty writers: nothing acknowledged is lost, nothing is doubled, no photo is half.

The verdict is read from the database and the blob folder of the dead server. `TRYGG_PROFILE=night` kills a thousand
times, in rounds of fifty with a new database each.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests import profile
from tests.crash import campaign
from tests.crash.house import a_house, prepare
from tests.nurseries import Nursery
from tests.storage.postgres import Cluster

SEED = "20261123"
_A_ROUND = 50


def rounds(kills: int) -> list[int]:
    """Kills per database: a judge that reads everything after each death should not have to read a whole night."""
    return [min(_A_ROUND, kills - done) for done in range(0, kills, _A_ROUND)]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as it:
        yield it


def a_postgres_database(cluster: Cluster) -> str:
    url = cluster.new_database()
    name = url.rsplit("/", 1)[1]
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as db:
        db.execute(f"ALTER DATABASE {name} SET synchronous_commit = on".encode("ascii"))
    return url


def a_sqlite_database(data: Path) -> str:
    return f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}"


async def killed(nursery: Nursery, folder: Path, url: str, kills: int, seed: str) -> campaign.Campaign:
    """A round in a folder of its own."""
    data = folder / "data"
    data.mkdir()
    joined = await prepare(url)
    with a_house(nursery, data, url, joined, folder / "server.log") as house:
        return await campaign.kills(house, kills, seed)


async def each_round(
    nursery: Nursery, folder: Path, kills: int, database: Callable[[Path], str], name: str
) -> list[campaign.Campaign]:
    came = []
    for number, count in enumerate(rounds(kills)):
        place = folder / str(number)
        place.mkdir()
        seed = f"{SEED}-{name}-{number}"
        it = await killed(nursery, place, database(place / "data"), count, seed)
        print(f"{seed}: {it}")
        assert it.wrong == [], f"seed {seed}"
        came.append(it)
    return came


@pytest.mark.law(1)
@pytest.mark.law(2)
@pytest.mark.law(7)
@pytest.mark.law(8)
async def test_a_server_killed_at_any_moment_has_everything_it_acknowledged_once(
    nursery: Nursery, tmp_path: Path
) -> None:
    kills = profile.pick(quick=3, ci=20, night=700)

    came = await each_round(nursery, tmp_path, kills, a_sqlite_database, "sqlite")

    assert sum(it.kills for it in came) == kills
    assert sum(len(it.ledger.told) for it in came) > kills  # they were really at work
    assert any(it.ledger.received for it in came)


@pytest.mark.postgres
@pytest.mark.law(1)
@pytest.mark.law(2)
@pytest.mark.law(7)
@pytest.mark.law(8)
async def test_a_server_killed_at_any_moment_has_everything_it_acknowledged_once_on_postgresql(
    nursery: Nursery, tmp_path: Path, postgres: Cluster
) -> None:
    kills = profile.pick(quick=2, ci=12, night=300)

    came = await each_round(nursery, tmp_path, kills, lambda _: a_postgres_database(postgres), "postgresql")

    assert sum(it.kills for it in came) == kills
    assert sum(len(it.ledger.told) for it in came) > kills


@pytest.mark.parametrize(
    ("plant", "verdict"),
    [
        ("answer before commit", "is lost"),
        ("forgets what it answered", "was (told|answered)"),
        ("photo in place before its bytes", "bytes, or other ones"),
    ],
)
async def test_the_harness_sees_a_server_that_loses_doubles_or_halves(tmp_path: Path, plant: str, verdict: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    joined = await prepare(a_sqlite_database(data))

    with (
        Nursery(plant) as nursery,
        a_house(nursery, data, a_sqlite_database(data), joined, tmp_path / "server.log") as house,
    ):
        it = await campaign.kills(house, 10, SEED, until_wrong=True)

    assert any(re.search(verdict, sentence) for sentence in it.wrong), it.wrong[:5]
