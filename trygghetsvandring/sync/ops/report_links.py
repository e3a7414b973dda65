"""Operations on report links: sent by the coordinator or with a reminder, and revoked. Each is about its commitment."""

from typing import Any
from uuid import UUID

from trygghetsvandring.domain import answer_links
from trygghetsvandring.domain import plans as rules
from trygghetsvandring.domain import report_links as links
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.people import Act, Role
from trygghetsvandring.domain.plans import Commitment
from trygghetsvandring.domain.report_links import ReportLink
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import report_links as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops.tasks import DepartmentUnknown
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body


class Send(Body, kw_only=True):
    """`to` "" = the executor's own address."""

    link: UUID
    to: str = ""


class Revoke(Body, kw_only=True):
    link: UUID


def _both(op: Op[Any]) -> list[Key]:
    return [(Commitment, op.entity), (ReportLink, op.body.link)]


@operation("report_link.send", Send, act=Act.SEND_REPORT_LINK, needs=_both)
def send(op: Op[Send], known: Known) -> Decision:
    """The same link again changes nothing. By a reminder it leaves with the reminder's own letter."""
    it, body = known.need(Commitment, op.entity), op.body
    if known.get(ReportLink, body.link) is not None:
        return Decision()
    executor = known.municipality.organisation(it.executor)
    if executor is None:
        raise DepartmentUnknown()
    if not it.is_open:
        raise answer_links.LinkOver(standing=answer_links.Standing.CLOSED.value)
    by_hand = op.actor.role is not Role.SYSTEM
    if by_hand and rules.asked_for(it, day_of(op.received_at)) is None:
        raise links.NothingAsked()
    link = ReportLink(
        id=body.link,
        version=0,
        commitment=it.id,
        executor=it.executor,
        to=answer_links.address(body.to or executor.mail),
        secret_hash=digest(links.secret(known.key, body.link)),
        made_at=op.received_at,
        made_by=op.actor.function,
        ends_at=op.received_at + links.LASTS,
    )
    line = {"commitment": str(it.id), "link": str(link.id)}
    asked = Job(kind="mail.report_back", body={"lines": [line]})
    return Decision(entities=[link], jobs=[asked] if by_hand else [])


@operation("report_link.revoke", Revoke, act=Act.SEND_REPORT_LINK, needs=_both)
def revoke(op: Op[Revoke], known: Known) -> Decision:
    it, link = known.need(Commitment, op.entity), known.need(ReportLink, op.body.link)
    if link.commitment != it.id:
        raise Malformed(field="link")
    shut = links.revoked(link, op.actor.function, op.received_at)
    return Decision(version=link.version) if shut == link else Decision(entities=[shut])
