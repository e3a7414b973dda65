"""`trygg photos export` and `trygg photos check`: photos out of the house, and proved where they are."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

import click

from trygghetsvandring.jobs import photos, proving
from trygghetsvandring.jobs.proving import Fault, Stray
from trygghetsvandring.storage import municipalities
from trygghetsvandring.sync.erasing import Hands

_FOLDER = click.Path(file_okay=False, path_type=Path)
Opened = Callable[[], AbstractAsyncContextManager[Hands]]


def commands(opened: Opened) -> list[click.Command]:
    """`opened` gives the database, and photos wherever they are stored."""

    @click.command(name="export")
    @click.option("--municipality", required=True, help="Kommunens korta namn.")
    @click.option("--out", type=_FOLDER, required=True, help="Mapp att skriva till.")
    def export(municipality: str, out: Path) -> None:
        """Skriv alla foton till en mapp. Varje fil säger själv när och var fotot togs och vad det gäller."""
        if asyncio.run(_exported(opened, municipality, out)):
            raise SystemExit(1)

    @click.command(name="check")
    @click.option("--municipality", help="Kommunens korta namn. Utan det prövas alla.")
    def check(municipality: str | None) -> None:
        """Läs alla foton och jämför med databasen. Det skadade nämns. Kopior som inget hör till tas bort."""
        if asyncio.run(_checked(opened, municipality)):
            raise SystemExit(1)

    return [export, check]


async def _exported(opened: Opened, municipality: str, out: Path) -> int:
    """How many were not there."""
    written, gone = 0, 0
    async with opened() as hands:
        await _must_be(hands, municipality)
        async for it in photos.export(hands.store, hands.blobs, municipality, out):
            if not isinstance(it, Path):
                gone += 1
                click.echo(f"Fotot {it} saknas.", err=True)
                continue
            written += 1
            if written % 100 == 0:
                click.echo(f"{written} foton …")
    click.echo(f"{written} foton skrivna till {out}")
    return gone


async def _checked(opened: Opened, municipality: str | None) -> int:
    """How many faults there were."""
    lost = 0
    async with opened() as hands:
        if municipality is not None:
            await _must_be(hands, municipality)
        async for it in proving.check(hands, municipality, datetime.now(UTC)):
            lost += isinstance(it, Fault)
            click.echo(_told(it), err=isinstance(it, Fault))
    click.echo(f"{lost} fel." if lost else "Alla foton är hela.")
    return lost


async def _must_be(hands: Hands, municipality: str) -> None:
    async with hands.store.read() as db:
        if await municipalities.municipality(db, municipality) is None:
            raise click.ClickException(f"Det finns ingen kommun som heter {municipality}.")


def _told(it: Fault | Stray) -> str:
    if isinstance(it, Fault):
        return f"{'Saknas' if it.what == 'missing' else 'Ändrad'}: {it.key}"
    return f"{'Borttagen kopia' if it.is_removed else 'Okänt foto, rörs inte'}: {it.key}"
