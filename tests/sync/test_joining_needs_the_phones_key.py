"""A phone's id stands on the coordinator's screen; only the phone itself has the key it made."""

from uuid import UUID

from tests import makers
from tests.makers import LIDKOPING, Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import walks
from trygghetsvandring.sync.wire import Outcome

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last


async def joins(evening: Evening, device: UUID, key: str, token: str) -> Outcome:
    async with evening.store.read() as db:
        (invite,) = await walks.open_invites(db, LIDKOPING, evening.walk)
    actor = Principal(municipality=LIDKOPING, role=Role.WALKER, walk=evening.walk, function="En som gick")
    body = {
        "device": device,
        "invite": invite.id,
        "token_hash": digest(token),
        "key_hash": digest(key),
        "alias": "Kim",
        "language": "sv",
    }
    return await evening.act("walk.join", evening.walk, body, actor)


async def test_the_same_phone_joins_again_with_its_key(evening: Evening) -> None:
    device = uuid7()
    assert (await joins(evening, device, "mine", "one")).outcome == "applied"
    assert (await joins(evening, device, "mine", "two")).outcome == "applied"


async def test_who_knows_a_phones_id_only_is_not_that_phone(evening: Evening) -> None:
    device = uuid7()
    await joins(evening, device, "mine", "one")

    taken = await joins(evening, device, "guessed", "theirs")

    assert (taken.outcome, taken.code) == ("rejected", "not_this_phone")
