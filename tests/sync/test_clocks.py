"""Times that phones claim, corrected: shown, never used for order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import makers, profile
from tests.makers import LIDKOPING, Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device, Heard
from trygghetsvandring.storage import records
from trygghetsvandring.sync.clocks import MOST_SESSIONS, Exchange, corrected, remembered

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SESSION = uuid7()


def exchange(off: timedelta = timedelta(), mono_ms: float = 3_600_000) -> Exchange:
    return Exchange(SESSION, NOW + off, mono_ms, NOW)


@pytest.mark.law(11)
@pytest.mark.parametrize("off", [timedelta(), timedelta(days=3), timedelta(days=-365)])
def test_in_the_same_session_the_monotonic_clock_tells_how_long_ago(off: timedelta) -> None:
    ten_minutes_ago = 3_000_000.0

    when, uncertain_s = corrected(exchange(off), NOW + timedelta(days=99), ten_minutes_ago, SESSION)

    assert (when, uncertain_s) == (NOW - timedelta(minutes=10), 2)


@pytest.mark.law(11)
def test_from_an_earlier_session_the_wall_clock_is_moved_and_the_move_is_the_uncertainty() -> None:
    fast = exchange(timedelta(hours=1))

    when, uncertain_s = corrected(fast, NOW + timedelta(minutes=40), 0, uuid7())

    assert (when, uncertain_s) == (NOW - timedelta(minutes=20), 3_602)


@pytest.mark.law(11)
def test_nothing_was_seen_after_it_was_received() -> None:
    assert corrected(exchange(), NOW + timedelta(days=400), 0, None)[0] == NOW

    three_hours_ago = heard_before(a_phone(), EARLIER, timedelta(), 0, NOW - 3 * HOUR)
    five_hours_later = corrected(exchange().knowing(three_hours_ago), NOW + 2 * HOUR, 18_000_000, EARLIER)
    assert five_hours_later[0] == NOW


@pytest.mark.law(11)
@pytest.mark.parametrize("mono_ms", [3_600_001.0, -700_000_000.0, 1e308, float("inf")])
def test_a_monotonic_clock_that_cannot_be_right_is_not_believed(mono_ms: float) -> None:
    when, _ = corrected(exchange(), NOW - timedelta(hours=2), mono_ms, SESSION)

    assert when == NOW - timedelta(hours=2)


@pytest.mark.law(11)
@pytest.mark.parametrize(
    ("at", "sent_at"),
    [
        (datetime(9999, 12, 30, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)),
        (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)),
        (datetime(1, 1, 2, tzinfo=timezone(timedelta(hours=14))), NOW + timedelta(days=2)),
    ],
)
def test_a_clock_thousands_of_years_off_gives_a_time_that_can_be_stored(at: datetime, sent_at: datetime) -> None:
    when, uncertain_s = corrected(Exchange(SESSION, sent_at, 0, NOW), at, 0, None)

    assert when <= NOW
    assert when.astimezone(UTC).year >= 1
    assert uncertain_s <= 2_000_000_000


# ---------------------------------------------------------------- a clock that is set, a phone that sleeps

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
EARLIER = uuid7()


def a_phone(joined_at: datetime = NOW - 8 * HOUR) -> Device:
    return Device(
        id=uuid7(),
        version=1,
        kind="walk",
        token_hash="",
        walk=None,
        user=None,
        organisation=None,
        alias="",
        language="sv",
        joined_at=joined_at,
        last_seen_at=joined_at,
    )


def heard_before(device: Device, session: UUID, off: timedelta, mono_ms: float, at: datetime) -> Device:
    return replace(device, heard=remembered(device, Exchange(session, at + off, mono_ms, at)))


@pytest.mark.law(11)
@pytest.mark.parametrize("minutes", [-30, 30])
def test_a_clock_set_between_two_sessions_moves_nothing_that_the_earlier_one_made(minutes: int) -> None:
    """Heard from three hours ago with a right clock; what it made around then is sent with one a year wrong."""
    made = NOW - 3 * HOUR + timedelta(minutes=minutes)
    device = heard_before(a_phone(), EARLIER, timedelta(), 9_000_000, NOW - 3 * HOUR)
    wrong = exchange(-YEAR).knowing(device)

    assert corrected(wrong, made, 9_000_000 + minutes * 60_000, EARLIER) == (made, 2)


@pytest.mark.law(11)
def test_what_comes_from_a_session_nobody_has_heard_from_is_uncertain_since_the_phone_joined() -> None:
    unheard = exchange().knowing(heard_before(a_phone(), EARLIER, timedelta(), 0, NOW - 3 * HOUR))

    when, uncertain_s = corrected(unheard, NOW - HOUR, 0, uuid7())

    assert (when, uncertain_s) == (NOW - HOUR, 8 * 3_600 + 2)


@pytest.mark.law(11)
def test_known_clocks_that_disagree_make_an_unknown_one_as_uncertain() -> None:
    device = heard_before(a_phone(NOW - HOUR), EARLIER, YEAR, 0, NOW - HOUR)

    _, uncertain_s = corrected(exchange().knowing(device), NOW - HOUR, 0, uuid7())

    assert uncertain_s == YEAR.total_seconds() + 2


@pytest.mark.law(11)
def test_a_session_nobody_has_heard_from_is_always_said_to_be_uncertain() -> None:
    assert corrected(exchange(), NOW, 0, uuid7())[1] > 120


@pytest.mark.law(11)
def test_a_phone_that_slept_is_shown_by_its_wall_clock_and_the_sleep_is_uncertain() -> None:
    """Its monotonic clock stood still for 50 of the 60 minutes."""
    when, uncertain_s = corrected(exchange(), NOW - HOUR, 3_000_000, SESSION)

    assert (when, uncertain_s) == (NOW - HOUR, 3_002)


@pytest.mark.law(11)
def test_a_clock_set_ahead_by_more_than_a_day_within_a_session_is_not_taken_for_sleep() -> None:
    when, uncertain_s = corrected(exchange(), NOW - YEAR, 3_000_000, SESSION)

    assert (when, uncertain_s) == (NOW - timedelta(minutes=10), int(YEAR.total_seconds()) - 600 + 2)


@pytest.mark.law(11)
def test_of_two_exchanges_of_a_session_the_one_that_agrees_with_the_operation_is_believed() -> None:
    """Its clock was set two hours ahead between them."""
    device = heard_before(a_phone(), SESSION, timedelta(), 0, NOW - HOUR)
    later = exchange(2 * HOUR).knowing(device)

    assert corrected(later, NOW - HOUR / 2, 1_800_000, SESSION) == (NOW - HOUR / 2, 2)


def test_a_phone_is_remembered_by_its_latest_sessions_and_each_by_its_last_exchange() -> None:
    device, sessions = a_phone(), [uuid7() for _ in range(MOST_SESSIONS + 2)]
    for session in [*sessions, sessions[-2]]:
        device = heard_before(device, session, HOUR, 5.0, NOW)

    assert [it.session for it in device.heard] == [*sessions[2:-2], sessions[-1], sessions[-2]]
    assert device.heard[-1] == Heard(sessions[-2], -3_600_000, 5.0, NOW)


@pytest.mark.parametrize("mono_ms", [float("inf"), float("nan"), -1e300])
def test_a_monotonic_clock_that_is_no_number_is_not_remembered(mono_ms: float) -> None:
    assert remembered(a_phone(), exchange(mono_ms=mono_ms)) == ()


def test_the_servers_own_clock_is_not_taken_for_the_phones() -> None:
    assert remembered(a_phone(), Exchange(uuid7(), NOW, 0, NOW, is_phones=False)) == ()


_SECONDS = st.integers(1, 20_000)
_A_SESSION = st.tuples(
    st.sampled_from([timedelta(), HOUR, -HOUR, YEAR, -YEAR, timedelta(days=-20_000), timedelta(seconds=-1)]),
    st.lists(st.tuples(st.sampled_from(["make", "make", "sleep", "send"]), _SECONDS), max_size=6),
)


@pytest.mark.law(11)
@settings(max_examples=profile.pick(quick=200, ci=1_000, night=20_000), deadline=None)
@given(sessions=st.lists(_A_SESSION, min_size=1, max_size=12))
def test_however_clocks_are_set_between_sessions_the_time_shown_is_within_its_uncertainty(
    sessions: list[tuple[timedelta, list[tuple[str, int]]]],
) -> None:
    """Each session with a clock of its own; the phone sleeps now and then, and sends now and then and at the end."""
    now, device = NOW - YEAR, a_phone(NOW - YEAR)
    waiting: list[tuple[datetime, datetime, float, UUID]] = []
    for off, acts in [*sessions, (timedelta(), [("send", 1)])]:
        session, mono_ms, slept = uuid7(), 0.0, False
        for what, seconds in acts:
            now += timedelta(seconds=seconds)
            mono_ms, slept = (mono_ms, True) if what == "sleep" else (mono_ms + seconds * 1_000, slept)
            if what == "make":
                waiting.append((now, now + off, mono_ms, session))
            if what == "send":
                sent = Exchange(session, now + off, mono_ms, now).knowing(device)
                for truth, claimed, mono, of in waiting:
                    when, uncertain_s = corrected(sent, claimed, mono, of)
                    assert abs(when - truth) <= timedelta(seconds=uncertain_s)
                    if of == session and not slept:
                        assert uncertain_s == 2
                device, waiting = replace(device, heard=remembered(device, sent)), []


@pytest.mark.law(11)
async def test_at_the_door_a_clock_set_between_two_sessions_moves_nothing_made_before(evening: Evening) -> None:
    phone = await evening.phone()
    await phone.push(phone.feeling())  # heard from, with a right clock
    evening.passes(minutes=20)
    made, op = evening.now, phone.observation()
    evening.passes(minutes=90)
    phone.session, phone.wall = uuid7(), -YEAR

    await phone.push(op | {"mono_ms": 1_000 + 20 * 60_000})

    async with evening.store.read() as db:
        device = await records.one(db, LIDKOPING, Device, phone.device)
        sql = "SELECT corrected_at, uncertain_s FROM operations WHERE type = 'observation.record'"
        row = (await db.exec_driver_sql(sql)).one()
    shown = datetime.fromisoformat(str(row.corrected_at))
    assert (shown if shown.tzinfo else shown.replace(tzinfo=UTC), row.uncertain_s) == (made, 2)
    assert device is not None
    assert [it.session for it in device.heard] == [UUID(str(op["session"])), phone.session]
    assert device.version == 1  # hearing from a phone is no change of it
