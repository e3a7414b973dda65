"""Looking for a word everywhere: every column of every table, every file of the data folder, byte for byte."""

import json
from pathlib import Path

from sqlalchemy import select

from trygghetsvandring.storage.tables import metadata
from trygghetsvandring.storage.unit import Store


async def tables_with(store: Store, words: str) -> list[str]:
    """`table.column` of every row that holds the word, as it stands or as JSON writes it."""
    forms = {words.lower(), json.dumps(words).strip('"').lower()}
    found = []
    async with store.read() as db:
        for table in metadata.sorted_tables:
            for row in await db.execute(select(table)):
                found += [
                    f"{table.name}.{name}"
                    for name, value in row._mapping.items()
                    if value is not None and any(form in str(value).lower() for form in forms)
                ]
    return sorted(found)


def files_with(folder: Path, *needles: bytes) -> list[str]:
    """Every file below the folder, the database's own among them."""
    return sorted(
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and any(needle in file.read_bytes() for needle in needles)
    )
