"""Operations made on a version that is no longer the newest: decided on what is here, merged, or put before a person.

Pure. An operation without `base`, or made on the newest version, never comes here. The rule decides on the current
state. What its writer had not seen is then kept (`merge.py`), and what both changed is settled by what is at stake: the
last to arrive stands, or, where a person has to decide, nothing changes and the whole operation is held.

A rule that refuses what it would have let through when the writer looked is a conflict too: what a unit wrote is never
lost because somebody else was quicker.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec

from trygghetsvandring.domain.conflicts import NEVER_KEPT, PROTECTING, STAKES, Conflict, Difference, Stake
from trygghetsvandring.domain.errors import Missing, Refused
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.storage import conflicts as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.storage.history import Made
from trygghetsvandring.storage.records import kind_of
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.merge import ABSENT, Clash, added, changed, standing, three_way
from trygghetsvandring.sync.outcomes import Decision, Op, Rule

A_WALKER = "Någon som gick"


def decide(rule: Rule, op: Op[Any], known: Known) -> Decision:
    """As the rule decides, unless the writer had not seen all that happened to what the operation is about."""
    key = _about(op, known)
    if key is None:
        return rule(op, known)
    current, past = known.need(*key), known.past[key]
    seen = seen_by_writer(past, op)
    if seen is None or replace(seen, version=current.version) == current:
        return rule(op, known)
    try:
        decision = rule(op, known)
    except Missing:
        raise
    except Refused as refused:
        wanted = _as_it_was(rule, op, known, key, seen)
        if wanted is None or refused.code in NEVER_KEPT:
            raise
        return _held(op, key, seen, wanted, past, refused.code)
    first = next(iter(decision.entities), None)
    if first is None or (type(first), first.id) != key:
        return decision
    return _merged(rule, op, known, key, seen, decision)


def _about(op: Op[Any], known: Known) -> Key | None:
    """What it is about, when its past has been asked for."""
    if op.base is None or not known.past or op.type in PROTECTING:
        return None
    return next((key for key in known.past if key[1] == op.entity and key[0] in STAKES), None)


def seen_by_writer(past: Sequence[Made], op: Op[Any]) -> Any | None:
    """The version the writer saw, with what the same phone or desk has done since; None when it is not kept."""
    at = next((at for at, made in enumerate(past) if made.entity.version == op.base), None)
    if at is None:
        return None
    seen = past[at].entity
    for before, made in pairwise(past[at:]):
        if _is_own(made, op.actor):
            seen, _ = three_way(before.entity, seen, made.entity)
    return seen


def _is_own(made: Made, actor: Principal) -> bool:
    return made.actor is not None and actor.device is not None and made.actor.device == actor.device


def _as_it_was(rule: Rule, op: Op[Any], known: Known, key: Key, seen: Any) -> Any | None:
    """What the rule would have made of what the writer saw; None when it would have refused that too."""
    try:
        decision = rule(op, known.as_seen(key, seen))
    except Refused:
        return None
    first = next(iter(decision.entities), None)
    return first if first is not None and (type(first), first.id) == key else None


def _merged(rule: Rule, op: Op[Any], known: Known, key: Key, seen: Any, decision: Decision) -> Decision:
    current, past, decided = known.need(*key), known.past[key], decision.entities[0]
    merged, clashes = three_way(seen, current, decided)
    if any(clash.stake is Stake.HIGH for clash in clashes):
        return _held(op, key, seen, _as_it_was(rule, op, known, key, seen) or decided, past, None)
    entities = [merged, *decision.entities[1:]]
    if merged != decided and decision.whole is not None:
        try:
            entities = list(decision.whole(merged))
        except Refused as refused:
            return _held(op, key, seen, _as_it_was(rule, op, known, key, seen) or decided, past, refused.code)
    if not clashes:
        return replace(decision, entities=entities)
    conflict = _conflict(op, key, seen, past, [_difference(clash) for clash in clashes])
    return replace(decision, entities=entities, conflict=conflict)


def _held(op: Op[Any], key: Key, seen: Any, wanted: Any, past: Sequence[Made], refusal: str | None) -> Decision:
    """Nothing changes; everything the writer wanted stands in the conflict."""
    current = past[-1].entity
    own = changed(seen, wanted)
    falls = standing(current, wanted) if any(STAKES[key[0]][name] is Stake.HIGH for name in own) else []
    lines = [name for name, new in added(seen, wanted).items() if new]
    names = dict.fromkeys([*own, *falls, *lines])
    conflict = _conflict(op, key, seen, past, [_wish(name, seen, current, wanted) for name in names])
    held = replace(conflict, held=True, refusal=refusal, seen=_json(seen), wanted=_json(wanted))
    return Decision(conflict=held, version=current.version)


def _wish(name: str, seen: Any, current: Any, wanted: Any) -> Difference:
    stake = STAKES[type(seen)][name]
    was, now, then = (getattr(it, name) for it in (seen, current, wanted))
    if stake is Stake.TRAIL:
        was, now, then = ABSENT, now[len(was) :], then[len(was) :]
    return Difference(field=name, stake=stake, seen=_json(was), first=_json(now), second=_json(then))


def _difference(clash: Clash) -> Difference:
    return Difference(
        field=clash.field,
        element=None if clash.element is None else str(clash.element),
        part=clash.part,
        stake=clash.stake,
        seen=_json(clash.seen),
        first=_json(clash.first),
        second=_json(clash.second),
    )


def _json(value: Any) -> str | None:
    return None if value is ABSENT else msgspec.json.encode(value).decode()


def _conflict(op: Op[Any], key: Key, seen: Any, past: Sequence[Made], differences: Iterable[Difference]) -> Conflict:
    differ = tuple(differences)
    by, at = _first(past, op, {each.field for each in differ})
    return Conflict(
        id=op.id,
        version=0,
        kind=kind_of(key[0]),
        about=key[1],
        operation=op.type,
        held=False,
        refusal=None,
        differences=differ,
        seen=None,
        wanted=None,
        first_by=by,
        first_at=at,
        second_by=op.actor.function or A_WALKER,
        second_at=op.corrected_at,
        second_device=op.actor.device,
        organisation=_wall(past[-1].entity),
        received_at=op.received_at,
    )


def _wall(entity: Any) -> str | None:
    """A field team's log belongs to its organisation; everything else to the municipality's coordinator."""
    return getattr(entity, "organisation", None) if hasattr(entity, "evening") else None


def _first(past: Sequence[Made], op: Op[Any], fields: set[str]) -> tuple[str, datetime]:
    """Who last changed any of these, as a function, and when: of the others if there are any."""
    made = _latest(past, op, fields) or _latest(past, op, set(STAKES[type(past[-1].entity)]) - {"version"})
    if made is None or made.actor is None or made.at is None:
        return "", op.received_at
    return made.actor.function or A_WALKER, made.at


def _latest(past: Sequence[Made], op: Op[Any], fields: set[str]) -> Made | None:
    for before, made in reversed(list(pairwise(past))):
        touched = any(getattr(before.entity, name) != getattr(made.entity, name) for name in fields)
        if touched and made.entity.version > (op.base or 0) and not _is_own(made, op.actor):
            return made
    return None
