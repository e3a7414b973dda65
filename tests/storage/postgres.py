"""A PostgreSQL cluster of the test run's own: real, on loopback, gone when the run ends.

`postgres_url` is the address of one empty database for a whole run; `postgres` can make more (`new_database`).
PostgreSQL refuses to run as root, so root starts it as the user the Debian package made; anyone else as themselves.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest

AT_LEAST = 15
STARTED_WITHIN_S = 30.0
STOPPED_WITHIN_S = 20.0
INSTALL = "apt-get install --yes --no-install-recommends postgresql"


@dataclass
class Cluster:
    port: int
    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str = "postgres") -> str:
        """For SQLAlchemy; psycopg 3 serves both its plain and its asyncio engine under this name."""
        return f"postgresql+psycopg://trygg@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The address of a database that did not exist before."""
        name = f"trygg_{next(self._numbers)}"
        address = f"host=127.0.0.1 port={self.port} user=trygg dbname=postgres"
        with psycopg.connect(address, autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}".encode("ascii"))
        return self.url(name)


def binaries() -> Path:
    """The newest installed PostgreSQL's programs. Missing is a failure with the way out, never a skipped test."""
    found = {int(path.parent.name): path for path in Path("/usr/lib/postgresql").glob("[0-9]*/bin")}
    if not found or max(found) < AT_LEAST:
        pytest.fail(f"PostgreSQL {AT_LEAST} or newer is needed: {INSTALL}", pytrace=False)
    return found[max(found)]


def _owner() -> str | None:
    """Whom to start it as; None means as ourselves."""
    return "postgres" if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _initialise(folder: Path) -> Path:
    data = folder / "data"
    subprocess.run(
        [binaries() / "initdb", "-D", data, "-U", "trygg", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        user=_owner(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return data


def _start(folder: Path, data: Path, port: int) -> subprocess.Popen[bytes]:
    # Nothing here outlives the run, so nothing needs to survive a power cut.
    hasty = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
    options = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *hasty]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [binaries() / "postgres", "-D", data, *(word for option in options for word in ("-c", option))],
            user=_owner(),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _wait_until_it_answers(server: subprocess.Popen[bytes], cluster: Cluster) -> None:
    until = time.monotonic() + STARTED_WITHIN_S
    address = f"host=127.0.0.1 port={cluster.port} user=trygg dbname=postgres connect_timeout=2"
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                log = (cluster.folder / "log").read_text(errors="replace")
                pytest.fail(f"PostgreSQL did not start:\n{log}", pytrace=False)
            time.sleep(0.05)
        else:
            return


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # fast shutdown: open connections are dropped, not waited for
    try:
        server.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    # Straight under /tmp: a unix socket's path holds 107 bytes, and user postgres cannot enter root's folders.
    folder = Path(tempfile.mkdtemp(prefix="trygg-pg-", dir="/tmp"))
    owner = _owner()
    if owner is not None:
        account = pwd.getpwnam(owner)
        os.chown(folder, account.pw_uid, account.pw_gid)
    cluster = Cluster(port=_free_port(), folder=folder)
    try:
        server = _start(folder, _initialise(folder), cluster.port)
        try:
            _wait_until_it_answers(server, cluster)
            yield cluster
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(postgres: Cluster) -> str:
    """`postgresql+psycopg://…` of one empty database, shared by the whole run."""
    return postgres.new_database()
