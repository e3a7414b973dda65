"""A way is worked out once for findings alike, and each still gets the one it would have got alone."""

import random
from dataclasses import replace

from tests.domain.finding_makers import a_finding
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import shelf_id
from trygghetsvandring.domain.observations import Observation, Position, PositionSource
from trygghetsvandring.domain.routing import Rule
from trygghetsvandring.domain.rules import RuleShelf
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.sync import routes
from trygghetsvandring.sync.known import Known

HERE = seed.lidkoping()
# The eastern half of the town, whoever else owns the ground.
EAST = Rule(
    id="east",
    department=next(it.id for it in reversed(HERE.departments) if it.owns_tasks),
    because="Öster om torget sköter vi allt.",
    polygon=(((13.16, 58.0), (14.0, 58.0), (14.0, 59.0), (13.16, 59.0)),),
)
TOWN = replace(HERE, rules=(EAST, *HERE.rules))


def known(of: Observation) -> Known:
    it = Known(TOWN, key=bytes(32), names={})
    it.learn({(RuleShelf, shelf_id(TOWN.id)), (Walk, of.walk)}, {})
    return it


def some_findings(count: int) -> list[Observation]:
    chance, walk = random.Random(7), a_finding().walk
    codes = [category.code for category in TOWN.categories] + ["okand"]
    found = []
    for _ in range(count):
        at = Position(
            lat=58.49 + chance.random() / 50,
            lon=13.15 + chance.random() / 50,
            accuracy_m=5,
            age_s=0,
            source=PositionSource.GPS,
        )
        severity = chance.choice((None, 0, 1, 2, 3))
        item = chance.choice(("", None, "ljus"))
        found.append(
            a_finding(
                walk=walk,
                category=chance.choice(codes[:6]),
                severity=severity,
                position=at,
                checklist_item=item,
                stop=None,
            )
        )
    return found


def test_a_finding_goes_the_way_it_would_have_gone_alone() -> None:
    findings = some_findings(300)
    together = known(findings[0])

    ways = [routes.on_its_way(it, together).routed for it in findings]

    assert ways == [routes.on_its_way(it, known(it)).routed for it in findings]
    assert {way.rule for way in ways if way is not None} > {EAST.id}  # the area decides for some and not for others
