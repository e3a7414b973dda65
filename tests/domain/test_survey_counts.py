"""No count of fewer than five can be worked out of what is told, nor of two counts after each other.

Every way that people can have answered is tried, up to the sizes below, and grouped by all that is told of it. Within a
group each hidden count must have at least two values it may be. A size ends where a class ends, so that no group is
cut off. Each rule is broken once, to see that it is needed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import product

import pytest

from trygghetsvandring.domain.survey_counts import FEWEST, N, Question, Said, floor, gives_the_sum_away, may_count, told
from trygghetsvandring.domain.survey_counts import words as class_words

Counts = tuple[int, ...]


def ways(options: int, most: int) -> Iterator[Counts]:
    """Of so many options, everything that at most so many people can have chosen."""
    if options == 0:
        yield ()
        return
    for first in range(most + 1):
        for rest in ways(options - 1, most - first):
            yield (first, *rest)


def found_out(histories: Iterable[tuple[Counts, ...]], tell: Callable[[tuple[Counts, ...]], object]) -> list[object]:
    """What is told where some hidden count of fewer than five then can be one number only."""
    may_be: dict[object, list[set[int]]] = {}
    for each in histories:
        flat = [n for counts in each for n in counts]
        known = may_be.setdefault(tell(each), [set() for _ in flat])
        for values, n in zip(known, flat, strict=True):
            values.add(n)
    return [key for key, known in may_be.items() if any(len(it) == 1 and min(it) < FEWEST for it in known)]


def as_told(history: tuple[Counts, ...]) -> object:
    """Classes of each option and of how many answered, at each count."""
    return tuple((tuple(map(floor, counts)), floor(sum(counts))) for counts in history)


def counted_once(options: int, most: int) -> Iterator[tuple[Counts, ...]]:
    return ((counts,) for counts in ways(options, most) if may_count(sum(counts), 0))


def counted_twice(options: int, most: int, may: Callable[[int, int], bool] = may_count) -> Iterator[tuple[Counts, ...]]:
    for (first,) in counted_once(options, most):
        for more in ways(options, most - sum(first)):
            if may(sum(first) + sum(more), sum(first)):
                yield first, tuple(a + b for a, b in zip(first, more, strict=True))


@pytest.mark.parametrize(("options", "most"), [(2, 29), (3, 24), (4, 19)])
def test_no_few_can_be_worked_out_of_one_count(options: int, most: int) -> None:
    assert found_out(counted_once(options, most), as_told) == []


@pytest.mark.parametrize(("options", "most"), [(2, 24), (3, 14)])
def test_no_few_can_be_worked_out_of_two_counts_after_each_other(options: int, most: int) -> None:
    assert found_out(counted_twice(options, most), as_told) == []


def test_nor_of_two_questions_beside_each_other_of_which_one_may_be_skipped() -> None:
    answered = ((felt, help) for felt in ways(2, 14) for help in ways(2, sum(felt)) if may_count(sum(felt), 0))

    assert found_out(answered, as_told) == []


def test_exact_numbers_beside_how_many_answered_would_tell() -> None:
    def exact(history: tuple[Counts, ...]) -> object:
        return tuple((tuple(n if n >= FEWEST else 0 for n in counts), sum(counts)) for counts in history)

    assert found_out(counted_once(2, 20), exact)


def test_five_options_would_tell_the_sum() -> None:
    four_of_each = (4, 4, 4, 4, 4)

    alike = [it for it in product(range(FEWEST), repeat=5) if as_told((it,)) == as_told((four_of_each,))]

    assert alike == [four_of_each]
    assert [n for n in range(2, 10) if not gives_the_sum_away(n)] == [2, 3, 6, 7, 8]


def test_no_few_can_be_worked_out_of_two_questions_asked_at_the_same_place() -> None:
    """Everybody said how it feels, some of them what would help: the second says something of the first one's sum."""

    def history(felt: Counts, helped: Counts) -> bool:
        return sum(felt) >= FEWEST and sum(helped) <= sum(felt)

    both = ((felt, helped) for felt in ways(3, 14) for helped in ways(2, 14) if history(felt, helped))

    assert found_out(both, as_told) == []


def test_so_would_five_places_beside_what_is_counted_for_the_whole_survey() -> None:
    """Four at each of five places, and twenty of one age: everybody is known."""
    at_each, whole = (0,) * 5, 20

    fits = [it for it in product(range(FEWEST), repeat=5) if tuple(map(floor, it)) == at_each and sum(it) >= whole]

    assert fits == [(4, 4, 4, 4, 4)]


def test_to_count_again_after_one_answer_would_tell_what_it_said() -> None:
    """The class of one option moves and only one has answered: it was that."""

    def last(history: tuple[Counts, ...]) -> object:
        return as_told(history), sum(history[1]) - sum(history[0])

    one_more = counted_twice(2, 12, lambda now, before: now - before == 1)
    chosen: dict[object, set[Counts]] = defaultdict(set)
    for first, second in one_more:
        chosen[last((first, second))].add(tuple(b - a for a, b in zip(first, second, strict=True)))

    assert any(len(it) == 1 for it in chosen.values())
    assert not may_count(9, 5)
    assert may_count(10, 5)


def test_every_cell_is_there_from_the_first_count_on_and_only_as_a_class() -> None:
    felt = Question(id="felt", options=("safe", "unsafe"))
    age = Question(id="age", options=("0-17", "18-"), everywhere=True)
    said = [Said(place="torg", band="fre", chosen={"felt": "safe", "age": "18-" if n else ""}) for n in range(7)]

    cells = {it.key: it.n for it in told(["torg", "tunnel"], ["fre"], [felt, age], said)}

    assert cells["torg", "fre", "felt", N] == 5
    assert cells["torg", "fre", "felt", "unsafe"] == 0
    assert cells["tunnel", "fre", "felt", "safe"] == 0
    assert cells["", "", "age", N] == 5  # six of seven said it
    assert len(cells) == 2 * 3 + 3
    assert class_words(5) == "5–9"
