"""What must come from the machine's own package manager: browsers, PostgreSQL and LibreOffice for the tests, venv for
Python."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tools import SETUP, Stop, quietly

POSTGRES_AT_LEAST = 15


def has_chromium() -> bool:
    return shutil.which("chromium") is not None


def has_postgres() -> bool:
    versions = (folder.name for folder in Path("/usr/lib/postgresql").glob("*") if (folder / "bin/initdb").exists())
    return any(name.isdigit() and int(name) >= POSTGRES_AT_LEAST for name in versions)


def has_webkit() -> bool:
    """The engine that iPhones have, and the screen it wants to draw on."""
    return shutil.which("WebKitWebDriver") is not None and shutil.which("Xvfb") is not None


def has_office() -> bool:
    return shutil.which("soffice") is not None


def missing_for_tests() -> list[str]:
    """Names of the Debian packages that are still needed, in the order apt gets them."""
    missing = []
    if not has_chromium():
        missing += ["chromium", "fonts-liberation"]
    if not has_postgres():
        missing.append("postgresql")
    if not has_webkit():
        missing += ["webkit2gtk-driver", "xvfb"]
    if not has_office():
        missing += ["libreoffice-writer-nogui", "libreoffice-calc-nogui"]
    return missing


def _as_root() -> list[str] | None:
    """The words to put before a command that needs root; None when nobody here may."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n"] if allowed else None


def install(packages: list[str]) -> None:
    line = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    by_hand = f"Kör det här och sedan samma kommando igen:\n\n    sudo apt-get update && sudo {' '.join(line)}\n"
    before = _as_root()
    if shutil.which("apt-get") is None or before is None:
        raise Stop(f"Det saknas paket på datorn: {', '.join(packages)}. {by_hand}")
    SETUP.mkdir(exist_ok=True)
    log = SETUP / "apt.log"
    log.unlink(missing_ok=True)
    # `env` inside sudo, because sudo drops the variables of its caller.
    quiet = [*before, "env", "DEBIAN_FRONTEND=noninteractive"]
    try:
        quietly([*quiet, "apt-get", "update"], log)
        quietly([*quiet, *line], log)
    except Stop as failure:
        raise Stop(f"{failure}\n{by_hand}") from failure
