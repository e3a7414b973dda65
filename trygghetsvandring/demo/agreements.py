"""The municipality's own agreements and promises, word for word, as the demo loads and shows them.

Nobody has reported on them here, so every promise reads "Uppgift saknas": nothing is said in a party's name. The page
has no action plan. The one that is loaded calls itself an example; its focus area is one of the page's own.
"""

from collections.abc import Awaitable, Callable
from datetime import date
from importlib.resources import files
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.evidence import Evidence
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.promise_words import shown
from trygghetsvandring.domain.promises import EvidenceKind, Promise
from trygghetsvandring.domain.stretch_lamps import lamps_of
from trygghetsvandring.domain.survey_words import built_on as built_on_words
from trygghetsvandring.domain.surveys import Survey
from trygghetsvandring.storage import municipalities, records
from trygghetsvandring.storage.unit import Store

_BUILT_ON_DIALOGUE = "medborgarlofte"
_DIALOGUES = (("citizens", "Dialogerna 2023"), ("staff", "Anställda i Polisen och kommunen 2023"))
NAME = "Demo Demosson"
_FOCUS = "Trygghet i Lidköpings tätorter"
_LAST_DAY = date(2027, 12, 31)
Do = Callable[[str, UUID, dict[str, Any]], Awaitable[None]]


class _Signed(msgspec.Struct, kw_only=True):
    """`promises` and the rest are bodies of operations; `part_of` names another one's `key`."""

    key: str
    promises: list[dict[str, Any]]
    kind: str
    title: str
    purpose: str
    parties: list[dict[str, str]]
    valid_from: str | None
    valid_to: str | None
    keeper: str
    part_of: str | None = None
    review_on: str | None = None


def signed() -> list[_Signed]:
    """In the order they are entered: an agreement before its annexes."""
    return msgspec.json.decode((files(__package__) / "agreements.json").read_bytes(), type=list[_Signed])


async def load(store: Store, municipality: str, today: date, do: Do) -> None:
    """Entered and released through the same door as everything else."""
    ids: dict[str, UUID] = {}
    behind = [await _dialogue(source, title, do) for source, title in _DIALOGUES]
    for it in signed():
        id = ids[it.key] = uuid7()
        body = {name: value for name, value in msgspec.to_builtins(it).items() if name not in {"key", "promises"}}
        await do("agreement.enter", id, body | {"part_of": ids.get(it.part_of or "")})
        for number, promise in enumerate(it.promises, start=1):
            body = promise | {"number": number, "report_by": _report_by(today)}
            await _promise(store, municipality, id, body, behind if it.kind == _BUILT_ON_DIALOGUE else [], do)

    await _example(ids["samverkan"], today, do)


async def _example(agreement: UUID, today: date, do: Do) -> None:
    """Nothing when the agreed time is out: no day is left to commit to."""
    if today >= _LAST_DAY:
        return
    plan = uuid7()
    await do("plan.enter", plan, {"agreement": agreement, "focus": _FOCUS, "title": "Exempel på åtgärdsplan"})
    commitment = {"plan": plan, "executor": "gata-park", "text": "Exempel: byta trasiga lampor där folk går."}
    await do("commitment.enter", uuid7(), commitment | {"due_on": _LAST_DAY.isoformat(), "rhythm": "quarter"})


async def _dialogue(source: str, title: str, do: Do) -> UUID:
    """That it was held stands on the page; what was answered does not, so that nobody has told it here."""
    id = uuid7()
    held = {"first": "2023-01-01", "last": "2023-12-31", "told_by": "Kommunens sida om medborgarlöftet"}
    await do("survey.import", id, held | {"title": title, "source": source})
    return id


async def _promise(
    store: Store, municipality: str, agreement: UUID, body: dict[str, Any], behind: list[UUID], do: Do
) -> None:
    id = uuid7()
    await do("promise.enter", id, body | {"agreement": agreement})
    if behind:
        await do("promise.build_on", id, {"surveys": behind})
    async with store.read() as db:
        held = await records.load(db, municipality, Survey, behind)
        promise = await records.one(db, municipality, Promise, id)
        of = await records.one(db, municipality, Agreement, agreement)
        here = await municipalities.municipality(db, municipality)
    assert promise is not None
    assert here is not None
    assert of is not None
    # Nothing has been walked or mended yet, so there is no evidence to look for.
    named = here.stretches if promise.evidence is EvidenceKind.STREET else ()
    told = shown(
        promise,
        of,
        Evidence(stretches=lamps_of(named, (), {}, (), date.min, date.max)),
        Evidence(),
        lambda unit: unit or "",
        built_on=[built_on_words(held[id]) for id in behind],
    )
    await do("promise.publish", id, {"shown": msgspec.to_builtins(told), "seen": promise.version, "name": NAME})


def _report_by(today: date) -> str:
    """The next 15 January that leaves a month to answer."""
    day = date(today.year + 1, 1, 15)
    return (day if (day - today).days > 31 else day.replace(year=day.year + 1)).isoformat()
