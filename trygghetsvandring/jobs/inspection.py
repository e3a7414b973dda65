"""`trygg photos inspect`: what would become of files if they were handed in, one line of JSON each. Nothing is kept."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from trygghetsvandring.imaging.decoder import DecoderGone
from trygghetsvandring.imaging.inspection import Inspected, inspect
from trygghetsvandring.imaging.intake import MOST_BYTES


@click.command(name="inspect")
@click.argument("files", nargs=-1, required=True, metavar="FIL…", type=click.Path(path_type=Path))
def inspect_command(files: tuple[Path, ...]) -> None:
    """Pröva filer som om de lämnades in som foton. En rad JSON per fil. Ingenting sparas."""
    sys.exit(0 if asyncio.run(_inspected(files)) else 1)


async def _inspected(files: tuple[Path, ...]) -> bool:
    """False when nothing was decided about some file: it could not be read, or the machine had no room for it."""
    is_whole = True
    for file in files:
        started = time.perf_counter()
        try:
            content = await asyncio.to_thread(_read, file)
        except OSError:
            is_whole = False
            click.echo(f"Det går inte att läsa {file}.", err=True)
            continue
        try:
            it = await inspect(content)
        except (DecoderGone, OSError):  # the machine's fault, so it says nothing about the file
            is_whole = False
            click.echo(f"Det gick inte att pröva {file} just nu. Försök igen.", err=True)
            continue
        click.echo(json.dumps(_line(file, it, started), ensure_ascii=False))
    return is_whole


def _line(file: Path, it: Inspected, started: float) -> dict[str, Any]:
    """`ms` is from the first byte read to the decision; for `peak_mb` see `imaging.inspection`."""
    ms = round((time.perf_counter() - started) * 1000)
    return {"file": str(file), **it.as_json(), "ms": ms, "peak_mb": it.peak_mb}


def _read(file: Path) -> bytes:
    """No more than what says that it is too much."""
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)
