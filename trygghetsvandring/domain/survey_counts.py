"""What may be told of a survey's answers: classes of five, and anew only when five more have answered.

Three rules, each of which `tests/domain/test_survey_counts.py` breaks once to see that it is needed:

* A count is told as the class it lies in ("0–4", "5–9", ...), and so is how many answered: with exact numbers beside
  it, what is hidden is what is left of the sum.
* Nothing is counted before five have answered, and never again before five more have (`may_count`): what a single
  answer said cannot be read from two counts. It is how many answered that decides, never what they said.
* No list that is summed up has a multiple of five in it, or one fewer (`gives_the_sum_away`). The highest that k counts
  can be together is 4k over the bottoms of their classes: a multiple of five in the first case, which can meet the
  bottom of their sum's class and says what each of them is, and one more than that in the second.

What is asked of the whole survey is never told as counts: it says how many there are at all places together, and places
of few could be worked out of it. What is said of it is said only where `room` is left.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

FEWEST = 5
N = ""
"""The option that stands for how many answered the question there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`place` and `band` "": the whole survey. `n`: of people, or the bottom of its class where it is told."""

    place: str
    band: str
    question: str
    option: str
    n: int

    @property
    def key(self) -> tuple[str, str, str, str]:
        return (self.place, self.band, self.question, self.option)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One that a person chooses one answer to. `everywhere`: counted for the whole survey, not by place and hour."""

    id: str
    options: tuple[str, ...]
    everywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer, as far as it is counted: the option chosen of each question that was answered."""

    place: str
    band: str
    chosen: Mapping[str, str]


def gives_the_sum_away(count: int) -> bool:
    return count % FEWEST in {0, FEWEST - 1}


def may_count(answers: int, counted: int) -> bool:
    """`counted`: how many had answered at the last count, 0 before the first."""
    return answers - counted >= FEWEST


def told(
    places: Collection[str], bands: Collection[str], questions: Iterable[Question], said: Iterable[Said]
) -> tuple[Cell, ...]:
    """Every cell there can be, from the first count on: one that turned up later would tell that it is new."""
    every = list(questions)
    found: dict[tuple[str, str, str, str], int] = {}
    for it in said:
        for question in every:
            if option := it.chosen.get(question.id):
                at = ("", "") if question.everywhere else (it.place, it.band)
                for counted in (N, option):
                    key = (*at, question.id, counted)
                    found[key] = found.get(key, 0) + 1
    return tuple(
        Cell(place=place, band=band, question=question.id, option=option, n=floor(found.get(key, 0)))
        for question in every
        for place, band in ([("", "")] if question.everywhere else [(p, b) for p in places for b in bands])
        for option in (N, *question.options)
        for key in [(place, band, question.id, option)]
    )


def room(cells: Iterable[Cell], by_place: str, everywhere: str) -> int:
    """How many more there can be at all places, by the classes told of `by_place`, than surely answered `everywhere`.

    With none left, what is said of the whole survey says that every place has as many as its classes allow.
    """
    tops: dict[tuple[str, str], tuple[int, int]] = {}  # by how many answered there, and by its options
    least = 0
    for it in cells:
        if it.question == by_place:
            answered, chose = tops.get((it.place, it.band), (0, 0))
            top = it.n + FEWEST - 1
            tops[it.place, it.band] = (top, chose) if it.option == N else (answered, chose + top)
        elif it.question == everywhere and it.option != N:
            least += it.n
    return sum(map(min, tops.values())) - least


def floor(n: int) -> int:
    """The bottom of its class: which number of the class it was is kept nowhere."""
    return n - n % FEWEST


def words(bottom: int) -> str:
    return f"{bottom}–{bottom + FEWEST - 1}"
