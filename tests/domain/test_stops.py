"""Stops: a feeling counts people, never phones, and nobody twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygghetsvandring.domain.stops import Feeling, FeelingNotCounted, people

FEELINGS = st.sampled_from(Feeling)


@pytest.mark.parametrize("own", Feeling)
def test_ones_own_answer_is_one_person(own: Feeling) -> None:
    assert people(own, None) == {own: 1}


def test_a_recorders_counts_are_as_many_people_as_they_say() -> None:
    counts = {Feeling.SAFE: 2, Feeling.NEITHER: 1, Feeling.UNSAFE: 200}

    assert people(None, counts) == counts


@pytest.mark.parametrize(
    ("own", "counts", "reason"),
    [
        (None, None, "either own or counts"),
        (Feeling.SAFE, {Feeling.SAFE: 1}, "either own or counts"),
        (None, {}, "counts of nobody"),
        (None, {Feeling.SAFE: 0, Feeling.UNSAFE: 0}, "counts of nobody"),
        (None, {Feeling.SAFE: -1, Feeling.UNSAFE: 3}, "counts of nobody"),
        (None, {Feeling.SAFE: 201}, "counts of nobody"),
    ],
)
def test_an_answer_of_nobody_or_of_somebody_twice_is_refused(
    own: Feeling | None, counts: dict[Feeling, int] | None, reason: str
) -> None:
    with pytest.raises(FeelingNotCounted) as refused:
        people(own, counts)

    assert (refused.value.code, refused.value.facts) == ("feeling_not_counted", {"reason": reason})


@given(st.dictionaries(FEELINGS, st.integers(-3, 203)))
def test_what_is_counted_is_always_somebody(counts: dict[Feeling, int]) -> None:
    try:
        counted = people(None, counts)
    except FeelingNotCounted:
        assert not counts or sum(counts.values()) == 0 or min(counts.values()) < 0 or max(counts.values()) > 200
    else:
        assert sum(counted.values()) >= 1 and all(0 <= n <= 200 for n in counted.values())
