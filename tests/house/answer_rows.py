"""The operations of answer links, as the matrix of operations asks about them."""

from tests.house.things import APPLIED, COORDINATOR, DUE, NOT_MINE, UNITS, Row, here, task
from trygghetsvandring.domain.ids import uuid7

ANSWER_ROWS: dict[str, Row] = {
    # By a link only: no phone and no desk says what a party without an account has answered.
    "answer.accept": Row(task, lambda _it: {"link": uuid7(), "form": "x"}),
    "answer.decline": Row(
        task, lambda _it: {"link": uuid7(), "form": "x", "reason": "unclear", "public_text": "Vi ser inte vad."}
    ),
    "answer.finish": Row(task, lambda _it: {"link": uuid7(), "form": "x", "extent": "full", "public_text": "Bytt."}),
    "answer.plan": Row(task, lambda _it: {"link": uuid7(), "form": "x", "planned_on": DUE}),
    "answer.wait": Row(
        task,
        lambda _it: {
            "link": uuid7(),
            "form": "x",
            "reason": "parts",
            "next_look_on": DUE,
            "public_text": "En del fattas.",
        },
    ),
    "answer_link.revoke": Row(task, lambda _it: {"link": uuid7()}, **here("missing", (*UNITS, COORDINATOR))),
    "answer_link.send": Row(
        task,
        lambda _it: {"link": uuid7(), "to": "drift@example.org"},
        {UNITS: NOT_MINE, COORDINATOR: APPLIED},
        {(*UNITS, COORDINATOR): "missing"},
    ),
}
