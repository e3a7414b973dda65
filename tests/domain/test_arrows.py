"""The task's table as it was agreed, written by hand: the machine may not drift from it, nor its drawing with it."""

from trygghetsvandring.domain.observations import PASSAGES
from trygghetsvandring.domain.tasks import ARROWS

# From (several are one arrow each) | to | who
AGREED = """
-                                                | new         | triage
new                                              | assigned    | triage
assigned                                         | accepted    | department
assigned                                         | new         | department
accepted                                         | planned     | department
planned                                          | planned     | department
accepted planned                                 | in_progress | department
accepted planned in_progress                     | waiting     | department
waiting                                          | planned     | department
waiting                                          | in_progress | department
accepted planned in_progress waiting             | referred    | department
referred                                         | in_progress | department
referred                                         | done        | department
accepted planned in_progress                     | done        | department
accepted planned in_progress waiting referred    | wont_do     | head
done                                             | verified    | witness
done wont_do verified                            | assigned    | triage
"""

FINDINGS = """
received reviewed no_action           | reviewed
reviewed linked                       | linked
linked merged withheld                | reviewed
reviewed                              | no_action
reviewed                              | merged
received reviewed linked no_action merged | withheld
withheld                              | linked
withheld                              | merged
received reviewed no_action           | withdrawn
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def test_the_tasks_arrows_are_those_agreed() -> None:
    agreed = {(start, end, who) for starts, end, who in rows(AGREED) for start in starts.split()}

    assert {(str(arrow.start or "-"), str(arrow.end), str(arrow.who)) for arrow in ARROWS} == agreed
    assert len(agreed) == 31


def test_the_findings_passages_are_those_agreed() -> None:
    agreed = {(start, end) for starts, end in rows(FINDINGS) for start in starts.split()}

    assert {(str(each.start), str(each.end)) for each in PASSAGES if each.start is not None} == agreed
