"""Law 5 on schedules nobody thought of, and on two that a planted fault must not survive."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import profile
from tests.makers import emptied
from tests.sync.backups import Base, OnPostgres, OnSqlite
from tests.sync.bad_evening import PHASES
from tests.sync.erasing_evening import ErasingEvening
from trygghetsvandring.domain.erasures import Register
from trygghetsvandring.storage import erasures


def on(where: Base) -> type[ErasingEvening]:
    class There(ErasingEvening):
        base = where

    return There


def depth(examples: int) -> settings:
    health = list(HealthCheck)
    return settings(
        max_examples=examples, stateful_step_count=25, phases=PHASES, deadline=None, suppress_health_check=health
    )


@pytest.mark.law(5)
def test_on_any_evening_what_was_erased_stays_erased(sqlite_template: Path) -> None:
    examples = profile.pick(quick=3, ci=15, night=2_000)
    run_state_machine_as_test(on(OnSqlite(sqlite_template)), settings=depth(examples))


@pytest.mark.postgres
@pytest.mark.law(5)
def test_on_any_evening_what_was_erased_stays_erased_on_postgresql(postgres_schema: str) -> None:
    examples = profile.pick(quick=2, ci=4, night=500)
    run_state_machine_as_test(on(OnPostgres(lambda: emptied(postgres_schema))), settings=depth(examples))


# ---------------------------------------------------------------- faults it must see


@pytest.fixture
def evening_of_faults(sqlite_template: Path) -> Any:
    """Opened and shut by hand: after a fault nothing is mended at the end."""
    it = on(OnSqlite(sqlite_template))()
    it.a_walk_with_two_phones()  # three findings, a backup, and a case about the first
    yield it
    it.phones.clear()
    it.teardown()


def looks_everywhere(evening: ErasingEvening) -> None:
    evening.what_is_erased_is_nowhere_and_the_rest_is_where_it_was()


def test_a_start_that_does_not_carry_the_journal_out_is_seen(
    evening_of_faults: ErasingEvening, monkeypatch: pytest.MonkeyPatch
) -> None:
    it, bar = evening_of_faults, erasures.bar

    async def forgets(*said: Any, replayed_at: datetime | None = None, **named: Any) -> None:
        if replayed_at is None:
            await bar(*said, **named)

    it.the_namnd_grants(0, at_once=True)
    looks_everywhere(it)
    monkeypatch.setattr(erasures, "bar", forgets)
    it.a_backup_is_brought_back(9, files=True)

    with pytest.raises(AssertionError, match="observations"):
        looks_everywhere(it)


def test_a_hold_that_nobody_asks_about_is_seen(
    evening_of_faults: ErasingEvening, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = evening_of_faults
    it.a_hold_is_placed(0, photo=True)
    monkeypatch.setattr(Register, "held", frozenset())
    it.the_namnd_grants(0, at_once=True)

    with pytest.raises(AssertionError, match="gone without a decision"):
        looks_everywhere(it)
