"""`make power-cuts`: 200 power cuts, and the two faults that the same cuts must find.

`python -m tests.crash.power_cuts [cuts] [seed]`. Where power cannot be cut it says so and ends with 2: that is neither
a pass nor a failure.
"""

import asyncio
import sys

from tests.crash import power
from tests.crash.campaign import Campaign

CUTS = 200
MUST_BE_CAUGHT = ("synchronous=NORMAL", "synchronous=OFF", "no photo fsync")
_A_ROUND = 25


async def rounds(count: int, seed: str) -> list[Campaign]:
    """With a new disk each."""
    came = []
    for number, done in enumerate(range(0, count, _A_ROUND)):
        it = await power.cuts(min(_A_ROUND, count - done), f"{seed}-{number}")
        print(f"{seed}-{number}: {it}", *it.wrong[:20], sep="\n  ", flush=True)
        came.append(it)
    return came


async def main(count: int, seed: str) -> int:
    wrong = sum(len(it.wrong) for it in await rounds(count, seed))
    for plant in MUST_BE_CAUGHT:
        it = await power.cuts(20, f"{seed}-{plant}", plant, until_wrong=True)
        wrong += not it.wrong
        print(f"{plant}: {'upptäckt' if it.wrong else 'INTE UPPTÄCKT'} efter {it.kills} avbrott", flush=True)
    print("Inget kvitterat är borta." if not wrong else "FEL, se ovan.")
    return 1 if wrong else 0


if __name__ == "__main__":
    why = power.cannot()
    if why is not None:
        print(f"Strömavbrott kan inte köras här: {why}.")
        sys.exit(2)
    words = sys.argv[1:]
    sys.exit(asyncio.run(main(int(words[0]) if words else CUTS, words[1] if len(words) > 1 else "20261123")))
