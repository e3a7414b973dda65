"""Operations on announcements: a coordinator shows a coming walk to everybody in their own name, or takes it away."""

from typing import Any

from trygghetsvandring.domain import announcements as rules
from trygghetsvandring.domain.announcements import Announcement
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import announcements as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body


class Announce(Body, kw_only=True):
    """`seen`: the walk's version that the person had before them; `name`: who shows it.

    `sure`: the person has said that no word of it is about anybody, which is asked when one may be.
    """

    seen: int
    name: str
    sure: bool = False


class TakeBack(Body, kw_only=True):
    pass


def _both(op: Op[Any]) -> list[Key]:
    return [(Walk, op.entity), (Announcement, op.entity)]


@operation("walk.announce", Announce, act=Act.PLAN_WALK, needs=_both)
def announce(op: Op[Announce], known: Known) -> Decision:
    body, walk = op.body, known.need(Walk, op.entity)
    before = known.get(Announcement, op.entity)
    shown = rules.announced(
        walk,
        before,
        seen=body.seen,
        sure=body.sure,
        name=body.name,
        function=op.actor.function,
        at=op.received_at,
    )
    is_on_again = before is not None and not before.is_shown
    return Decision(entities=[shown], jobs=[Job(kind="daily.followers", body={})] if is_on_again else [])


@operation("walk.take_back", TakeBack, act=Act.PLAN_WALK, needs=_both)
def take_back(op: Op[TakeBack], known: Known) -> Decision:
    known.need(Walk, op.entity)
    it = rules.taken_back(known.get(Announcement, op.entity), by=op.actor.function, at=op.received_at)
    return Decision(entities=[it], jobs=[Job(kind="daily.followers", body={})])
