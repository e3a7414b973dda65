"""The safety group: what was not told is no nought, few and many are compared only where both told, cards grow old."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from trygghetsvandring.demo.seed import lidkoping
from trygghetsvandring.domain import trade as rules
from trygghetsvandring.domain.answer_links import MOST_ANSWERS, AnsweredAlready, LinkOver, Standing
from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.tasks import PublicTextNotSafe
from trygghetsvandring.domain.trade import (
    Contact,
    CrimeCount,
    Left,
    RoutineText,
    ShopWeek,
    TradeCard,
    TradeNotPossible,
    WeekTold,
    in_force,
)
from trygghetsvandring.domain.trade_links import LASTS, TradeLink, answered, lasts, must_be_open, revoked, standing
from trygghetsvandring.domain.weeks import Week

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TODAY = date(2026, 11, 25)  # a Wednesday of week 48
SECOND = Organisation(id="butik-vid-an", name="Butiken vid ån", kind=OrganisationKind.SHOP)
HERE = replace(lidkoping(), departments=(*lidkoping().departments, SECOND))


def told(**numbers: int | None) -> WeekTold:
    counts = tuple(CrimeCount(kind=kind, n=n) for kind, n in numbers.items())
    return WeekTold(counts=counts, told_by="Butikschef", by_link=False, told_at=NOW)


def a_week(week: str, shop: str = "butik-torget", *words: WeekTold) -> ShopWeek:
    return ShopWeek(id=uuid7(), version=1, shop=shop, week=week, told=words)


def a_card(**changes: Any) -> TradeCard:
    given = {"function": "Butikschef", "phone": "031-390 06 01", "mail": "butik@torget.example", "hours": "7 till 22"}
    contact = Contact(**given | changes, said_by="Samordnare", said_at=NOW)
    return TradeCard(
        id=uuid7(), version=1, party="butik-torget", contacts=(contact,), confirmed_on=TODAY, confirmed_by="Samordnare"
    )


def test_a_nought_that_was_told_is_a_nought_and_what_was_not_told_is_not_known() -> None:
    it = rules.counted(a_week("2026-W47"), told(stold=0, hot=None), HERE, TODAY)
    assert [it.n(kind) for kind in ("stold", "hot", "skada")] == [0, None, None]
    again = rules.counted(it, told(stold=4), HERE, TODAY)
    assert again.n("stold") == 4
    assert [one.counts[0].n for one in again.told] == [0, 4]


@pytest.mark.parametrize(
    ("it", "numbers", "reason"),
    [
        (a_week("2026-W48"), {"stold": 1}, "week"),
        (a_week("2025-W40"), {"stold": 1}, "week"),
        (a_week("2026-W47", "polisen"), {"stold": 1}, "shop"),
        (a_week("2026-W47", "nagon"), {"stold": 1}, "shop"),
        (a_week("2026-W47"), {"annat": 1}, "numbers"),
        (a_week("2026-W47"), {"stold": None}, "numbers"),
        (a_week("2026-W47"), {"stold": -1}, "numbers"),
        (a_week("2026-W47"), {"stold": 1000}, "numbers"),
    ],
)
def test_a_number_that_cannot_be_is_refused(it: ShopWeek, numbers: dict[str, int | None], reason: str) -> None:
    with pytest.raises(TradeNotPossible) as refused:
        rules.counted(it, told(**numbers), HERE, TODAY)
    assert refused.value.facts == {"reason": reason}


def test_a_week_is_a_week() -> None:
    with pytest.raises(Malformed):
        rules.counted(a_week("2026-48"), told(stold=1), HERE, TODAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"function": " "},
        {"function": "Anna Svensson"},
        {"function": "Butikschef Anna"},
        {"phone": "ring mig"},
        {"phone": ""},
        {"phone": "811218-9876"},
        {"phone": "811278-9873"},
        {"mail": "Anna <a@b.example>"},
        {"mail": "19811218-9876@b.example"},
    ],
)
def test_a_card_is_a_function_that_can_be_reached(changes: dict[str, Any]) -> None:
    assert rules.carded(a_card(), HERE).now.function == "Butikschef"
    with pytest.raises(TradeNotPossible):
        rules.carded(a_card(**changes), HERE)
    with pytest.raises(PublicTextNotSafe):
        rules.carded(a_card(hours="19811218-9876"), HERE)


def test_a_card_is_to_be_confirmed_each_quarter() -> None:
    it = a_card()
    assert (it.confirm_by - TODAY).days == 91
    later = rules.confirmed(it, by="Butikschef", on=it.confirm_by)
    assert later.confirm_by > it.confirm_by
    assert later.contacts == it.contacts


def test_the_routine_in_force_is_the_last_that_has_begun() -> None:
    def text(day: date, words: str) -> RoutineText:
        return RoutineText(text=words, decided_by="Gruppen", valid_from=day, entered_by="Samordnare", entered_at=NOW)

    texts = [text(date(2026, 1, 1), "Gammal"), text(date(2026, 11, 25), "Ny"), text(date(2026, 12, 1), "Nästa")]
    now = in_force(texts, TODAY)
    assert now is not None
    assert now.text == "Ny"
    assert in_force(texts, date(2025, 1, 1)) is None


def test_fewer_in_one_shop_and_more_in_another_is_said_only_where_both_told_both_weeks() -> None:
    weeks = [Week(2026, 45), Week(2026, 46), Week(2026, 47)]
    here = [
        a_week("2026-W45", "a", told(stold=9, hot=5)),
        a_week("2026-W46", "a", told(stold=2, hot=0)),
        a_week("2026-W47", "a", told(stold=2)),
        a_week("2026-W45", "b", told(stold=1)),
        a_week("2026-W46", "b", told(stold=4, hot=9)),
        a_week("2026-W46", "c", told(stold=9)),
    ]
    (only,) = rules.shifts(here, ["stold", "hot"], weeks)
    assert (only.kind, str(only.week), only.fewer, only.fell, only.more, only.rose) == (
        *("stold", "2026-W46", "a", (9, 2)),
        *("b", (1, 4)),
    )
    assert rules.shifts([*here[:4], a_week("2026-W46", "b", told(stold=3))], ["stold"], weeks) == []


def test_a_link_takes_each_form_once_and_opens_nothing_when_it_is_over() -> None:
    it = TradeLink(
        id=uuid7(), version=1, party="a", to="a@b.example", secret_hash="", made_at=NOW, made_by="", ends_at=NOW + LASTS
    )
    used = answered(it, "x", NOW)
    with pytest.raises(AnsweredAlready):
        answered(used, "x", NOW)
    shut = revoked(used, "Samordnare", NOW)
    assert revoked(shut, "Någon", NOW) == shut
    card = a_card(mail="a@b.example")
    assert [standing(each, card, NOW) for each in (used, shut)] == [Standing.OPEN, Standing.REVOKED]
    assert standing(used, card, NOW + LASTS) is Standing.EXPIRED
    assert standing(replace(used, used=tuple(str(n) for n in range(MOST_ANSWERS))), card, NOW) is Standing.EXPIRED
    assert [standing(used, each, NOW) for each in (a_card(), None)] == [Standing.MOVED, Standing.MOVED]
    with pytest.raises(LinkOver):
        must_be_open(shut, card, NOW)
    with pytest.raises(LinkOver):
        must_be_open(used, a_card(), NOW)


def test_a_reminder_takes_a_link_with_two_weeks_left() -> None:
    card = a_card(mail="a@b.example")
    it = TradeLink(
        id=uuid7(), version=1, party="a", to="a@b.example", secret_hash="", made_at=NOW, made_by="", ends_at=NOW + LASTS
    )
    assert lasts(it, card, NOW + LASTS - timedelta(days=14))
    assert not lasts(it, card, NOW + LASTS - timedelta(days=13))
    assert not lasts(it, a_card(), NOW)


def test_who_leaves_has_no_contact_and_its_links_are_over_when_it_comes_back() -> None:
    left = Left(reason="Butiken har stängt.", by="Samordnare", at=NOW)
    gone = rules.gone(a_card(), left)
    assert (gone.contacts, gone.left, gone.is_in) == ((), (left,), False)
    with pytest.raises(TradeNotPossible):
        rules.gone(gone, left)
    with pytest.raises(TradeNotPossible):
        rules.confirmed(gone, by="Butikschef", on=TODAY)
    with pytest.raises(TradeNotPossible):
        rules.gone(a_card(), replace(left, reason=" "))
    back = replace(a_card(), left=(left,))
    it = TradeLink(
        id=uuid7(), version=1, party="a", to=back.now.mail, secret_hash="", made_at=NOW, made_by="", ends_at=NOW + LASTS
    )
    assert [standing(it, card, NOW) for card in (gone, back)] == [Standing.REVOKED, Standing.REVOKED]
    assert standing(replace(it, made_at=NOW + timedelta(days=1)), back, NOW) is Standing.OPEN
