"""Meetings: what stands on the table at the återkopplingsmöte, from the same minutes as the protocol.

One report for everybody, and a sheet for each unit with its own actions and nothing of the others'.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trygghetsvandring.domain.minutes import Action, Minutes
from trygghetsvandring.domain.papers import Block, Facts, Heading, Paper, Table, Text
from trygghetsvandring.domain.protocol_words import MISSING, action_records, day, pictures, rate_rows
from trygghetsvandring.domain.rates import Rates, rates_of
from trygghetsvandring.domain.tasks import TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit with its actions. `id` "" = those that nobody has yet."""

    id: str
    name: str
    actions: tuple[Action, ...]

    @property
    def rates(self) -> Rates:
        return rates_of([(each.state, each.is_partly, each.reopened) for each in self.actions])


def units(minutes: Minutes) -> list[Unit]:
    """By name, those without an owner last."""
    named = {action.owner_id: action.owner for action in minutes.actions}
    found = [
        Unit(id=id, name=name or "Ingen enhet än", actions=tuple(a for a in minutes.actions if a.owner_id == id))
        for id, name in named.items()
    ]
    return sorted(found, key=lambda unit: (unit.id == "", unit.name))


def report(minutes: Minutes) -> Paper:
    """What has happened since the walk: the numbers, then unit by unit."""
    name = f"Återkopplingsmöte: {minutes.name}"
    blocks: list[Block] = [
        Heading(text=name, level=1),
        Text(text=f"Vandringen var {day(minutes.starts_at)} i {minutes.place}."),
        Facts(caption="Åtgärderna i siffror", rows=rate_rows(minutes.rates)),
        Facts(
            caption="Vandringen i siffror",
            rows=(("Bra saker som sågs", minutes.good), ("Sådant som behöver bli bättre", minutes.found)),
        ),
        _by_unit(units(minutes)),
    ]
    for unit in units(minutes):
        blocks += [Heading(text=unit.name), _short(unit)]
    blocks += _next(minutes)
    return _paper(minutes, name, blocks)


def sheet(minutes: Minutes, unit: Unit) -> Paper:
    """One unit's own: every action with all its facts, to bring to the meeting."""
    name = f"{unit.name}: {minutes.name}"
    blocks: list[Block] = [
        Heading(text=name, level=1),
        Text(text=f"Till återkopplingsmötet efter vandringen {day(minutes.starts_at)} i {minutes.place}."),
        Facts(caption="Åtgärderna i siffror", rows=rate_rows(unit.rates)),
        Heading(text="Era åtgärder"),
        action_records("Era åtgärder", unit.actions),
    ]
    for action in unit.actions:
        blocks += pictures(action.before, f"före åtgärd {action.number}, {action.title}", f"{action.number} före")
        blocks += pictures(action.after, f"efter åtgärd {action.number}, {action.title}", f"{action.number} efter")
    blocks += _next(minutes)
    return _paper(minutes, name, blocks)


def _paper(minutes: Minutes, title: str, blocks: Sequence[Block]) -> Paper:
    return Paper(
        title=title,
        subject=f"Trygghetsvandring i {minutes.place}, {day(minutes.starts_at)}",
        author=f"{minutes.municipality}s kommun",
        blocks=tuple(blocks),
    )


def _by_unit(found: Sequence[Unit]) -> Table:
    rows = tuple(
        (unit.name, len(unit.actions), unit.rates.claimed, unit.rates.verified, unit.rates.refused, unit.rates.open)
        for unit in found
    )
    columns = (
        *("Enhet", "Åtgärder", "Åtgärdat enligt enheten, helt eller delvis", "Åtgärdat helt, bekräftat på plats"),
        *("Görs inte", "Pågår eller väntar"),
    )
    return Table(caption="Enhet för enhet", columns=columns, rows=rows)


def _short(unit: Unit) -> Table:
    rows = tuple(
        (each.number, each.title, each.place, each.state_words, day(each.due_on), each.reply or "–")
        for each in sorted(unit.actions, key=lambda each: (each.state is not TaskState.VERIFIED, each.number))
    )
    columns = ("Nr", "Åtgärd", "Plats", "Status", "Klart senast", "Svar")
    return Table(caption=f"Åtgärder: {unit.name}", columns=columns, rows=rows)


def _next(minutes: Minutes) -> list[Block]:
    when = day(minutes.next_walk_on) if minutes.next_walk_on else MISSING
    return [Heading(text="Nästa steg"), Facts(caption="Nästa steg", rows=(("Återvandring", when),))]
