"""A coordinator signed in at a desk, for tests of what phones may still do."""

from datetime import timedelta

from tests.makers import LIDKOPING, Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import people
from trygghetsvandring.storage.people import User


async def signed_in(evening: Evening, role: str = "coordinator", municipality: str = LIDKOPING) -> dict[str, str]:
    """The headers of somebody with this role."""
    token, user = f"cookie-{uuid7()}", uuid7()
    async with evening.store.write() as db:
        it = User(
            municipality=municipality,
            id=user,
            login=f"{user}@{municipality}",
            function="Trygghetssamordnare",
            role=role,
            organisation="samordning",
            password_hash="none",
            demo=False,
            disabled_at=None,
        )
        await people.add_user(db, it)
        await people.begin_session(
            db,
            token_hash=digest(token),
            municipality=municipality,
            user=user,
            device=uuid7(),
            now=evening.now,
            expires_at=evening.now + timedelta(days=900),
        )
    return {"Cookie": f"__Host-trygg={token}", "Sec-Fetch-Site": "same-origin"}
