"""What a survey says: the same places and hours beside each other, and whose voice surely is missing."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from trygghetsvandring.demo.seed import lidkoping
from trygghetsvandring.domain import survey_words as words
from trygghetsvandring.domain import surveys as rules
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.lagesbild import ShownTable
from trygghetsvandring.domain.municipalities import Age, Municipality, Population
from trygghetsvandring.domain.stops import Feeling
from trygghetsvandring.domain.survey_counts import room, told
from trygghetsvandring.domain.surveys import Shown, Source, Sums, Survey, SurveyAnswer, SurveyNotPossible, SurveyPlace

TORG, TUNNEL = SurveyPlace(id="torg", name="Torget"), SurveyPlace(id="tunnel", name="Tunneln")
LATE, EARLY = "fre–lör 22–00", "fre–lör 18–20"
TODAY = date(2026, 11, 20)
SHARES = {"0-17": 20, "18-29": 15, "30-64": 45, "65-": 20}
HERE = replace(lidkoping(), population=tuple(Population(age=Age(age), percent=n) for age, n in SHARES.items()))


def a_survey(**changes: Any) -> Survey:
    asked = {"title": "Nu", "source": Source.CITIZENS, "places": (TORG, TUNNEL), "bands": (LATE,), "helps": ("a", "b")}
    return Survey(**{"id": uuid7(), "version": 1, "opened_on": TODAY, **asked, **changes})


def an_answer(it: Survey, place: str, age: str = "") -> SurveyAnswer:
    said: dict[str, Any] = {"place": place, "band": LATE, "felt": Feeling.SAFE, "help": "", "age": age, "text": ""}
    return SurveyAnswer(id=uuid7(), version=1, number="E-1", survey=it.id, on=TODAY, **said)


def counted(it: Survey, answers: list[SurveyAnswer]) -> Survey:
    cells = told([place.id for place in it.places], it.bands, it.questions, [each.said for each in answers])
    missing = words.missing_of(cells, HERE)
    kept = tuple(cell for cell in cells if cell.question != "age")
    return rules.counted(it, kept, len(answers), missing=missing, seen=1, by="Samordnare", on=TODAY)


def the_dialogue(**changes: Any) -> Survey:
    empty = a_survey(title="Dialogen 2023", told_by="En rapport", opened_on=date(2023, 5, 1), bands=(EARLY, LATE))
    sums = [
        Sums(place="torg", band=LATE, safe=13, neither=2, unsafe=41),
        Sums(place="tunnel", band=EARLY, safe=30, neither=9, unsafe=9),
    ]
    it = replace(empty, closed_on=date(2023, 9, 30), **changes)
    return rules.imported(it, sums, today=TODAY, by="Samordnare")


def table(it: Shown | None, first: str) -> ShownTable:
    assert it is not None
    return next(each for each in it.tables if each.caption.startswith(first))


def test_before_and_after_stand_beside_each_other_at_the_same_places_and_hours_only() -> None:
    before, now = the_dialogue(), a_survey()
    now = counted(now, [an_answer(now, "torg") for _ in range(7)])

    compared = table(words.shown(now, before, HERE, "Kansliet"), "Samma plats och tid")

    assert compared.rows == (
        (f"Torget, {LATE}: Dialogen 2023", "10–14", "0–4", "40–44", "55–59"),
        (f"Torget, {LATE}: Nu", "5–9", "0–4", "0–4", "5–9"),
    )
    assert "varför" in compared.caption


def test_what_employees_say_is_a_source_of_its_own_and_is_never_compared_with_residents() -> None:
    staff = the_dialogue(source=Source.STAFF)

    assert words.built_on(staff).startswith("Medarbetardialog: ")
    with pytest.raises(SurveyNotPossible):
        rules.must_follow(a_survey(), staff)


def test_an_imported_dialogue_says_its_source_and_n_and_without_sums_that_nothing_is_told() -> None:
    it = the_dialogue()
    bare = rules.imported(it, [], today=TODAY, by="Samordnare")

    shown = words.shown(it, None, HERE, "Kansliet")

    assert words.built_on(it) == "Medborgardialog: Dialogen 2023. Antal svar: minst 100. Källa: En rapport."
    assert words.built_on(bare) == "Medborgardialog: Dialogen 2023. Antal svar: uppgift saknas."
    asked = words.built_on(replace(bare, title="Hur är det här?"))
    assert asked == "Medborgardialog: Hur är det här? Antal svar: uppgift saknas."
    assert words.shown(bare, None, HERE, "Kansliet") is None
    assert shown is not None
    assert "Källa: En rapport." in shown.lines
    assert [line[4:] for line in words.lines_of(shown)][:2] == [
        (f"Torget, {LATE}", "Trygg", "10–14", "55–59"),
        (f"Torget, {LATE}", "Varken eller", "0–4", "55–59"),
    ]


def test_a_voice_is_missing_only_when_it_surely_is_less_than_half_of_its_share() -> None:
    it = a_survey()
    some = counted(it, [*(an_answer(it, "torg", "30-64") for _ in range(10)), an_answer(it, "torg", "65-")])
    many = counted(it, [an_answer(it, "torg", age) for age in ("30-64", "65-") for _ in range(30)])

    alone = a_survey(places=(TORG,))
    at_the_top = counted(alone, [an_answer(alone, "torg", age) for age in ("30-64", "65-") for _ in range(30)])

    def said(one: Survey, here: Municipality = HERE) -> list[str]:
        shown = words.shown(one, None, here, "Kansliet")
        assert shown is not None
        assert len(shown.tables) == 2  # how it feels and what would help: no count is of the whole survey
        return [line for line in shown.lines if "saknas" in line]

    assert said(some) == []  # four of fourteen may be under 18
    assert said(many) == [
        "Under 18 år saknas bland svaren: de är mindre än hälften av sin del av invånarna, 20 av 100.",
        "18–29 år saknas bland svaren: de är mindre än hälften av sin del av invånarna, 15 av 100.",
    ]
    assert said(many, lidkoping()) == []  # nobody has told how many live here
    assert said(at_the_top) == []  # sixty of an age, at a place that has 60–64


def test_whose_voice_is_missing_is_not_said_where_it_would_tell_how_many_there_are_at_a_place() -> None:
    """5, 3 and 1, then 5, 2 and 2, then 4, 4 and 4; ten of each of three ages: told, they would give the fours away."""
    it = a_survey(places=(TORG, TUNNEL, SurveyPlace(id="park", name="Parken")))
    felt = {"torg": (5, 3, 1), "tunnel": (5, 2, 2), "park": (4, 4, 4)}
    ages = iter(["18-29", "30-64", "65-"] * 10)
    answers = [
        replace(an_answer(it, place, next(ages)), felt=feeling)
        for place, counts in felt.items()
        for feeling, n in zip(Feeling, counts, strict=True)
        for _ in range(n)
    ]

    cells = told([place.id for place in it.places], it.bands, it.questions, [each.said for each in answers])

    assert room(cells, "felt", "age") == 0
    assert words.missing_of(cells, HERE) == ()


def test_young_people_are_asked_neither_for_age_nor_for_words_of_their_own() -> None:
    it = a_survey(source=Source.YOUTH)

    assert "age" not in {question.id for question in it.questions}
    with pytest.raises(Malformed):
        rules.answered(an_answer(it, "torg", "0-17"), it, TODAY)
    with pytest.raises(SurveyNotPossible):
        rules.made(replace(it, free_text=True))
