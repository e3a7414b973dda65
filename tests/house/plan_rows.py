"""The operation matrix's rows on action plans and activities: of a promise, a plan and a commitment nobody has."""

from tests.house.things import COORDINATOR, OWNER, UNITS, Row, here, same
from trygghetsvandring.domain.ids import uuid7

_TOLD = {"due_on": "2026-11-30", "told": "going_on", "text": "Hälften är bytta."}
_PLAN = {"agreement": str(uuid7()), "focus": "Trygghet i tätorten", "title": "Ljus 2027"}
_COMMITMENT = {"plan": str(uuid7()), "executor": OWNER, "text": "Byta lampor."}
_ACTIVITY = {"promise": str(uuid7()), "kind": "skolinformation", "first": "2026-11-20", "last": "2026-11-20"}
_TOLD_BY = {"party": "polisen", "told_by": "Kommunpolis", "told_on": "2026-11-20"}

PLAN_ROWS: dict[str, Row] = {
    "plan.enter": Row(lambda _it: uuid7(), same(**_PLAN), **here("missing")),
    "commitment.enter": Row(
        lambda _it: uuid7(), same(due_on="2027-03-15", rhythm="month", **_COMMITMENT), **here("missing")
    ),
    "commitment.report": Row(lambda _it: uuid7(), same(**_TOLD), **here("missing", (*UNITS, COORDINATOR, "police"))),
    # By a link only, like `answer.*`.
    "commitment.answer": Row(lambda _it: uuid7(), same(link=str(uuid7()), form="x", **_TOLD)),
    "report_link.send": Row(lambda _it: uuid7(), lambda _it: {"link": uuid7()}, **here("missing")),
    "report_link.revoke": Row(lambda _it: uuid7(), lambda _it: {"link": uuid7()}, **here("missing")),
    "activity.enter": Row(lambda _it: uuid7(), same(**_ACTIVITY, **_TOLD_BY), **here("missing")),
    "activity.withdraw": Row(lambda _it: uuid7(), same(reason="Skrivet två gånger."), **here("missing")),
}
