"""Action plans and commitments, all of a municipality's or of one executor's."""

from sqlalchemy import select

from trygghetsvandring.domain.plans import ActionPlan, Commitment
from trygghetsvandring.storage.plan_tables import action_plans, commitments
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.unit import Db

register(ActionPlan, "action_plan", action_plans, lambda plan: {"agreement": plan.agreement})
register(Commitment, "commitment", commitments, lambda it: {"plan": it.plan, "executor": it.executor})


async def all_of(db: Db, municipality: str) -> list[ActionPlan]:
    """As they were entered, the first first."""
    c = action_plans.c
    return await found(db, ActionPlan, select(c.doc).where(c.municipality == municipality).order_by(c.id))


async def commitments_of(db: Db, municipality: str, executor: str | None = None) -> list[Commitment]:
    """Likewise; of one executor or of all."""
    c = commitments.c
    question = select(c.doc).where(c.municipality == municipality)
    if executor is not None:
        question = question.where(c.executor == executor)
    return await found(db, Commitment, question.order_by(c.id))
