"""What a walk came to: good first, people coarsely, said and seen apart, and nobody and nothing that is held back."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.domain.minutes_makers import (
    AFTER,
    BEFORE,
    FRIDAY,
    HELD,
    LAMP,
    LAMP_TASK,
    MUSIC,
    NEW,
    NOT_CHOSEN,
    SECRET_WORDS,
    TUNNEL,
    a_photo,
    added,
    feelings,
    sources,
)
from tests.domain.task_makers import THE_WALK
from trygghetsvandring.domain import protocol_words, protocols
from trygghetsvandring.domain.drawings import coarse
from trygghetsvandring.domain.headcounts import FEW, Felt, in_classes, told
from trygghetsvandring.domain.minutes import Minutes, compose
from trygghetsvandring.domain.papers import Heading, Table
from trygghetsvandring.domain.protocol_words import rate_rows
from trygghetsvandring.domain.stops import Feeling


def lines(minutes: Minutes) -> list[str]:
    return [line.number for stop in minutes.stops for line in (*stop.good, *stop.found)]


def test_what_is_held_back_not_looked_at_or_about_people_is_not_told() -> None:
    minutes = compose(sources())

    assert lines(minutes) == ["LK-1", "LK-2", "LK-3", "LK-5", "LK-8"]
    assert minutes.unsorted == 1
    assert minutes.social == (("Störande musik", 1),)
    assert SECRET_WORDS not in str(minutes)
    assert not {str(id) for id in (HELD, MUSIC, NEW)} & set(str(minutes).split("'"))


def test_only_chosen_photos_are_in_it() -> None:
    assert str(NOT_CHOSEN) not in str(compose(sources()))
    assert str(BEFORE) in str(compose(sources())) and str(AFTER) in str(compose(sources()))
    assert str(BEFORE) not in str(compose(sources(added=added(photos=frozenset()))))


def test_what_was_answered_about_each_photo_is_proven_by_its_digest() -> None:
    [lamp] = [line for stop in compose(sources()).stops for line in stop.found if line.id == LAMP]
    [action] = [action for action in compose(sources()).actions if action.id == LAMP_TASK]
    looked = compose(sources()).looked

    assert [(it.photo, it.number, it.masks, it.checked) for it in looked] == [
        (BEFORE, lamp.number, 2, False),
        (AFTER, action.number, 0, True),
    ]
    assert [it.sha256 for it in looked] == [a_photo(id).sha256 for id in (BEFORE, AFTER)]
    blocks = protocol_words.protocol(compose(sources()), None).blocks
    [table] = [it for it in blocks if isinstance(it, Table) and it.caption == "Fotona i protokollet"]
    assert [row[:2] for row in table.rows] == [
        (lamp.number, "2 rutor döljer"),
        (action.number, "Ingen person i bilden"),
    ]
    assert [str(row[2]).replace(" ", "") for row in table.rows] == [it.sha256 for it in looked]


def test_a_photo_nobody_answered_for_is_never_said_to_be_looked_over() -> None:
    silent = sources(photos={LAMP: [a_photo(BEFORE)]})
    blocks = protocol_words.protocol(compose(silent), None).blocks

    [table] = [it for it in blocks if isinstance(it, Table) and it.caption == "Fotona i protokollet"]
    assert [row[1] for row in table.rows] == ["Uppgift saknas"]


def test_the_proof_of_a_photo_goes_with_the_photo_when_it_is_removed_by_decision() -> None:
    draft = protocols.Protocol(id=protocols.protocol_id(THE_WALK), version=0, walk=THE_WALK)
    _, edition = protocols.approve(
        draft,
        compose(sources()),
        [],
        digest="d",
        name="Eva Ek",
        function="Samordnare",
        changed="",
        publish=False,
        at=FRIDAY,
    )

    left = protocols.without(edition, {BEFORE}).minutes

    assert [it.photo for it in left.looked] == [AFTER]
    assert a_photo(BEFORE).sha256 not in str(left)


def test_said_and_seen_are_two_numbers() -> None:
    rates = compose(sources()).rates

    assert (rates.actions, rates.claimed, rates.verified, rates.partly, rates.refused, rates.open) == (4, 2, 1, 1, 1, 1)
    assert [row[0] for row in rate_rows(rates)][1:4:2] == [
        "Åtgärdat enligt den som ansvarar, helt eller delvis",
        "Åtgärdat helt, bekräftat på plats av någon annan",
    ]


def test_good_things_come_first_at_every_stop_and_in_the_summary() -> None:
    paper = protocol_words.protocol(compose(sources()), None)
    said = [str(block) for block in paper.blocks]
    good = next(at for at, text in enumerate(said) if "Bra vid stopp 2" in text)
    bad = next(at for at, text in enumerate(said) if "Att åtgärda vid stopp 2" in text)

    assert good < bad
    assert [block.text for block in paper.blocks if isinstance(block, Heading) and block.level == 2] == [
        "Deltagande parter",
        "Syfte och rutt",
        "Sammanfattning",
        "Stopp för stopp",
        "Åtgärdslista",
        "Det som inte görs, och varför",
        "Frågor för lägesbilden",
        "Återkoppling",
        "Förra vandringens åtgärder",
        "Personuppgifter och offentlighet",
        "Justering",
    ]


@given(safe=st.integers(0, 31), neither=st.integers(0, 31), unsafe=st.integers(0, 31))
def test_no_cell_of_few_people_can_be_read_or_worked_out(safe: int, neither: int, unsafe: int) -> None:
    """Whoever reads it may add and subtract: every number under five must fit a cell that is not told."""
    assume(safe + neither + unsafe >= FEW)
    fits = _FITS[in_classes(safe, neither, unsafe)]
    for at, n in enumerate((safe, neither, unsafe)):
        if n < FEW:
            assert {row[at] for row in fits} == set(range(FEW))


_FITS = defaultdict[Felt, list[tuple[int, int, int]]](list)
for _safe, _neither, _unsafe in product(range(36), repeat=3):
    if _safe + _neither + _unsafe >= FEW:
        _FITS[in_classes(_safe, _neither, _unsafe)].append((_safe, _neither, _unsafe))


@given(one=st.tuples(*[st.integers(0, 12)] * 3), more=st.tuples(*[st.integers(0, 6)] * 3))
def test_two_editions_never_differ_by_fewer_than_five(one: tuple[int, int, int], more: tuple[int, int, int]) -> None:
    first = told(feelings(TUNNEL, *one), TUNNEL)
    then = told(feelings(TUNNEL, *map(sum, zip(one, more, strict=True))), TUNNEL, first)

    if first is not None and sum(one) >= FEW and sum(more) < FEW:
        assert then is first
    elif sum(one) + sum(more) >= FEW:
        assert then is not None and then.counted == sum(one) + sum(more)


def test_a_phone_that_answered_twice_is_one_person() -> None:
    once = feelings(TUNNEL, 5, 5, 5)
    twice = [replace(it, felt_at=it.felt_at - timedelta(minutes=5), own=Feeling.SAFE) for it in once]

    assert told([*once, *twice], TUNNEL) == told(once, TUNNEL)


@pytest.mark.parametrize("at", [(58.49503, 13.17665), (58.495031, 13.176649)])
def test_a_stop_is_drawn_to_the_nearest_25_metres(at: tuple[float, float]) -> None:
    assert coarse(*at) == coarse(58.49503, 13.17665)
    assert coarse(*at) != at
