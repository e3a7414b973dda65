"""What came before, or twice at once: answered as it was the first time. Pure.

The log remembers every operation with a digest of its content, so the same again changes nothing, and another content
under the same id is refused.
"""

from uuid import UUID

import msgspec

from trygghetsvandring.domain.people import Principal
from trygghetsvandring.storage.operations import Logged
from trygghetsvandring.sync.items import Item
from trygghetsvandring.sync.wire import Outcome


def recall(items: list[Item], before: dict[UUID, Logged], sender: Principal, seen: dict[UUID, Item]) -> None:
    """The same id with the same content gets the stored answer; with other content it is refused.

    One that is still deferred is tried again: what it waited for, or the rule it lacked, may be here by now. `seen` are
    those that came before in the same set.
    """
    mine = sender.devices
    for item in items:
        if item.envelope is None:
            continue
        id, item.device = item.envelope.id, sender.device
        old, twin = before.get(id), seen.get(id)
        if twin is not None and twin.device in mine:
            _recall_twin(item, twin)
            continue
        is_mine = twin is None if old is None else old.device in mine and old.request_hash == item.request_hash
        if not is_mine:
            _reuse(item)
            continue
        seen[id] = item
        if old is not None and old.outcome == "deferred":
            item.logged = old
        elif old is not None:
            item.outcome = _repeated(msgspec.json.decode(old.answer, type=Outcome))


def join(items: list[Item], freed: list[Item]) -> None:
    """What was just let go by a person, and now is sent again: decided once, and both get the answer."""
    by_id = {each.logged.id: each for each in freed if each.logged is not None}
    for item in items:
        if item.logged is not None and item.logged.id in by_id:
            item.twin, item.logged, item.op = by_id[item.logged.id], None, None


def _recall_twin(item: Item, twin: Item) -> None:
    if twin.request_hash != item.request_hash:
        _reuse(item)
    else:
        item.twin = twin


def _reuse(item: Item) -> None:
    assert item.envelope is not None
    item.code = "id_reuse"
    item.outcome = Outcome(id=str(item.envelope.id), outcome="rejected", code="id_reuse", facts={})


def _repeated(first: Outcome) -> Outcome:
    if first.outcome == "repeated" or first.code == "id_reuse":
        return first
    return msgspec.structs.replace(first, outcome="repeated", first=first.outcome)


def answers(items: list[Item]) -> list[Outcome]:
    """One for each, in order. What was deferred and still is, is a repetition of that answer."""
    said = []
    for item in items:
        outcome = (item.twin or item).outcome
        assert outcome is not None
        is_again = item.twin is not None or (item.logged is not None and outcome.outcome == "deferred")
        said.append(_repeated(outcome) if is_again else outcome)
    return said
