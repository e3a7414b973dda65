"""The operations of an EST week and of a lägesbild in the table of who may do what."""

from typing import Any
from uuid import UUID

from tests.house.lagesbild_rows import LAGESBILD
from tests.house.things import APPLIED, DUE, Row, Things, here, same
from trygghetsvandring.domain.ids import est_week_id, uuid7

EST_WEEK = "2026-W47"
AREAS = {"lidkoping": "Lidköping", "grannby": "Grannby"}
COUNTED = {
    "week": EST_WEEK,
    "count": str(uuid7()),
    "party": "polisen",
    "told_by": "Kommunpolis",
    "told_on": "2026-11-20",
    "category": "motor",
    "n": 4,
}
DECIDED = {
    "week": EST_WEEK,
    "decision": str(uuid7()),
    "text": "Fler vuxna ute.",
    "owner": "polisen",
    "due_on": DUE,
}


def est(it: Things) -> UUID:
    return est_week_id(it.town.id, EST_WEEK)


def counted(it: Things) -> dict[str, Any]:
    return COUNTED | {"area": AREAS[it.town.id]}


EST: dict[str, Row] = {
    **LAGESBILD,
    "est.compile": Row(est, same(week=EST_WEEK, unsorted=0, events=0, digest="")),
    "est.count": Row(est, counted, **here(APPLIED, abroad="est_week_differs")),
    "est.decide": Row(est, same(**DECIDED), **here(APPLIED, abroad="est_week_differs")),
    "est.meet": Row(
        est,
        same(week=EST_WEEK, met_on="2026-11-20", present=["Bovärd"]),
        **here(APPLIED, abroad="est_week_differs"),
    ),
    "est.next": Row(est, same(week=EST_WEEK, places=[]), **here(APPLIED, abroad="est_week_differs")),
    "est.reopen": Row(
        est, same(week=EST_WEEK, reason="Nya tal."), **here("no_such_est_step", abroad="est_week_differs")
    ),
    "est.review": Row(
        lambda it: est_week_id(it.town.id, "2026-W46"),
        same(week="2026-W46"),
        **here(APPLIED, abroad="est_week_differs"),
    ),
    "est.settle": Row(
        est,
        same(week=EST_WEEK, decision=str(uuid7()), is_done=True),
        **here("est_decision_unknown", abroad="est_week_differs"),
    ),
}
