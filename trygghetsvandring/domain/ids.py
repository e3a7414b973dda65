"""Ids: UUIDv7 made where the thing is made, never mapped, never trusted for order."""

import hashlib
import os
import threading
import time
from functools import lru_cache
from uuid import UUID

PASS_NAMESPACE = UUID("6f0f3f0e-6a7a-5e0b-9c1e-2b7f5a1d9c11")

_lock = threading.Lock()
_last_ms = 0
_counter = 0


def uuid7() -> UUID:
    """RFC 9562 version 7, strictly increasing within this process."""
    global _last_ms, _counter
    with _lock:
        now_ms = time.time_ns() // 1_000_000
        if now_ms > _last_ms:
            _last_ms, _counter = now_ms, int.from_bytes(os.urandom(2), "big") & 0x7FF
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_ms, _counter = _last_ms + 1, 0
        ms, counter = _last_ms, _counter
    tail = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(ms << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | tail)


def pass_id(organisation: str, evening: str, kind: str) -> UUID:
    """The id of a team's pass: the same on every phone of the team, so that two phones offline open one log.

    `evening` is an ISO date. UUIDv5 over ``organisation:evening:kind``; `pwa/src/domain/ids.ts` makes the same.
    """
    digest = hashlib.sha1(PASS_NAMESPACE.bytes + f"{organisation}:{evening}:{kind}".encode(), usedforsecurity=False)
    return UUID(bytes=digest.digest()[:16], version=5)


@lru_cache(maxsize=256)
def correspondence_id(municipality: str) -> UUID:
    """The id of a municipality's correspondence: there is one. UUIDv5 over ``correspondence:municipality``."""
    digest = hashlib.sha1(PASS_NAMESPACE.bytes + f"correspondence:{municipality}".encode(), usedforsecurity=False)
    return UUID(bytes=digest.digest()[:16], version=5)


@lru_cache(maxsize=256)
def shelf_id(municipality: str) -> UUID:
    """The id of a municipality's shelf of rule books: there is exactly one. UUIDv5 over ``rules:municipality``."""
    digest = hashlib.sha1(PASS_NAMESPACE.bytes + f"rules:{municipality}".encode(), usedforsecurity=False)
    return UUID(bytes=digest.digest()[:16], version=5)


@lru_cache(maxsize=256)
def est_week_id(municipality: str, week: str) -> UUID:
    """The id of a municipality's EST week, "2026-W47": there is one. UUIDv5 over ``est:municipality:week``."""
    digest = hashlib.sha1(PASS_NAMESPACE.bytes + f"est:{municipality}:{week}".encode(), usedforsecurity=False)
    return UUID(bytes=digest.digest()[:16], version=5)


def attestation_id(municipality: str, party: str, span: str, digest: str, turn: int) -> UUID:
    """Of the same rows of the same days there is one, however often it is sent.

    `turn`: how many of them have been taken back. UUIDv5 over ``attestation:municipality:…``.
    """
    name = f"attestation:{municipality}:{party}:{span}:{digest}:{turn}"
    made = hashlib.sha1(PASS_NAMESPACE.bytes + name.encode(), usedforsecurity=False)
    return UUID(bytes=made.digest()[:16], version=5)


@lru_cache(maxsize=1024)
def trade_id(municipality: str, *of: str) -> UUID:
    """Of what the safety group has one: ``("card", party)``, ``("week", shop, "2026-W47")``, ``("routine",)``.

    UUIDv5 over ``trade:municipality:…``.
    """
    name = ":".join(("trade", municipality, *of))
    digest = hashlib.sha1(PASS_NAMESPACE.bytes + name.encode(), usedforsecurity=False)
    return UUID(bytes=digest.digest()[:16], version=5)
