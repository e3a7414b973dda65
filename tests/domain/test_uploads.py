"""How much may be on its way at once, and how long what never came whole is waited for."""

from datetime import UTC, datetime, timedelta

import pytest

from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.photos import MOST_BYTES
from trygghetsvandring.domain.uploads import MOST, SURE, Begun, QuotaOf, UploadsFull, expires, must_have_room

ME, WALK = uuid7(), uuid7()


def some(of: QuotaOf, less: int) -> list[Begun]:
    """As much as fits, less so many bytes: of me alone, of others on my walk, of others elsewhere."""
    count = MOST[of] // MOST_BYTES
    return [
        Begun(
            ME if of is QuotaOf.DEVICE else uuid7(),
            uuid7() if of is QuotaOf.MUNICIPALITY else WALK,
            MOST_BYTES - (less if n == 0 else 0),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("of", QuotaOf)
def test_what_fits_to_the_byte_is_let_in_and_a_byte_more_waits(of: QuotaOf) -> None:
    must_have_room(Begun(ME, WALK, 100), some(of, 100))

    with pytest.raises(UploadsFull) as refused:
        must_have_room(Begun(ME, WALK, 101), some(of, 100))

    assert refused.value.facts["of"] == of.value and refused.value.facts["retry_after"]


def test_others_do_not_fill_my_quota_and_a_few_fill_nobodys() -> None:
    must_have_room(Begun(ME, WALK, MOST_BYTES), [Begun(uuid7(), uuid7(), MOST_BYTES) for _ in range(100)])
    must_have_room(Begun(ME, WALK, MOST_BYTES), [Begun(ME, WALK, MOST_BYTES)] * (SURE - 1))
    must_have_room(Begun(None, None, MOST_BYTES), [Begun(None, None, MOST_BYTES)] * SURE)


def test_an_empty_upload_goes_after_two_days_and_bytes_when_the_decision_says() -> None:
    at = datetime(2026, 11, 20, 19, 41, tzinfo=UTC)

    assert expires(at, 0, None) == at + timedelta(hours=48)
    assert expires(at, 1, None) is None
    assert expires(at, 1, 30) == datetime(2026, 12, 20, 23, 0, tzinfo=UTC)  # midnight in Stockholm after the 20th
