"""Activities: few people are never written down, time is a day or a month, and a correction stands after the first."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.domain.promise_makers import NOW, a_promise, an_agreement
from trygghetsvandring.demo.seed import lidkoping
from trygghetsvandring.domain import activities as rules
from trygghetsvandring.domain.activities import Activity, ActivityNotPossible, Said
from trygghetsvandring.domain.evidence import Sources, evidence
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.promise_counts import Count, CountNotPossible, public_words
from trygghetsvandring.domain.promise_words import shown
from trygghetsvandring.domain.promises import EvidenceKind, Standing
from trygghetsvandring.domain.tasks import PublicTextNotSafe

TODAY = date(2026, 11, 20)
HERE = lidkoping()
OF = an_agreement(valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))
PROMISE = a_promise(OF, evidence=EvidenceKind.REPORTED)
PARTY = OF.parties[0].id
CLASSES = Count(n=12, of=12, unit="klasser", are_people=False)


def said(**changes: Any) -> Said:
    given: dict[str, Any] = {
        "kind": "skolinformation",
        "first": date(2026, 11, 10),
        "last": date(2026, 11, 10),
        "party": PARTY,
        "place_type": "",
        "partners": ("Idrottsföreningen",),
        "counts": (CLASSES,),
        "told_by": "Kommunpolis",
        "told_on": TODAY,
        "may_publish": True,
        "reason": "",
        "is_withdrawn": False,
        "entered_by": "Samordnare",
        "entered_at": NOW,
    }
    return Said(**given | changes)


def an_activity(*more: Said, **changes: Any) -> Activity:
    return Activity(id=uuid7(), version=1, promise=PROMISE.id, said=(said(**changes), *more))


def entered(it: Activity) -> Activity:
    return rules.entered(it, PROMISE, OF, HERE, TODAY)


def visits(month: int, n: int, place_type: str = "skola", **changes: Any) -> Activity:
    first = date(2026, month, 1)
    count = Count(n=n, unit="besök", are_people=False)
    time = {"first": first, "last": rules.end_of_month(first), "counts": (count,)}
    return an_activity(kind="polisbesok", place_type=place_type, **time | changes)


def test_twelve_of_twelve_classes_and_a_month_of_visits_are_taken_as_they_are() -> None:
    assert entered(an_activity()).now.counts == (CLASSES,)
    assert entered(visits(10, 0)).now.counts[0].n == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "okand"}, "kind"),
        ({"party": "butiken"}, "party"),
        ({"last": date(2026, 11, 12)}, "time"),
        ({"first": date(2026, 11, 21), "last": date(2026, 11, 21)}, "future"),
        ({"first": date(2025, 12, 31), "last": date(2025, 12, 31)}, "period"),
        ({"place_type": "skola"}, "place_type"),
        ({"told_by": " "}, "told_by"),
        ({"partners": ("",)}, "partners"),
        ({"counts": (Count(n=4, unit="deltagare"),)}, "few"),
        ({"counts": (Count(n=2, unit="vakter", are_people=False),)}, "unit"),
        ({"counts": (Count(n=1, unit="gripna på Dalängsskolan", are_people=False),)}, "unit"),
        ({"told_on": date(2026, 11, 9)}, "told_on"),
        ({"first": date(2026, 11, 1), "last": date(2026, 11, 30)}, "future"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ActivityNotPossible) as refused:
        entered(an_activity(**changes))
    assert refused.value.facts == {"reason": reason}


def test_visits_are_of_a_whole_month_and_one_of_the_kinds_of_place() -> None:
    with pytest.raises(ActivityNotPossible):
        entered(visits(11, 3, last=date(2026, 11, 10), first=date(2026, 11, 10)))
    with pytest.raises(ActivityNotPossible):
        entered(visits(10, 3, "Ösbyskolan"))


def test_people_are_never_things_and_a_partner_is_no_person() -> None:
    with pytest.raises(CountNotPossible):
        entered(an_activity(counts=(Count(n=12, unit="elever", are_people=False),)))
    assert Count(n=7, unit="unga killar", are_people=False).is_of_people
    with pytest.raises(PublicTextNotSafe):
        entered(an_activity(partners=("19811218-9876",)))


def test_what_is_about_persons_has_no_list_of_occasions() -> None:
    with pytest.raises(ActivityNotPossible):
        rules.entered(an_activity(), replace(PROMISE, evidence=EvidenceKind.YEARLY), OF, HERE, TODAY)


def test_a_correction_has_a_reason_and_what_it_corrects_stays() -> None:
    with pytest.raises(ActivityNotPossible):
        entered(an_activity(said(counts=())))
    it = entered(an_activity(said(counts=(), reason="Fel antal.")))
    gone = rules.withdrawn(it, reason="Samma som en annan.", by="Samordnare", at=NOW)
    assert [(one.counts, one.is_withdrawn) for one in gone.said] == [((CLASSES,), False), ((), False), ((), True)]
    with pytest.raises(ActivityNotPossible):
        rules.withdrawn(gone, reason="Igen.", by="Samordnare", at=NOW)
    with pytest.raises(ActivityNotPossible):
        entered(replace(gone, said=(*gone.said, said(reason="Den fanns."))))


def test_the_promise_shows_what_its_party_lets_it_and_never_the_partners() -> None:
    kept = an_activity(may_publish=False)
    gone = rules.withdrawn(an_activity(), reason="Fel.", by="Samordnare", at=NOW)
    pupils = an_activity(kind="ungdom", counts=(Count(n=43, unit="ungdomar"),))
    found = Sources(activities=[kept, gone, an_activity(), pupils, visits(10, 6), visits(8, 2, "fritidsgård")])

    inside, later = evidence(PROMISE, OF, found, TODAY)
    it = shown(PROMISE, OF, inside, later, lambda unit: "", HERE.activity_kinds)

    assert it.standing is Standing.PROMISED
    name = OF.parties[0].name
    assert [(line.lead, line.text, line.more) for line in it.lines] == [
        (
            f"Redovisat av {name}, 20 november 2026.",
            "Besök av polisen, månad för månad.",
            (
                *("augusti 2026, fritidsgård: Färre än 5 besök.", "augusti 2026, skola: uppgift saknas."),
                *("september 2026, fritidsgård: uppgift saknas.", "september 2026, skola: uppgift saknas."),
                *("oktober 2026, fritidsgård: uppgift saknas.", "oktober 2026, skola: 6 besök."),
            ),
        ),
        (
            f"Redovisat av {name}, 20 november 2026.",
            "Information i skolan: 12 av 12 klasser.",
            ("10 november 2026: 12 av 12 klasser.",),
        ),
        (
            f"Redovisat av {name}, 20 november 2026.",
            "Aktivitet för unga: Runt 40 ungdomar.",
            ("10 november 2026: Runt 40 ungdomar.",),
        ),
    ]
    assert "Idrottsföreningen" not in str(it)


def test_what_was_done_after_the_last_day_stands_apart() -> None:
    ended = replace(OF, valid_to=date(2026, 10, 31))
    inside, later = evidence(PROMISE, ended, Sources(activities=[an_activity(), visits(10, 6)]), TODAY)
    assert [len(each.activities) for each in (inside, later)] == [1, 1]
    it = shown(PROMISE, ended, inside, later, lambda unit: "", HERE.activity_kinds)
    assert [line.text for line in it.later] == ["Information i skolan: 12 av 12 klasser."]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (Count(n=0, unit="besök", are_people=False), "0 besök"),
        (Count(n=1, unit="besök", are_people=False), "Färre än 5 besök"),
        (Count(n=4, of=12, unit="klasser", are_people=False), "Färre än 5 av 12 klasser"),
        (Count(n=11, of=12, unit="klasser", are_people=False), "11 av 12 klasser"),
        (Count(n=11, of=12, unit="kurser", are_people=False), "11 kurser"),
        (Count(n=7, of=12, unit="kurser", are_people=False), "7 av 12 kurser"),
        (Count(n=12, of=12, unit="kurser", are_people=False), "12 av 12 kurser"),
    ],
)
def test_everybody_reads_no_few_and_works_none_out(count: Count, words: str) -> None:
    assert public_words(count, {"klasser"}) == words
