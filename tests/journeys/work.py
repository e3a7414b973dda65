"""A department's work: believable tasks in every state, straight into the store, and somebody who signs in to it."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from playwright.sync_api import Page, expect

from trygghetsvandring.demo.seed import MUNICIPALITY, PASSWORD
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.tasks import Extent, Task, TaskEvent, TaskState
from trygghetsvandring.storage import records
from trygghetsvandring.storage import tasks as _stored  # noqa: F401  # registers how tasks are stored
from trygghetsvandring.storage.unit import Store

UNIT = "gata-park"
_STREETS = tuple(f"{name}gatan {n}" for name in ("Stor", "Skol", "Hamn", "Kyrko", "Park", "Ring") for n in range(1, 13))
_WHAT = (("Byt lampa", "ljus"), ("Klipp buskar", "buskar"), ("Laga bänk", "trasigt"), ("Städa upp", "skrap"))
_PATH = (TaskState.NEW, TaskState.ASSIGNED, TaskState.ACCEPTED, TaskState.PLANNED, TaskState.IN_PROGRESS)
_ENDS = (*_PATH[1:], TaskState.WAITING, TaskState.REFERRED, TaskState.DONE, TaskState.VERIFIED, TaskState.WONT_DO)
_CHUNK = 500


def some_tasks(count: int, now: datetime, seed: int = 4) -> Iterator[Task]:
    """Believable ones in every state, on seventy streets, of one unit."""
    dice = random.Random(seed)
    for n in range(count):
        state = _ENDS[n % len(_ENDS)]
        title, tile = dice.choice(_WHAT)
        began = now - timedelta(days=dice.randint(1, 90))
        path = [*_PATH[: min(_PATH.index(state), 4) + 1]] if state in _PATH else [*_PATH[:3], state]
        today = now.date()
        yield Task(
            id=uuid7(),
            version=1,
            number=f"Å-{100_000 + n}",
            title=f"{title} {n}",
            state=state,
            priority=dice.randint(1, 3),
            findings=(UUID(int=n),),
            place=dice.choice(_STREETS),
            lat=58.505 + dice.uniform(-0.03, 0.03),
            lon=13.157 + dice.uniform(-0.05, 0.05),
            tile=tile,
            radius_m=8,
            department=UNIT,
            explanation="Lampor på gator sköter Gata och park.",
            due_on=today + timedelta(days=dice.randint(-20, 60)),
            planned_on=today + timedelta(days=3) if state is TaskState.PLANNED else None,
            next_look_on=today + timedelta(days=9) if state in {TaskState.WAITING, TaskState.REFERRED} else None,
            public_text="Vi väntar på en reservdel." if state is TaskState.WAITING else "",
            extent=Extent.FULL if state in {TaskState.DONE, TaskState.VERIFIED} else None,
            done_on=today if state in {TaskState.DONE, TaskState.VERIFIED} else None,
            history=tuple(
                TaskEvent(
                    at=began + timedelta(hours=step),
                    type="task.plan",
                    start=path[step - 1] if step else None,
                    end=there,
                    by="Handläggare, Gata och park",
                    text="",
                )
                for step, there in enumerate(path)
            ),
        )


async def fill(database_url: str, count: int) -> None:
    now = datetime.now(UTC)
    store = Store(database_url)
    made = list(some_tasks(count, now))
    for at in range(0, count, _CHUNK):
        async with store.write() as db:
            await records.save(db, MUNICIPALITY, made[at : at + _CHUNK], now)
    await store.close()


def sign_in(page: Page, url: str, login: str = "handlaggare@lidkoping") -> None:
    page.goto(f"{url}/desk/")
    page.get_by_text("Logga in med lösenord").click()
    page.get_by_label("Användarnamn").fill(login)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
