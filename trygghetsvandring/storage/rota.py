"""The rota's evenings, links and attestations, and beside them whom each party is reached by."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select, update

from trygghetsvandring.domain.attestations import Attestation
from trygghetsvandring.domain.presence import Pass, PresenceEntry
from trygghetsvandring.domain.rota import RotaEvening
from trygghetsvandring.domain.rota_links import RotaContact, RotaLink
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.storage import presence
from trygghetsvandring.storage.feedback import overwrite
from trygghetsvandring.storage.records import decode, found, insert_into, register
from trygghetsvandring.storage.rota_tables import attestations, rota_contacts, rota_evenings, rota_links
from trygghetsvandring.storage.unit import Db

register(RotaEvening, "rota_evening", rota_evenings, lambda it: {"starts_at": it.starts_at})
register(RotaLink, "rota_link", rota_links, lambda it: {"party": it.party, "secret_hash": it.secret_hash})
register(Attestation, "attestation", attestations, lambda it: {"party": it.party})
_CONTACT = [rota_contacts.c[name] for name in RotaContact.__dataclass_fields__]


async def evenings(db: Db, municipality: str, first: date, last: date) -> list[RotaEvening]:
    """By the evening each belongs to, both days included; the first to begin first."""
    c = rota_evenings.c
    begins = datetime.combine(first, time(6), STOCKHOLM)
    over = datetime.combine(last + timedelta(days=1), time(6), STOCKHOLM)
    asked = select(c.doc).where(c.municipality == municipality, c.starts_at >= begins, c.starts_at < over)
    return await found(db, RotaEvening, asked.order_by(c.starts_at, c.id))


async def to_come(db: Db, municipality: str, now: datetime) -> list[RotaEvening]:
    """Everything that has not begun."""
    c = rota_evenings.c
    asked = select(c.doc).where(c.municipality == municipality, c.starts_at > now)
    return await found(db, RotaEvening, asked.order_by(c.starts_at, c.id))


async def links(db: Db, municipality: str) -> list[RotaLink]:
    """Latest first."""
    c = rota_links.c
    kept = await found(db, RotaLink, select(c.doc).where(c.municipality == municipality))
    return sorted(kept, key=lambda link: (link.made_at, link.id), reverse=True)


async def by_secret(db: Db, secret_hash: str) -> tuple[str, RotaLink] | None:
    """(municipality, link); shut and ended ones too."""
    c = rota_links.c
    row = (await db.execute(select(c.municipality, c.doc).where(c.secret_hash == secret_hash))).first()
    return None if row is None else (row.municipality, decode(RotaLink, row.doc))


async def attested(db: Db, municipality: str, party: str) -> list[Attestation]:
    """Latest first."""
    c = attestations.c
    kept = await found(db, Attestation, select(c.doc).where(c.municipality == municipality, c.party == party))
    return sorted(kept, key=lambda it: (it.signed_at, it.id), reverse=True)


async def logged(
    db: Db, municipality: str, party: str, first: date, last: date
) -> list[tuple[Pass, list[PresenceEntry]]]:
    """An association's own passes: for its attestation and for nothing else."""
    return await presence.log_of(db, municipality, party, first, last)


# ---------------------------------------------------------------- whom a party is reached by


async def contacts(db: Db, municipality: str) -> dict[str, RotaContact]:
    """By party."""
    rows = await db.execute(select(*_CONTACT).where(rota_contacts.c.municipality == municipality))
    return {row.party: RotaContact(**row._mapping) for row in rows}


async def keep_contact(db: Db, municipality: str, it: RotaContact) -> None:
    await overwrite(db)
    row = {name: getattr(it, name) for name in RotaContact.__dataclass_fields__}
    statement = insert_into(db, rota_contacts).values(municipality=municipality, **row)
    await db.execute(
        statement.on_conflict_do_update(index_elements=[rota_contacts.c.municipality, rota_contacts.c.party], set_=row)
    )


async def use_contact(db: Db, municipality: str, party: str, at: datetime) -> None:
    c = rota_contacts.c
    mine = (c.municipality == municipality, c.party == party, c.used_at < at)
    await db.execute(update(rota_contacts).where(*mine).values(used_at=at))


async def forget_contact(db: Db, municipality: str, party: str) -> None:
    await overwrite(db)
    c = rota_contacts.c
    await db.execute(delete(rota_contacts).where(c.municipality == municipality, c.party == party))


async def forget_unused(db: Db, municipality: str, before: datetime) -> None:
    await overwrite(db)
    c = rota_contacts.c
    await db.execute(delete(rota_contacts).where(c.municipality == municipality, c.used_at < before))
