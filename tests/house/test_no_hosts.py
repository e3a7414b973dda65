"""A checkout builds the same on any machine: it names no package registry and no folder of whoever wrote it."""

import re

import pytest

from tests.house.tracked import text_of, tracked

# In pieces, or this file would be the first to be caught.
REGISTRIES = ["pypi" + ".org", "python" + "hosted", "npm" + "js.", "yarn" + "pkg", "ghcr" + ".io", "quay" + ".io"]
REGISTRY = re.compile("|".join(map(re.escape, REGISTRIES)), re.IGNORECASE)
# A home or a working folder at the top of someone's disk; `/tmp` is every machine's.
MACHINE_PATH = re.compile(r"(?<![\w.}$)/~-])/(?:root|work|home|Users|mnt)/\w")


def hits(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in tracked()
        for number, line in enumerate((text_of(name) or "").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_tracked_file_names_a_package_registry() -> None:
    assert hits(REGISTRY) == []


def test_no_tracked_file_holds_a_path_of_one_machine() -> None:
    assert hits(MACHINE_PATH) == []


@pytest.mark.parametrize("line", ["https://" + REGISTRIES[0] + "/simple", "registry." + REGISTRIES[2] + "org"])
def test_a_registry_would_be_seen(line: str) -> None:
    assert REGISTRY.search(line)


@pytest.mark.parametrize("path", ["home/anna/x", "root/x", "work/main"])
def test_a_machine_path_would_be_seen(path: str) -> None:
    assert MACHINE_PATH.search(f'open("/{path}")')
    assert not MACHINE_PATH.search(f"https://example.se/{path}")


def test_lock_files_hold_hashes_and_no_addresses() -> None:
    python = text_of("requirements.txt") or ""
    npm = text_of("pwa/package-lock.json") or ""

    assert "--hash=sha256:" in python
    assert "http" not in re.sub(r"(?m)^(?:aiohttp|httpx|httpcore|httptools|\s+#).*$", "", python)
    assert '"integrity": "sha512-' in npm
    assert '"resolved":' not in npm
