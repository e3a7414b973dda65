"""What the wire does to a request, chosen by the seed from the phone and the request's number, never by the clock."""

import random
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    NONE = "none"
    DROP_REQUEST = "drop before"  # it never reaches the server
    DROP_RESPONSE = "drop after"  # the server has done it, the phone never hears
    CUT_REQUEST = "cut request"  # at byte n of it, and then the line is dead
    CUT_RESPONSE = "cut response"
    DELAY = "delay"
    DUPLICATE = "duplicate"  # one after the other; the phone hears the second answer
    TWINS = "twins"  # both at once, on two connections; the phone hears one of the answers
    LATE = "late"  # the line dies, and the request arrives behind later ones
    REORDER = "reorder"  # held until another connection's request has passed
    HALF_JSON = "half json"  # well-formed HTTP around half an answer
    HALF_GZIP = "half gzip"
    UNAVAILABLE = "5xx"
    SLOW_DOWN = "429"
    TOO_LARGE = "413"
    PORTAL = "200 html"
    ELSEWHERE = "302 elsewhere"
    STALE = "stale pull"  # a cache's old answer to the same question
    NARROW = "64 kbit/s"


_WEIGHTS = {
    Fault.DROP_REQUEST: 8,
    Fault.DROP_RESPONSE: 14,
    Fault.CUT_REQUEST: 10,
    Fault.CUT_RESPONSE: 8,
    Fault.DELAY: 6,
    Fault.DUPLICATE: 8,
    Fault.TWINS: 6,
    Fault.LATE: 8,
    Fault.REORDER: 5,
    Fault.HALF_JSON: 4,
    Fault.HALF_GZIP: 4,
    Fault.UNAVAILABLE: 6,
    Fault.SLOW_DOWN: 4,
    Fault.TOO_LARGE: 3,
    Fault.PORTAL: 9,
    Fault.ELSEWHERE: 3,
    Fault.STALE: 3,
    Fault.NARROW: 2,
}
KINDS = tuple(_WEIGHTS)


@dataclass(frozen=True)
class Tag:
    """Which request it is: the schedule's seed, the phone, the page it has open, the page's how manieth."""

    seed: int
    phone: int
    page: int
    number: int

    @classmethod
    def read(cls, written: str) -> "Tag":
        return cls(*(int(word) for word in written.split(".")))


@dataclass(frozen=True)
class Fate:
    fault: Fault
    # Where to cut, as a share of the length; how long to wait; which of several answers. At least 0, below 1.
    where: float
    says_ours: bool  # a 5xx, 429 or 413 by our own server, or by something in between
    retry_after: int | None


def fate_of(tag: Tag, badness: float) -> Fate:
    chance = random.Random(f"{tag.seed}.{tag.phone}.{tag.page}.{tag.number}")
    bad = chance.random() < badness
    fault = chance.choices(KINDS, list(_WEIGHTS.values()))[0] if bad else Fault.NONE
    retry_after = chance.choice([None, 0, 1, 7, 120, 86_400])
    return Fate(fault=fault, where=chance.random(), says_ours=chance.random() < 0.5, retry_after=retry_after)


def counted(made: Counter[Fault]) -> str:
    return ", ".join(f"{fault} {times}" for fault, times in sorted(made.items()) if fault is not Fault.NONE)
