"""How it goes after a walk, line by line, and whether it holds: for those who came by a letter or a card."""

from typing import Any
from uuid import UUID, uuid5

from starlette.requests import Request

from trygghetsvandring.domain import cards
from trygghetsvandring.domain.digests import GroupMessage
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.tasks import SeenThere, Task, day_of
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.integrations.digest_letters import Item
from trygghetsvandring.integrations.letters import date_words
from trygghetsvandring.storage import records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.telling import Shown
from trygghetsvandring.web import plain, routing

THANKS = "Tack. Ditt svar är sparat."
CHOOSE = "Välj ett svar och försök igen."
NOT_SAVED = "Det gick inte att spara. Försök igen."
_BY_CARD = "Någon med vandringens kort"
_SEEN = [
    (SeenThere.GOOD.value, "Ja, bra"),
    (SeenThere.PARTLY.value, "Delvis"),
    (SeenThere.NO.value, "Nej"),
    (SeenThere.NOT_THERE.value, "Har inte varit där"),
]


def to_all(message: GroupMessage | None) -> str:
    """What was written to everybody who walked, if anything was."""
    if message is None:
        return ""
    return f'<div class="box">{plain.paragraph(message.text)}{plain.paragraph(message.by, "help")}</div>'


def rows(items: list[Item]) -> str:
    return f'<ul class="told">{"".join(_row(item) for item in items)}</ul>' if items else ""


def _row(item: Item) -> str:
    said = plain.paragraph(item.text) if item.text else ""
    return f"<li><b>{plain.text(item.title)}</b>{plain.paragraph(item.outcome)}{said}</li>"


def ask(action: str, hidden: dict[str, str], line: Shown) -> str:
    """Four answers that look the same: none is hoped for."""
    done_on = line.reply.done_on
    since = f" efter {date_words(done_on)}" if done_on else ""
    question = f"Har du varit där{since}, när det var mörkt?"
    return plain.form(
        action,
        hidden | {"task": str(line.task)},
        plain.paragraph(f"{line.item.outcome}."),
        plain.paragraph(line.item.text) if line.item.text else "",
        plain.choices("seen", f"Stämmer det? {question}", _SEEN),
        plain.button("Svara", kind="side"),
        heading=line.item.title,
    )


def answered(form: dict[str, str]) -> tuple[UUID, SeenThere] | None:
    """The task and the answer; None when nothing was chosen."""
    try:
        return UUID(form.get("task", "")), SeenThere(form.get("seen", ""))
    except ValueError:
        return None


async def say(
    request: Request, here: Municipality, walk: Walk, id: UUID, seen: SeenThere, *, voice: UUID | None
) -> bool:
    """Whether it is saved. `voice`: who answers; None: the walk's card, which is one voice for each answer.

    By the card, pressed again the same day it is the same, until something has been done about it.
    """
    if voice is None:
        return await _say_by_card(request, here, walk, id, seen)
    return await _confirm(request, here, walk, id, seen, voice, "En som gick")


async def _say_by_card(request: Request, here: Municipality, walk: Walk, id: UUID, seen: SeenThere) -> bool:
    assert walk.card is not None
    now, house = routing.now(request), routing.house(request)
    async with house.store.read() as db:
        task = await _goes_on(db, here.id, id)
    if task is None:
        return False
    voice = cards.voice(house.engine.key, here.id, walk.card, task.id, seen)
    if cards.is_said_already(task, voice, now):
        return True
    # Two who press at once have both been told that it is not said: by its id only one of them is let in.
    once = uuid5(voice, f"{day_of(now)} {task.settled.at if task.settled else ''}")
    if await _confirm(request, here, walk, task.id, seen, voice, _BY_CARD, once):
        return True
    async with house.store.read() as db:
        task = await _goes_on(db, here.id, task.id)
    return task is not None and cards.is_said_already(task, voice, now)


async def _confirm(
    request: Request,
    here: Municipality,
    walk: Walk,
    task: UUID,
    seen: SeenThere,
    voice: UUID,
    function: str,
    once: UUID | None = None,
) -> bool:
    now = routing.now(request)
    walker = Principal(municipality=here.id, role=Role.WALKER, device=voice, walk=walk.id, function=function)
    body: dict[str, Any] = {"seen": seen, "seen_on": None if seen is SeenThere.NOT_THERE else day_of(now)}
    engine = routing.house(request).engine
    outcome = await engine.act(here.id, "task.confirm", task, body, now, actor=walker, id=once)
    return outcome.outcome == "applied"


async def _goes_on(db: Db, municipality: str, id: UUID) -> Task | None:
    """The task itself, or the one it was merged into since the page was read: said of both it is said once."""
    task = await records.one(db, municipality, Task, id)
    into = task.merged_into if task is not None else None
    return await records.one(db, municipality, Task, into) if into is not None else task
