"""Every operation that takes words is written with hostile ones by the corpus, or stands here with a reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import inspect

import trygghetsvandring.sync.ops  # noqa: F401  # fills OPERATIONS
from trygghetsvandring.sync.outcomes import OPERATIONS

WEB = Path(__file__).parents[1] / "web"
CORPUS = ("test_hostile_words.py", "test_hostile_outputs.py", "test_hostile_work.py")
WRITERS = {"by", "plainly"}
# Names of fields that hold what is looked up, counted or compared, and never a sentence of somebody's.
CODES = {
    *("area", "areas", "band", "categories", "category", "checklist_item", "code", "department", "digest", "ends"),
    *("endpoint", "first", "form", "id", "item", "key_hash", "kind", "last", "lamps", "language", "media_type"),
    *(
        "next_owner",
        "option",
        "organisation",
        "owners",
        "party",
        "place_type",
        "place_types",
        "question",
        "secret_hash",
    ),
    *("sha256", "shop", "shown_sha256", "starts", "step", "template", "tile", "tiles", "token", "token_hash", "unit"),
    *("update", "week"),
}
SERVERS_OWN = "the server writes it, out of words that were already taken by another operation"
OTHER_GROUPS = "known debt: words of another group of screens, not yet in the corpus"
OWN_WORK = "known debt: words of the tasks' and findings' own work, not yet in the corpus"
EXCEPTIONS: dict[str, str] = {
    **dict.fromkeys(
        (
            "activity.withdraw",
            "commitment.answer",
            "commitment.enter",
            "commitment.report",
            "delivery.note",
            "device.revoke",
            "erasure.decide",
            "erasure.request",
            "est.count",
            "est.decide",
            "est.meet",
            "est.next",
            "est.reopen",
            "est.settle",
            "gallring.decide",
            "held.refuse",
            "hold.lift",
            "hold.place",
            "lagesbild.release",
            "lagesbild.write",
            "partner.set",
            "plan.enter",
            "presence.correct",
            "presence.log",
            "promise.meet_needs",
            "report_link.send",
            "retention.decide",
            "rota.attest",
            "rota.call_off",
            "rota.plan",
            "rota.sign_by_link",
            "rota.unattest",
            "rota.walked_by_link",
            "survey.answer",
            "survey.count",
            "survey.import",
            "survey.make",
            "survey.release",
            "trade.answer",
            "trade.card",
            "trade.count",
            "trade.leave",
            "trade.routine",
            "walk.join",
        ),
        OTHER_GROUPS,
    ),
    **dict.fromkeys(
        (
            "answer.decline",
            "answer.finish",
            "answer.plan",
            "answer.wait",
            "correspondence.address",
            "feedback.close",
            "feedback.give",
            "incoming_mail.take",
            "observation.receive",
            "photo.hold",
            "publication.pair",
            "publication.propose",
            "report.receive",
            "rewalk.plan",
            "rulebook.save",
            "task.refuse",
            "task.retract",
            "task.split",
            "task.uphold",
            "task.verify",
        ),
        OWN_WORK,
    ),
    **dict.fromkeys(
        (
            "lagesbild.sign",
            "promise.publish",
            "rulebook.tried",
        ),
        SERVERS_OWN,
    ),
}


def _words(type_: inspect.Type) -> Iterator[str]:
    """The names of the fields of text in a body, nested ones too."""
    for field in getattr(type_, "fields", ()):
        if _holds_text(field.type) and field.name not in CODES:
            yield field.name
        for inner in _inside(field.type):
            yield from _words(inner)


def _inside(type_: inspect.Type) -> Iterator[inspect.Type]:
    parts = [getattr(type_, name, None) for name in ("item_type", "key_type", "value_type")]
    parts += [*getattr(type_, "types", ()), *getattr(type_, "item_types", ())]
    yield type_
    for part in parts:
        if isinstance(part, inspect.Type):
            yield from _inside(part)


def _holds_text(type_: inspect.Type) -> bool:
    return any(isinstance(part, inspect.StrType) for part in _inside(type_))


def _written() -> set[str]:
    calls = (node for name in CORPUS for node in ast.walk(ast.parse((WEB / name).read_text())))
    return {
        arg.value
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in WRITERS
        for arg in call.args
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    }


def _with_words() -> set[str]:
    return {name for name, it in OPERATIONS.items() if any(_words(inspect.type_info(it.body)))}


def test_every_operation_with_words_is_in_the_corpus_or_has_a_reason_not_to_be() -> None:
    assert sorted(_with_words() - _written() - set(EXCEPTIONS)) == []


def test_no_reason_stands_for_an_operation_that_the_corpus_writes_or_that_takes_no_words() -> None:
    assert sorted(set(EXCEPTIONS) - (_with_words() - _written())) == []


def test_words_are_seen_however_deep_they_lie() -> None:
    class Row(msgspec.Struct):
        why: str | None
        week: str

    class Body(msgspec.Struct):
        rows: dict[str, list[Row]]
        at: int

    assert set(_words(inspect.type_info(Body))) == {"rows", "why"}
