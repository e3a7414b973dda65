"""Municipalities and their settings.

Nearly every request asks for them and they are seldom changed, so a process keeps the words it has read, by their
digest, and is sent none that it has.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache

import msgspec
from sqlalchemy import Text, bindparam, case, null, select, update

from trygghetsvandring.domain.correspondence import Correspondence, applied
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.storage.letter_tables import correspondence
from trygghetsvandring.storage.records import encode, insert_into
from trygghetsvandring.storage.tables import municipalities
from trygghetsvandring.storage.unit import Db

_MOST_KEPT = 32
_decoder = msgspec.json.Decoder(Municipality)
_changed = msgspec.json.Decoder(Correspondence)


class Words:
    """What this process has read, as it was when a question was asked: what is let go of meanwhile is still in here."""

    _read: Mapping[str, str] = {}  # documents by digest; replaced, never changed

    def __init__(self) -> None:
        self._mine = Words._read
        self.known = {"known": " ".join(self._mine)}

    def settings(self, digest: str | None, doc: str | None, changed: str | None) -> Municipality:
        """`doc` None: it is one of ours."""
        if doc is None:
            assert digest is not None
            doc = self._mine[digest]
        elif digest is not None:
            Words._read = dict([*Words._read.items(), (digest, doc)][-_MOST_KEPT:])
        return _decoded(doc, changed)


_is_known = bindparam("known", type_=Text).contains(municipalities.c.digest)
SETTINGS = (municipalities.c.digest, case((_is_known, null()), else_=municipalities.c.doc))
"""What `Words.settings` is told first: the digest, and the document unless `Words.known` names its digest."""


_ONE = (
    select(*SETTINGS, correspondence.c.doc)
    .outerjoin(correspondence, correspondence.c.municipality == municipalities.c.id)
    .where(municipalities.c.id == bindparam("wanted"))
)


async def municipality(db: Db, id: str) -> Municipality | None:
    """With what has been changed at the desk."""
    words = Words()
    row = (await db.execute(_ONE, {"wanted": id, **words.known})).one_or_none()
    return None if row is None else words.settings(*row)


@lru_cache(_MOST_KEPT)
def _decoded(doc: str, changed: str | None) -> Municipality:
    """The same words are read once. Frozen: safe to share."""
    return applied(_decoder.decode(doc), None if changed is None else _changed.decode(changed))


async def all_ids(db: Db) -> list[str]:
    return list((await db.execute(select(municipalities.c.id).order_by(municipalities.c.id))).scalars())


async def keep(db: Db, it: Municipality) -> None:
    doc = encode(it)
    values = {"id": it.id, "name": it.name, "version": it.version, "doc": doc, "digest": _digest(doc)}
    statement = insert_into(db, municipalities).values(values)
    await db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


async def sum_up(db: Db) -> None:
    """Every digest is of its own document, whoever wrote it: an earlier version of ours writes only the document."""
    c = municipalities.c
    for row in (await db.execute(select(c.id, c.doc, c.digest))).all():
        if row.digest != _digest(row.doc):
            await db.execute(update(municipalities).where(c.id == row.id).values(digest=_digest(row.doc)))


def _digest(doc: str) -> str:
    """No spaces in it, nor anything that LIKE reads."""
    return hashlib.sha256(doc.encode()).hexdigest()[:32]
