"""What every test gets: no socket beyond this machine, and a depth for properties.

`tests/profile.py` says how deep; quick is the default at the keyboard.
"""

import ipaddress
import sys

from hypothesis import settings

from tests import profile

pytest_plugins = ["tests.where", "tests.storage.postgres", "tests.storage.buckets", "tests.makers"]

settings.register_profile("quick", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, print_blob=True)
settings.register_profile("night", max_examples=5_000, deadline=None, print_blob=True)
settings.load_profile(profile.name())

# Where a socket's address stands among the arguments of the audit event.
_ADDRESS_AT = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}


def _host(address: object) -> object:
    """The host of an internet address; None for a unix socket, which cannot leave the machine."""
    return address[0] if isinstance(address, tuple) else None


def _stays_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _loopback_only(event: str, args: tuple[object, ...]) -> None:
    """An audit hook sees every socket, also those opened by threads and event loops; it cannot be patched away."""
    if event == "socket.getaddrinfo":
        host = args[0]
        # Listening on every interface resolves this one; nothing is sent by it.
        if host in {"0.0.0.0", "::"}:  # noqa: S104
            return
    elif event in _ADDRESS_AT:
        host = _host(args[_ADDRESS_AT[event]])
    else:
        return
    if not _stays_here(host):
        # Not an OSError: code that rightly survives a dead network must not survive this.
        raise AssertionError(f"a test tried to reach {host}: only loopback is allowed")


sys.addaudithook(_loopback_only)
