"""Saved filters: a way of looking at the work list that somebody wants back, named by them.

    Refused
    └── FilterNotYours    it is somebody else's, or a unit's that its head looks after

The query is the work list's own address after the question mark: words of ours, never a text about somebody.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from trygghetsvandring.domain.errors import Malformed, Refused, TextTooLong
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.tasks import internal_safe

# What the work list's address may say; `vy` is how it is shown.
PARTS = ("vy", "status", "enhet", "typ", "omrade", "strak", "plats", "bradska", "vandring", "nar", "mina", "q")
LONGEST_NAME = 60
LONGEST_QUERY = 500
MOST = 30


class FilterNotYours(Refused):
    code = "filter_not_yours"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """`organisation`: shared with that unit. `first`: opens when they open the work list. `gone`: put away."""

    id: UUID
    version: int
    user: UUID
    organisation: str | None
    name: str
    query: str
    first: bool
    gone: bool = False


def save(
    before: SavedFilter | None, *, id: UUID, name: str, query: str, first: bool, shared: bool, by: Principal
) -> SavedFilter:
    user = _owner(before, by)
    if not name.strip():
        raise Malformed(field="name")
    if len(name) > LONGEST_NAME:
        raise TextTooLong(field="name", longest=LONGEST_NAME)
    if shared and not _may_share(by):
        raise FilterNotYours(role=by.role.value)
    return SavedFilter(
        id=id,
        version=before.version if before else 0,
        user=user,
        organisation=by.organisation if shared else None,
        name=internal_safe(name),
        query=clean(query),
        first=first,
    )


def forget(before: SavedFilter, *, by: Principal) -> SavedFilter:
    _owner(before, by)
    return SavedFilter(
        id=before.id,
        version=before.version,
        user=before.user,
        organisation=before.organisation,
        name="",
        query="",
        first=False,
        gone=True,
    )


def clean(query: str) -> str:
    """Only what the work list knows, in its own order; what is searched for by words may not name anybody."""
    if len(query) > LONGEST_QUERY:
        raise TextTooLong(field="query", longest=LONGEST_QUERY)
    given = dict(parse_qsl(query.lstrip("?")))
    if given.keys() - set(PARTS):
        raise Malformed(field="query")
    for part in ("q", "plats"):
        internal_safe(given.get(part, ""))
    return urlencode({part: given[part] for part in PARTS if given.get(part)})


def _owner(before: SavedFilter | None, by: Principal) -> UUID:
    if by.user is None:
        raise FilterNotYours(role=by.role.value)
    if before is None or before.user == by.user:
        return by.user
    if before.organisation is None or before.organisation != by.organisation or not _may_share(by):
        raise FilterNotYours(role=by.role.value)
    return before.user


def _may_share(by: Principal) -> bool:
    return by.organisation is not None and by.role in {Role.DEPARTMENT_HEAD, Role.COORDINATOR}
