"""No vulnerability feed answers where this is built, so the floors are kept by hand, each with its date and reason."""

from importlib.metadata import PackageNotFoundError, version

import pytest
from packaging.version import Version

# Package, lowest safe version, when the floor was last looked over, what is fixed there.
FLOORS = [
    ("starlette", "1.5.1", "2026-11-22", "Range bombs, Host header that moves request.url, form limits"),
    ("h11", "0.16.0", "2026-11-22", "request smuggling by malformed chunks"),
    ("pillow", "12.3.0", "2026-11-22", "decoders of hostile files"),
    ("cryptography", "50.0.0", "2026-11-23", "opens files that strangers may have made"),
    ("uvicorn", "0.54.0", "2026-11-22", "log injection; the version the house was measured with"),
]

# Not needed by us. Should another package bring it in, it must be the current one.
UNLESS_CURRENT = [("python-multipart", "0.0.34", "2026-11-22", "several advisories in 2026 against form parsing")]


@pytest.mark.parametrize(("package", "floor", "looked_over", "why"), FLOORS)
def test_what_is_installed_is_not_below_its_floor(package: str, floor: str, looked_over: str, why: str) -> None:
    installed = Version(version(package))

    assert installed >= Version(floor), f"{package} {installed} < {floor} ({looked_over}: {why})"


@pytest.mark.parametrize(("package", "floor", "looked_over", "why"), UNLESS_CURRENT)
def test_what_we_do_without_is_absent_or_current(package: str, floor: str, looked_over: str, why: str) -> None:
    try:
        installed = Version(version(package))
    except PackageNotFoundError:
        return
    assert installed >= Version(floor), f"{package} {installed} < {floor} ({looked_over}: {why})"
