"""Kills at random moments under twenty writers, a verdict after each."""

import asyncio
import random
import time
from dataclasses import dataclass

from tests.crash.house import House
from tests.crash.judge import Judge
from tests.crash.writers import Crowd, Ledger

_ACKNOWLEDGED = 15
"""A life ends when up to so many more operations have been acknowledged: a slow machine kills as often at work."""
_AT_MOST_S = 6.0
_AND_A_MOMENT_S = 0.05
_IN_ITS_CRADLE = 0.1
"""Share of the kills that fall while the server is still starting."""

_WITH_JOBS = 0.4


@dataclass
class Campaign:
    """What a round of kills came to."""

    kills: int
    ledger: Ledger
    wrong: list[str]
    seconds: float

    def __str__(self) -> str:
        told, photos = len(self.ledger.told), len(self.ledger.received)
        return (
            f"{self.kills} deaths in {self.seconds:.0f} s: {told} operations and {photos} photos acknowledged, "
            f"{self.ledger.repeats} batches repeated, {self.ledger.breaks} connections broken, {len(self.wrong)} wrong"
        )


async def kills(house: House, count: int, seed: str, *, until_wrong: bool = False) -> Campaign:
    """`count` lives of one house, then one more in which everybody comes home. Seeded; the seed stands in the log."""
    began, chance, done = time.monotonic(), random.Random(seed), 0
    async with Crowd(house, seed) as crowd:
        judge = Judge(house, crowd.ledger)
        while done < count and not (until_wrong and judge.wrong):
            # Decoding photos takes the whole machine; without it more is acknowledged in a life as short as these.
            house.begin(*(() if chance.random() < _WITH_JOBS else ("--no-jobs",)))
            if chance.random() < _IN_ITS_CRADLE:
                await asyncio.sleep(chance.uniform(0, 0.5))
            else:
                await house.answers()
                await a_life(crowd.ledger, chance)
            house.kill()
            done += 1
            judge.look()
        if not judge.wrong:
            await house.start()
            await crowd.come_home()
            house.kill()
            judge.look()
            judge.wrong += [f"{id} was never answered" for id in crowd.ledger.sent.keys() - crowd.ledger.told.keys()]
    return Campaign(done, crowd.ledger, judge.wrong, time.monotonic() - began)


async def a_life(ledger: Ledger, chance: random.Random) -> None:
    """Returns at a random moment, counted in what was acknowledged."""
    enough, until = len(ledger.told) + chance.randint(0, _ACKNOWLEDGED), time.monotonic() + _AT_MOST_S
    while len(ledger.told) < enough and time.monotonic() < until:  # noqa: ASYNC110  # nobody tells us
        await asyncio.sleep(0.005)
    await asyncio.sleep(chance.uniform(0, _AND_A_MOMENT_S))
