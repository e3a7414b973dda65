"""How it goes after a walk, as everybody who walked may read it: for a digest, and for the page it leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from trygghetsvandring.domain import digests as rules
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import DismissReason, Observation, ObservationState
from trygghetsvandring.domain.replies import Reply, ReplyWord
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.integrations.digest_letters import Item, outcome_words
from trygghetsvandring.storage import digests
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.replies import Reader, Told, answers


@dataclass(frozen=True, slots=True)
class Shown:
    """One line: what is done about it, and the task a visit there is told about."""

    item: Item
    task: UUID
    reply: Reply


async def replies_of(db: Db, here: Municipality, walk: Walk) -> list[Told]:
    """The answers to everything that was seen on the walk, oldest first; None = withdrawn.

    What another walk saw of the same is told to that one.
    """
    known = Known(here, key=b"", names={})
    told = await answers(Reader(db, known), await digests.findings(db, here.id, walk.id))
    return [(found, reply) for found, reply in told if found.walk == walk.id]


def shown(told: Sequence[Told], here: Municipality, walk: Walk, said: Mapping[str, str]) -> list[Shown]:
    """What became a task, once for each task. Nothing a walker wrote: the stop's name and the released words only."""
    lines: dict[UUID, Shown] = {}
    for found, reply in told:
        if reply is None or reply.task is None or reply.task in lines:
            continue
        owner = here.organisation(reply.department)
        day = reply.planned_on if reply.state is ReplyWord.PLANNED else reply.done_on
        item = Item(
            title=_title(found, here, walk),
            outcome=outcome_words(reply.state, owner.name if owner else "", day),
            text=reply.public_text,
            is_new=rules.has_news(said, rules.outcomes([reply])),
            asks=reply.state in {ReplyWord.DONE, ReplyWord.PARTLY},
        )
        lines[reply.task] = Shown(item, reply.task, reply)
    return list(lines.values())


def answered_without_work(told: Sequence[Told], here: Municipality, walk: Walk) -> list[Item]:
    """What became no task, each with its released reason. Not what concerns people: that is counted, with no place."""
    return [
        Item(
            title=_title(found, here, walk),
            outcome=outcome_words(reply.state, "", None),
            text=reply.public_text,
            is_new=False,
            asks=False,
        )
        for found, reply in told
        if reply is not None and found.state is ObservationState.NO_ACTION and _is_about_the_place(found)
    ]


def _is_about_the_place(found: Observation) -> bool:
    about_people = {DismissReason.LAGESBILD, DismissReason.PERSONAL_MATTER}
    return found.kind is not Kind.SOCIAL and found.dismiss_reason not in about_people


def _title(found: Observation, here: Municipality, walk: Walk) -> str:
    category = here.category(found.category)
    stop = walk.stop(found.stop) if found.stop is not None else None
    return f"{category.name if category else found.category}, {stop.name if stop else walk.place}"
