"""What has not come through to other systems, as a person has to look at it: with a reason, worst first.

    Stuck       one task that was not sent, or of which nobody knows whether it arrived
    Silent      a system that has answered nothing for a day or more, while tasks lie there
    Unheard     an address that was not told
    Undone      a task that is done here, and of which they say that it is not

Nothing here is kept: it is worked out of the deliveries and calls as they stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.connections import Delivery, DeliveryState, Partner, Webhook, turn_of
from trygghetsvandring.domain.reported import is_over
from trygghetsvandring.domain.tasks import Task, TaskState

A_DAY: Final = timedelta(days=1)
SILENT_TOLD_AFTER: Final = (2, 7)
"""Whole days; after the last of them once for every seven more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """`may_retry`: it is still the party's and open, and was not tried anew yet."""

    task: Task
    delivery: Delivery
    may_retry: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    organisation: str
    since: datetime
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """`calls` that came to nothing, the last of them at `at` for `reason`."""

    webhook: Webhook
    calls: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    stuck: Sequence[Stuck]
    silent: Sequence[Silent]
    unheard: Sequence[Unheard]
    undone: Sequence[Stuck] = ()

    @property
    def is_nothing(self) -> bool:
        return not (self.stuck or self.silent or self.unheard or self.undone)


def stuck(
    handed: Iterable[tuple[Task, Sequence[Delivery]]], elsewhere: Iterable[tuple[Task, Delivery]], now: datetime
) -> list[Stuck]:
    """`handed`: tasks that lie with a party that has a system. `elsewhere`: what failed lately, with its task."""
    found = [
        Stuck(task=task, delivery=it, may_retry=it.state is DeliveryState.FAILED and not task.is_closed)
        for task, each in handed
        if (it := _mine(task, each)) is not None and _is_stuck(it, now) and not _is_needless(task, it)
    ]
    known = {it.delivery.id for it in found}
    found += [
        Stuck(task=task, delivery=it, may_retry=False)
        for task, it in elsewhere
        if it.id not in known and it.reason.startswith("unclear") and it.turn != turn_of(task)
    ]
    return sorted(found, key=lambda it: (it.delivery.state is not DeliveryState.FAILED, it.delivery.changed_at))


def undone(handed: Iterable[tuple[Task, Sequence[Delivery]]]) -> list[Stuck]:
    """Until they say that it is over, a coordinator opens it again, or somebody has seen it mended."""
    return [
        Stuck(task=task, delivery=it, may_retry=False)
        for task, each in handed
        if task.state is TaskState.DONE
        and (it := _mine(task, each)) is not None
        and it.undone_at is not None
        and not is_over(it.remote_status)
    ]


def _mine(task: Task, deliveries: Sequence[Delivery]) -> Delivery | None:
    """This time's."""
    return next((it for it in deliveries if it.turn == turn_of(task)), None)


def _is_needless(task: Task, it: Delivery) -> bool:
    """It was done without them. What may lie there all the same is asked about by a person."""
    return task.is_closed and not it.reason.startswith("unclear")


def _is_stuck(it: Delivery, now: datetime) -> bool:
    waits = it.state in {DeliveryState.PENDING, DeliveryState.SENT} and now - it.began_at >= A_DAY
    return it.state is DeliveryState.FAILED or waits


def silent(
    partners: Iterable[Partner], handed: Iterable[tuple[Task, Sequence[Delivery]]], now: datetime
) -> list[Silent]:
    open_, lie = {it.organisation for it in partners if it.is_open}, dict[str, list[datetime]]()
    for task, each in handed:
        it = _mine(task, each)
        if it is None or it.state is not DeliveryState.ACKNOWLEDGED or task.state is TaskState.DONE:
            continue
        if it.organisation in open_:
            lie.setdefault(it.organisation, []).append(it.asked_at or it.began_at)
    return [
        Silent(organisation=id, since=max(heard), tasks=len(heard))
        for id, heard in sorted(lie.items())
        if now - max(heard) >= A_DAY
    ]


def is_told(it: Silent, now: datetime) -> bool:
    """Whether this is a day on which a person is written to; asked once a day."""
    days = (now - it.since).days
    return days in SILENT_TOLD_AFTER or days % SILENT_TOLD_AFTER[-1] == 0


def is_news(it: Stuck, now: datetime) -> bool:
    """It has waited for a day, and not for two; asked once a day. What failed was told of then."""
    waited = now - it.delivery.began_at
    return it.delivery.state is not DeliveryState.FAILED and A_DAY <= waited < 2 * A_DAY


def unheard(webhooks: Mapping[UUID, Webhook], failed: Iterable[tuple[UUID, str, datetime]]) -> list[Unheard]:
    """`failed`: (webhook, reason, when), the latest first."""
    by: dict[UUID, list[tuple[str, datetime]]] = {}
    for id, reason, at in failed:
        by.setdefault(id, []).append((reason, at))
    return [
        Unheard(webhook=webhooks[id], calls=len(each), reason=each[0][0], at=each[0][1])
        for id, each in by.items()
        if id in webhooks and webhooks[id].is_open
    ]
