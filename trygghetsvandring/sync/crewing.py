"""Whom the rota's parties are reached by: beside the log, since what is logged is never removed (as `contacting`)."""

from datetime import datetime

from trygghetsvandring.domain.answer_links import address
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.rota import must_be_function
from trygghetsvandring.domain.rota_links import RotaContact
from trygghetsvandring.storage import rota
from trygghetsvandring.sync.engine import Engine


async def keep(engine: Engine, municipality: str, party: str, function: str, mail: str, now: datetime) -> None:
    """Another address is another contact: links to the old one lead nowhere from now on."""
    function, mail = must_be_function(function.strip()), address(mail.strip())
    async with engine.store.write() as db:
        before = (await rota.contacts(db, municipality)).get(party)
        id = before.id if before is not None and before.address == mail else uuid7()
        it = RotaContact(id=id, party=party, function=function, address=mail, written_at=now, used_at=now)
        await rota.keep_contact(db, municipality, it)


async def use(engine: Engine, municipality: str, party: str, now: datetime) -> None:
    """It was of use today: its time begins anew."""
    async with engine.store.write() as db:
        await rota.use_contact(db, municipality, party, now)


async def forget(engine: Engine, municipality: str, party: str) -> None:
    async with engine.store.write() as db:
        await rota.forget_contact(db, municipality, party)
