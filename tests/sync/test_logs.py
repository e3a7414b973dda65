"""A fault is logged so that it can be found, and without a word of what anybody wrote."""

from typing import Any

import pytest

from tests import makers
from tests.makers import Evening
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import operations

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

SECRET_WORDS = "Kalle bor i det gula huset"


@pytest.mark.parametrize("fault", ["ours", "the database's"])
async def test_a_fault_is_logged_without_what_was_written(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    phone = await evening.phone()

    async def stumble(*_: Any) -> None:
        raise LookupError("a fault of ours")

    async def no_table(db: Any, *_: Any) -> None:
        await db.exec_driver_sql("INSERT INTO nowhere VALUES (?)", (SECRET_WORDS,))

    if fault == "ours":
        monkeypatch.setattr(feed, "append", stumble)
    else:
        monkeypatch.setattr(operations, "log", no_table)
    answer = await phone.post(phone.batch(phone.observation(text=SECRET_WORDS)))

    logged = "".join(capsys.readouterr())
    # SQLite calls a missing table the same as a locked one: busy, try again.
    assert answer.status_code in (500, 503)
    assert "server_fault" in logged or "database_unavailable" in logged
    assert SECRET_WORDS not in logged
    assert phone.token not in logged
