"""One evening from one seed: what five people do with their phones, and what happens to the server meanwhile."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Act = dict[str, Any]

PHONES = 5
POISON = "Ring 19121212-1212 om det."  # a personnummer: the server's guard refuses it, for good
_TEXTS = ("", "Mörkt nästan hela vägen.", "Lampan blinkar.", "å" * 480, "Skräp 😀 vid bänken.", POISON)
_CATEGORIES = ("bel.trasig", "bel.svag", "buskar", "sikt", "trasigt", "busskur")
_ITEMS = ("a", "b", "c")
_HOUR = 3_600_000
_CLOCK_JUMPS = (-365 * 24 * _HOUR, -_HOUR, -1, 90_000, 3 * 24 * _HOUR, 9_000 * 24 * _HOUR)

_DOES = {
    "capture": 14,
    "feel": 4,
    "answer": 4,
    "danger": 4,
    "hand_in": 16,
    "correct": 8,
    "withdraw": 3,
    "remove": 2,
    "wake": 8,
    "rest": 10,
    "crash": 9,
    "reopen": 4,
    "second_tab": 4,
    "close_tab": 2,
    "freeze": 2,
    "melt": 3,
    "lose_database": 3,
    "full": 2,
    "clock": 3,
    "hand_in_again": 2,
    "free_storage": 2,
    "nothing": 2,
}
_DURING_CRASH = ("wake", "hand_in", "capture", "correct", "danger")


@dataclass(frozen=True)
class Schedule:
    seed: int
    badness: float
    walk: UUID
    stops: tuple[UUID, ...]
    phones: tuple[dict[str, Any], ...]
    steps: tuple[tuple[dict[str, Any], ...], ...]  # one act for each phone
    # What happens to the server, by the number of the step: killed, backed up, restored, or the plan changed.
    server: dict[int, str] = field(default_factory=dict)
    keeps_drafts: tuple[bool, ...] = ()
    with_blobs: bool = False  # the restored copy has no newer photos either

    @property
    def is_restored(self) -> bool:
        return "restore" in self.server.values()


def schedule(seed: int, *, plant: str | None = None, may_kill: bool = True, may_restore: bool = True) -> Schedule:
    """`plant` is what is wrong with the phones' code on purpose."""
    chance = random.Random(f"evening {seed}")
    length = chance.randint(6, 12)
    server = _server(chance, length, may_kill=may_kill, may_restore=may_restore)
    may_forget = "restore" not in server.values()
    return Schedule(
        seed=seed,
        badness=chance.choice((0.1, 0.25, 0.4, 0.6)),
        walk=_uuid(chance),
        stops=tuple(_uuid(chance) for _ in range(3)),
        phones=tuple(_phone(chance, plant) for _ in range(PHONES)),
        steps=(*(_step(chance, may_forget) for _ in range(length)), *_way_home(chance)),
        server=server,
        keeps_drafts=tuple(chance.random() < 0.1 for _ in range(PHONES)),
        with_blobs=chance.random() < 0.5,
    )


def _step(chance: random.Random, may_forget: bool) -> tuple[dict[str, Any], ...]:
    return tuple({"act": _act(chance, may_forget), "settle": chance.random() < 0.6} for _ in range(PHONES))


def _way_home(chance: random.Random) -> Iterator[tuple[dict[str, Any], ...]]:
    """Everybody hands in and sends while the wire still is as it was."""
    turns = chance.randint(1, 4)
    acts: tuple[Act, ...] = ({"do": "hand_in"}, {"do": "wake"}, {"do": "rest", "turns": turns, "most": 400_000})
    for act in acts:
        yield tuple({"act": act, "settle": True} for _ in range(PHONES))


def _uuid(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def _phone(chance: random.Random, plant: str | None) -> dict[str, Any]:
    start = 1_795_200_000_000 + chance.choice((0, 0, 0, -400 * 24 * _HOUR, 40 * 24 * _HOUR))
    return {"wall": start, "hasLocks": chance.random() < 0.7, "plant": plant}


def _server(chance: random.Random, length: int, *, may_kill: bool, may_restore: bool) -> dict[int, str]:
    happens: dict[int, str] = {}
    if chance.random() < 0.5:
        happens[chance.randrange(length)] = "change"
    draw = chance.random()
    if draw < 0.03 and may_kill:
        happens[chance.randrange(1, length)] = "kill"
    elif draw < 0.12 and may_restore:
        at = chance.randrange(length - 1)
        happens[at] = "backup"
        happens[chance.randrange(at + 1, length)] = "restore"
    return happens


def _act(chance: random.Random, may_forget: bool) -> Act:
    what = chance.choices(list(_DOES), list(_DOES.values()))[0]
    if what == "free_storage" and not may_forget:
        what = "nothing"  # law 18 lets a photo go when storage is short; a restored server may then want it in vain
    return _told(chance, what)


def _told(chance: random.Random, what: str) -> Act:
    which = chance.randrange(100)
    known: dict[str, Act] = {
        "capture": {
            "category": chance.choice(_CATEGORIES),
            "severity": chance.choice((None, 0, 1, 2)),
            "text": chance.choice(_TEXTS),
            "stop": chance.choice((None, 0, 1, 2)),
            "photo": which if chance.random() < 0.45 else None,
        },
        "feel": {"stop": which, "own": chance.choice(("safe", "neither", "unsafe"))},
        "answer": {
            "stop": which,
            "item": chance.choice(_ITEMS),
            "answer": chance.choice(("yes", "no", "unknown")),
        },
        "danger": {"text": "Öppet elskåp.", "photo": which if chance.random() < 0.5 else None},
        "correct": {"which": which, "text": f"Rättat {which}.", "severity": chance.randrange(3)},
        "withdraw": {"which": which},
        "remove": {"which": which},
        "hand_in_again": {"which": which},
        "full": {"on": chance.random() < 0.4},
        "rest": {"turns": chance.randint(1, 4), "most": chance.choice((5_000, 130_000, 4_000_000))},
        "clock": {"by": chance.choice(_CLOCK_JUMPS)},
    }
    values = known.get(what, {})
    if what == "crash":
        values = {"steps": chance.randint(1, 40), "during": _told(chance, chance.choice(_DURING_CRASH))}
    return {"do": what, **values}
