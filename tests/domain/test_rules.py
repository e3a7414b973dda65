"""Rule books: what is wrong with a rule, that nothing broken or untried goes live, and that a live one breaks aloud."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.task_makers import an_id
from trygghetsvandring.demo import seed
from trygghetsvandring.domain import rules as books
from trygghetsvandring.domain.darkness import SwitchOff
from trygghetsvandring.domain.deadlines import Limit
from trygghetsvandring.domain.departments import OrganisationKind
from trygghetsvandring.domain.errors import Malformed, Refused
from trygghetsvandring.domain.priorities import Precedence
from trygghetsvandring.domain.routing import BECOMES_TASK, Kind, Route, Rule, Rules, Spot, owner_of, route
from trygghetsvandring.domain.rules import BookState, Fault, RuleBook, Trial, came_with, empty_shelf, faults
from trygghetsvandring.domain.tasks import PublicTextNotSafe
from trygghetsvandring.domain.trials import MOST_EXAMPLES, Past, Trying

HERE = seed.lidkoping()
OWNERS = {it.id: it for it in HERE.departments}
NOW = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
SQUARE = ((13.1, 58.4), (13.2, 58.4), (13.2, 58.6), (13.1, 58.6))
BOW_TIE = ((13.1, 58.4), (13.2, 58.6), (13.2, 58.4), (13.1, 58.6))


def a_rule(id: str = "r", **changes: Any) -> Rule:
    return Rule(**({"id": id, "department": "gata-park", "because": "Det är vårt."} | changes))


def wrong(*rules: Rule, **rest: Any) -> list[Fault]:
    return faults(Rules(rules=rules, **rest), HERE)


def test_what_came_with_the_installation_is_sound() -> None:
    assert faults(came_with(HERE), HERE) == []


@pytest.mark.parametrize(
    ("changes", "code", "about"),
    [
        ({"department": "vägverket"}, "unknown_department", "vägverket"),
        ({"department": "polisen"}, "owns_no_tasks", "Polisen, Västra Skaraborg"),
        ({"categories": ("bel.trasig", "finns.inte")}, "unknown_category", "finns.inte"),
        ({"tiles": ("ljus", "finns")}, "unknown_tile", "finns"),
        ({"place_types": ("månen",)}, "unknown_place_type", "månen"),
        ({"areas": ("Skara",)}, "unknown_area", "Skara"),
        ({"owners": ("ingen",)}, "unknown_owner", "ingen"),
        ({"answers": ("ingen.fråga",)}, "unknown_question", "ingen.fråga"),
        ({"polygon": (BOW_TIE,)}, "polygon_crosses_itself", ""),
        ({"polygon": (SQUARE[:2],)}, "polygon_too_few_points", ""),
        ({"categories": ("bel.trasig",), "tiles": ("skrap",)}, "fits_nothing", ""),
    ],
)
def test_a_rule_that_could_not_decide_is_named_with_why(changes: dict[str, Any], code: str, about: str) -> None:
    assert Fault(rule="r", code=code, about=about) in wrong(a_rule(**changes))


@pytest.mark.parametrize(
    ("above", "below", "is_shadowed"),
    [
        ({}, {"place_types": ("park",)}, True),
        ({"tiles": ("ljus",)}, {"categories": ("bel.trasig",)}, True),
        ({"kinds": (Kind.FAULT, Kind.MAINTENANCE)}, {"tiles": ("skrap",), "kinds": (Kind.MAINTENANCE,)}, True),
        ({"place_types": ("park", "torg")}, {"place_types": ("torg",)}, True),
        ({"polygon": (SQUARE,)}, {"polygon": (SQUARE,), "areas": ("Tun",)}, True),
        ({"place_types": ("park",)}, {}, False),
        ({"polygon": (SQUARE,)}, {}, False),
        ({"categories": ("bel.trasig",)}, {"tiles": ("ljus",)}, False),
        ({"severities": (3,)}, {"severities": (2, 3)}, False),
        ({"owners": ("ab-bostader",)}, {"place_types": ("park",)}, False),
    ],
)
def test_a_rule_that_an_earlier_one_keeps_everything_from_is_never_reached(
    above: dict[str, Any], below: dict[str, Any], is_shadowed: bool
) -> None:
    found = wrong(a_rule("above", **above), a_rule("below", **below))

    assert (Fault(rule="below", code="shadowed", about="above") in found) == is_shadowed


def test_two_rules_of_one_name_and_a_calendar_nobody_can_read_are_faults() -> None:
    found = wrong(
        a_rule("a", tiles=("ljus",)),
        a_rule("a", tiles=("skrap",)),
        lamps=("finns.inte",),
        switch_offs=(SwitchOff(first="nu", last="sen", because="Släckt."),),
    )

    assert [(fault.rule, fault.code) for fault in found] == [
        ("a", "same_id"),
        ("", "unknown_category"),
        ("", "switch_off_unreadable"),
    ]


# ---------------------------------------------------------------- a live rule that breaks


def the_way(rules: Sequence[Rule], spot: Spot | None = None, organisations: Any = None) -> Route:
    lamp = HERE.category("bel.trasig")
    owners = organisations or OWNERS
    return route(
        lamp, spot or Spot(), severity=1, rules=Rules(rules=tuple(rules)), book=7, organisations=owners, received_at=NOW
    )


@pytest.mark.parametrize("broken", [{"department": "borta"}, {"department": "polisen"}, {"polygon": (BOW_TIE,)}])
def test_a_broken_live_rule_is_passed_aloud_and_the_next_decides(broken: dict[str, Any]) -> None:
    found = the_way([a_rule("trasig", name="Ljus i tunnlar", **broken), a_rule("nästa", department="fastighet")])

    assert (found.department, found.rule, found.book) == ("fastighet", "nästa", 7)
    assert found.skipped == ("trasig",)
    assert "En regel är trasig och hoppades över: ”Ljus i tunnlar”." in found.because


def test_a_broken_rule_that_would_not_have_decided_is_not_spoken_of() -> None:
    found = the_way([a_rule("trasig", department="borta", place_types=("park",)), a_rule("nästa")])

    assert found.skipped == ()


def test_when_the_usual_owner_is_gone_too_the_last_resort_has_it_and_says_so() -> None:
    only = {id: it for id, it in OWNERS.items() if it.kind is OrganisationKind.COORDINATION}
    found = the_way([a_rule("trasig")], organisations=only)

    assert (found.department, found.rule) == ("samordning", "last_resort")
    assert "hoppades över" in found.because


@given(
    rules=st.lists(
        st.builds(
            a_rule,
            id=st.sampled_from(("a", "b", "c")),
            department=st.sampled_from(("gata-park", "polisen", "borta", "vagforening")),
            tiles=st.sampled_from(((), ("ljus",), ("skrap",))),
            place_types=st.sampled_from(((), ("park",))),
            polygon=st.sampled_from(((), (SQUARE,), (BOW_TIE,))),
        ),
        max_size=6,
    ),
    category=st.sampled_from((None, *HERE.categories)),
    point=st.sampled_from((None, (58.5, 13.15), (59.5, 13.15))),
    place_type=st.sampled_from(("", "park")),
    gone=st.sets(st.sampled_from([id for id in OWNERS if id != "samordning"])),
)
def test_whatever_the_rules_are_every_finding_has_an_owner_who_exists_and_an_explanation(
    rules: list[Rule], category: Any, point: Any, place_type: str, gone: set[str]
) -> None:
    left = {id: it for id, it in OWNERS.items() if id not in gone}
    spot = Spot(place_type=place_type, point=point)
    found = route(category, spot, severity=2, rules=Rules(rules=tuple(rules)), organisations=left, received_at=NOW)

    assert left[found.department].owns_tasks
    assert found.because.endswith(".")
    assert found.rule
    assert (found.rule == "never_a_task") == (category is None or category.kind not in BECOMES_TASK)


# ---------------------------------------------------------------- draft, live, replaced

BOOK = RuleBook(
    id=an_id(1),
    version=3,
    number=0,
    state=BookState.DRAFT,
    rules=Rules(),
    note="",
    saved_by="Samordnaren",
    saved_at=NOW,
)
TRIAL = Trial(digest="d", at=NOW, by="Samordnaren", findings=10, changed=1, last_resort=0, never=())


def published(book: RuleBook = BOOK, **changes: Any) -> tuple[RuleBook, ...]:
    facts: dict[str, Any] = {"found": (), "now": "d", "by": "Samordnaren", "at": NOW}
    return books.publish(book, empty_shelf("lidkoping"), None, **(facts | changes))


def test_a_book_goes_from_draft_to_live_to_replaced_and_back() -> None:
    shelf = empty_shelf("lidkoping")
    (first,) = published(replace(BOOK, tried=TRIAL))
    shelf = books.standing(shelf, first)
    second, old = books.publish(
        replace(BOOK, id=an_id(2), tried=TRIAL), shelf, first, found=(), now="d", by="B", at=NOW
    )
    shelf = books.standing(shelf, second)
    back, down = books.go_back(old, second, found=(), by="B", at=NOW)

    assert (first.number, second.number, back.number) == (1, 2, 1)
    assert (old.state, down.state, back.state) == (BookState.REPLACED, BookState.REPLACED, BookState.LIVE)
    assert books.standing(shelf, back).live == first.id


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (published, "rulebook_not_tried"),
        (lambda: published(replace(BOOK, tried=TRIAL), now="other"), "rulebook_not_tried"),
        (lambda: published(replace(BOOK, tried=TRIAL), found=[Fault(rule="r", code="shadowed")]), "rulebook_broken"),
        (lambda: published(replace(BOOK, state=BookState.LIVE)), "rulebook_not_a_draft"),
        (lambda: books.tried(BOOK, TRIAL, "other"), "rulebook_moved"),
        (lambda: books.go_back(BOOK, None, found=(), by="", at=NOW), "rulebook_never_live"),
        (
            lambda: books.go_back(
                replace(BOOK, state=BookState.REPLACED), None, found=[Fault(rule="r", code="x")], by="", at=NOW
            ),
            "rulebook_broken",
        ),
        (lambda: saved(BOOK, seen=2), "rulebook_moved"),
        (lambda: saved(replace(BOOK, state=BookState.REPLACED), seen=3), "rulebook_not_a_draft"),
        (lambda: saved(None, draft=an_id(9)), "rulebook_draft_exists"),
        (lambda: saved(BOOK, rules=Rules(rules=(a_rule(because=" "),))), "malformed"),
        (lambda: saved(BOOK, rules=Rules(rules=(a_rule(deadline_days=-1),))), "malformed"),
        (lambda: saved(BOOK, rules=Rules(rules=(a_rule(because="x" * 201),))), "text_too_long"),
        (lambda: saved(BOOK, rules=Rules(rules=(a_rule(because="Fråga 19811218-9876."),))), "public_text_not_safe"),
    ],
)
def test_what_a_book_refuses_has_a_code_of_its_own(refused: Any, code: str) -> None:
    with pytest.raises(Refused) as raised:
        refused()

    assert raised.value.code == code


def saved(book: RuleBook | None, *, seen: int | None = 3, draft: Any = None, rules: Rules | None = None) -> RuleBook:
    shelf = replace(empty_shelf("lidkoping"), draft=draft)
    return books.save(book, shelf, id=an_id(1), rules=rules or Rules(), note="", seen=seen, by="", at=NOW)[0]


def test_a_book_changed_after_its_trial_must_be_tried_again() -> None:
    tried = books.tried(BOOK, TRIAL, "d")
    changed = saved(tried, rules=Rules(rules=(a_rule(),)))

    with pytest.raises(books.NotTried):
        published(changed, now="of the new rules")


# ---------------------------------------------------------------- trials


def past(n: int, code: str = "bel.trasig", **changes: Any) -> Past:
    facts: dict[str, Any] = {"spot": Spot(place_type="park", point=(58.5, 13.15)), "severity": 1, "place": "Parken"}
    return Past(id=an_id(n), number=f"LK-{n}", category=HERE.category(code), **(facts | changes))


def test_a_trial_counts_who_gets_what_now_and_then_and_keeps_few_examples() -> None:
    draft = Rules(rules=(a_rule("park", department="fastighet", place_types=("park",)), a_rule("tun", areas=("Tun",))))
    trying = Trying(live=Rules(), draft=draft, organisations=OWNERS)
    for n in range(20):
        trying.add(past(n))
    trying.add(past(20, spot=Spot(place_type="torg")))
    trying.add(past(21, "ljud.musik"))

    assert (trying.findings, trying.work, trying.changed) == (22, 21, 20)
    assert trying.now["gata-park"] == 21
    assert trying.then == {"fastighet": 20, "gata-park": 1}
    (change,) = trying.changes.values()
    assert (change.count, len(change.examples)) == (20, MOST_EXAMPLES)
    assert change.examples[0].then == "Det är vårt."
    assert trying.never() == ("tun",)


def test_a_trial_counts_what_would_get_another_day_or_go_in_another_order() -> None:
    parks = Precedence(place_types=("park",), priority=1, because="Parken först.")
    draft = Rules(precedence=(parks,), limits=(Limit(priorities=(1,), days=2), Limit(days=15)))
    trying = Trying(live=Rules(precedence=(), limits=(Limit(days=15),)), draft=draft, organisations=OWNERS)
    for n in range(3):
        trying.add(past(n))
    trying.add(past(3, spot=Spot(place_type="torg")))
    trying.add(past(4, severity=3))

    assert (trying.changed, trying.other_order, trying.other_days) == (0, 4, 3)  # a danger is today whatever is said


def test_a_trial_says_what_would_land_on_the_last_resort() -> None:
    nobody = {id: it for id, it in OWNERS.items() if id == "samordning"}
    trying = Trying(live=Rules(), draft=Rules(rules=(a_rule("trasig"),)), organisations=nobody)
    trying.add(past(1))

    assert trying.then_last_resort == 1
    assert trying.homeless[0].number == "LK-1"
    assert trying.skipped == {"trasig": 1}


def test_limits_of_size_are_held() -> None:
    with pytest.raises(Malformed):
        saved(BOOK, rules=Rules(rules=tuple(a_rule(str(n)) for n in range(books.MOST_RULES + 1))))
    with pytest.raises(PublicTextNotSafe):
        saved(BOOK, rules=Rules(switch_offs=(SwitchOff(first="01-01", last="02-01", because="Fråga 19811218-9876."),)))
    assert owner_of(None, Spot(), severity=None, rules=Rules(), organisations=OWNERS).department == "samordning"


def test_ten_thousand_findings_of_every_kind_all_have_an_owner_and_a_reason() -> None:
    rules = seed.rules_of(HERE)
    trying = Trying(live=came_with(HERE), draft=rules, organisations=OWNERS)
    for n in range(10_000):
        place = HERE.places[n % len(HERE.places)]
        spot = Spot(place_type=place.place_type, area=place.area, owner=place.owner, point=(place.lat, place.lon))
        category = HERE.categories[n % len(HERE.categories)]
        trying.add(past(n, category.code, spot=spot, severity=n % 4))
        way = owner_of(category, spot, severity=n % 4, rules=rules, organisations=OWNERS)
        assert OWNERS[way.department].owns_tasks
        assert way.because

    assert trying.findings == 10_000
    assert sum(trying.then.values()) == sum(trying.now.values()) == trying.work
    assert len(trying.points) <= 300
