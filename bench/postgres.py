"""A PostgreSQL cluster for one measurement, durable as it comes: every commit waits for the disk."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.journeys.house import free_port
from tests.storage.postgres import Cluster, binaries


@contextmanager
def a_cluster() -> Iterator[Cluster]:
    """PostgreSQL refuses to run as root, so root starts it as the user the Debian package made."""
    user = "postgres" if os.geteuid() == 0 else None
    # Straight under /tmp: a unix socket's path holds 107 bytes, and user postgres cannot enter root's folders.
    folder = Path(tempfile.mkdtemp(prefix="trygg-pg-", dir="/tmp"))
    if user is not None:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, cluster = folder / "data", Cluster(port=free_port(), folder=folder)
    make = [str(binaries() / "initdb"), "-D", str(data), "-U", "trygg", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    options = [f"port={cluster.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
    start = [str(binaries() / "postgres"), "-D", str(data), *(word for option in options for word in ("-c", option))]
    try:
        subprocess.run(make, user=user, cwd=folder, check=True, capture_output=True)
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(start, user=user, cwd=folder, stdout=log, stderr=log)
        try:
            _wait_for(cluster)
            yield cluster
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def process(cluster: Cluster) -> int:
    """The id of its first process; all the others are children of that one."""
    return int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])


def _wait_for(cluster: Cluster) -> None:
    address = f"host=127.0.0.1 port={cluster.port} user=trygg dbname=postgres connect_timeout=2"
    for _ in range(300):
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{(cluster.folder / 'log').read_text(errors='replace')}")
