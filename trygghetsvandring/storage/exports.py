"""Everything about one municipality, table by table, for whoever leaves or has to hand it over."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.storage.pushes import pushes
from trygghetsvandring.storage.tables import metadata, municipalities, operations, sessions
from trygghetsvandring.storage.unit import Db

_SECRETS = {"token_hash", "password_hash", "code_hash", "secret_hash", "sealed_key"}
# By which a browser is woken.
_OF_BROWSERS = {"endpoint", "endpoint_hash", "browser_key", "browser_secret"}


# Columns of JSON text: entities, operations as they came, answers, jobs. Digests lie in them too.
_WRITTEN = {"doc", "wire", "answer", "state", "body", "actor"}


async def tables(db: Db, municipality: str) -> AsyncIterator[tuple[str, list[dict[str, object]]]]:
    """(table's name, its rows) with secrets left out. Of when an answer to a survey came, only the day leaves.

    Its operation says nothing but that it came, and the operation's id tells the moment: neither leaves.
    """
    for table in metadata.sorted_tables:
        whose = table.c.id if table is municipalities else table.c.get("municipality")
        if whose is None or table is sessions:
            continue
        secret = _SECRETS | _OF_BROWSERS if table is pushes else _SECRETS
        columns = [column for column in table.c if column.name not in secret]
        question = select(*columns).where(whose == municipality).order_by(*table.primary_key)
        if table is operations:
            question = question.where(table.c.type != "survey.answer")
        rows = (_by_day(table.name, dict(row._mapping)) for row in await db.execute(question))
        yield table.name, [{name: _told(name, value) for name, value in row.items()} for row in rows]


def _by_day(table: str, row: Mapping[str, object]) -> Mapping[str, object]:
    if table != "survey_answers" and (table, row.get("kind")) != ("versions", "survey_answer"):
        return row
    days = {name: value.astimezone(STOCKHOLM).date() for name, value in row.items() if isinstance(value, datetime)}
    return {name: value for name, value in row.items() if name != "operation"} | days


def _told(name: str, value: object) -> object:
    if name in _WRITTEN and isinstance(value, str) and any(secret in value for secret in _SECRETS):
        return _without_secrets(value)
    return _plain(value)


def _without_secrets(text: str) -> str:
    """The same JSON with its digests gone; what is no JSON stays as it came, for no server wrote it."""
    try:
        return json.dumps(_kept(json.loads(text)), ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return text


def _kept(value: object) -> object:
    if isinstance(value, dict):
        return {name: _kept(inner) for name, inner in value.items() if name not in _SECRETS}
    return [_kept(inner) for inner in value] if isinstance(value, list) else value


def _plain(value: object) -> object:
    if isinstance(value, UUID | datetime | date):
        return value.isoformat() if not isinstance(value, UUID) else str(value)
    return b64encode(value).decode() if isinstance(value, bytes) else value
