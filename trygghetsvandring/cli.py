"""`trygg`: the command line."""

import asyncio
import contextlib
import functools
import json
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, cast

import click
import uvicorn

from trygghetsvandring import asgi
from trygghetsvandring.config import Settings, from_environment
from trygghetsvandring.demo import seed
from trygghetsvandring.domain import guard as guarding
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Duty, Municipality
from trygghetsvandring.domain.people import Role
from trygghetsvandring.jobs import by_hand
from trygghetsvandring.jobs.inspection import inspect_command
from trygghetsvandring.storage import changes, exports, migrate, municipalities, people
from trygghetsvandring.storage.buckets import StoreAway
from trygghetsvandring.storage.disk import Disk
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.unit import Db, Store
from trygghetsvandring.sync import restoring
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.sync.erasing import Hands
from trygghetsvandring.sync.municipalities import MunicipalityBroken, settle
from trygghetsvandring.web.sessions import hash_password

P = ParamSpec("P")


def _runs(work: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """A command that waits for what it asks, as click calls it."""

    @functools.wraps(work)
    def run(*words: P.args, **options: P.kwargs) -> None:
        asyncio.run(work(*words, **options))

    return run


@contextlib.asynccontextmanager
async def _opened() -> AsyncIterator[Store]:
    """The database in its newest form, also when this is the first command of a new installation."""
    store = Store(from_environment().database_url)
    await migrate.upgrade(store.url)
    try:
        yield store
    finally:
        await store.close()


@contextlib.asynccontextmanager
async def _hands() -> AsyncIterator[Hands]:
    """The database, and photos wherever they are stored."""
    it = from_environment()
    async with _opened() as store:
        try:
            yield asgi.hands_of(store, Disk(it.data_dir), it)
        except StoreAway as away:
            why = away.facts.get("why", "")
            raise click.ClickException(f"store_away: Fotonas lagring svarar inte. {why}") from None


async def _known(db: Db, id: str) -> Municipality:
    place = await municipalities.municipality(db, id)
    if place is None:
        raise click.ClickException(f"Det finns ingen kommun som heter {id}.")
    return place


@click.group()
def main() -> None:
    """Trygghetsvandring: trygghetsvandringar som aldrig tappas bort och alltid får svar."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adress att lyssna på.")
@click.option("--port", default=8300, show_default=True, help="Port att lyssna på.")
@click.option("--demo", is_flag=True, help="Ladda Lidköping som demo vid första starten. Demolösenord gäller bara då.")
@click.option("--walked", is_flag=True, help="Ladda också en vandring som har varit, med fynd och åtgärder.")
@click.option("--tls-cert", type=click.Path(exists=True), help="Certifikat, så att telefoner får kamera och plats.")
@click.option("--tls-key", type=click.Path(exists=True), help="Certifikatets nyckel.")
@click.option("--no-jobs", is_flag=True, help="Låt en annan process sköta jobben (trygg jobs).")
def serve(
    host: str, port: int, demo: bool, walked: bool, tls_cert: str | None, tls_key: str | None, no_jobs: bool
) -> None:
    """Starta servern. Databasen migreras först."""
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("Ange både --tls-cert och --tls-key.")
    address = f"{'https' if tls_cert else 'http'}://{host}:{port}"
    settings = from_environment(demo=demo, public_url=address)
    asyncio.run(_prepare(settings, walked=walked))
    _greet(settings, address)
    config = uvicorn.Config(
        asgi.create(settings, work=not no_jobs),
        host=host,
        port=port,
        ssl_certfile=tls_cert,
        ssl_keyfile=tls_key,
        log_level="warning",
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=5,
    )
    with contextlib.suppress(KeyboardInterrupt):
        asgi.Server(config).run()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # one more while the interpreter tidies up


async def _prepare(settings: Settings, *, walked: bool = False) -> None:
    await asgi.prepare(settings, datetime.now(UTC))
    if not settings.demo:
        return
    async with _opened() as store:
        engine, now = Engine(store, key=settings.key), datetime.now(UTC)
        if await seed.load(engine, hash_password(seed.PASSWORD), now, walked=walked):
            click.echo("Demon är laddad: Lidköping, sju personer och kvällens vandring.")


def _greet(settings: Settings, address: str) -> None:
    click.echo(f"\nTrygghetsvandring: {address}/")
    click.echo(f"Kontoret:          {address}/desk/")
    click.echo(f"Närvarologgen:     {address}/falt/")
    if settings.smtp_url is None:
        click.echo(f"E-post skrivs som filer i {settings.mail_folder}")
    if settings.demo:
        click.echo("\nLogga in som:")
        for persona in seed.PERSONAS:
            click.echo(f"  {persona.login:<26} {seed.PASSWORD}   {persona.name}: {persona.can}")
    click.echo("\nAvsluta med Ctrl+C.")
    sys.stdout.flush()


@main.command(name="migrate")
@click.option("--revision", default="head", show_default=True, help="Vilken form. Den nyaste heter head.")
def migrate_command(revision: str) -> None:
    """För databasens tabeller till den nyaste formen."""
    asyncio.run(asgi.prepare(from_environment(), datetime.now(UTC), revision))
    click.echo("Databasen är klar.")


@main.command()
@_runs
async def restored() -> None:
    """Efter en återställning: telefonerna läser om allt, och det som var borttaget tas bort igen."""
    async with _hands() as hands:
        click.echo(await restoring.restored(hands, datetime.now(UTC)))


@main.command()
def demo() -> None:
    """Ladda Lidköpings demo i en tom databas. En andra gång ändrar ingenting."""
    asyncio.run(_prepare(from_environment(demo=True)))


@main.group()
def municipality() -> None:
    """Kommuner i den här installationen."""


@municipality.command(name="add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False, metavar="[FIL]")
@click.option("--id", "id_", help="Kort namn, till exempel skara.")
@click.option("--name", help="Kommunens namn.")
@click.option("--prefix", help="Bokstäver före kvittonumret, till exempel SK.")
@click.option("--duty-phone", help="Jourens nummer. Visas i appen när någon är i fara.")
@click.option("--duty-hours", help="När jouren svarar, till exempel: dygnet runt.")
@click.option("--duty-mail", help="Dit brevet om en fara går.")
def municipality_add(file: Path | None, **given: str | None) -> None:
    """Lägg till eller ändra en kommun, från en JSON-fil eller som en ny kommun med en vanlig början.

    Utan FIL: ange --id, --name, --prefix och jouren. Platser, enheter och texter ändrar du sedan i filen som
    `trygg municipality show` ger.
    """
    asyncio.run(
        _settle(_well_named(_read_municipality(file) if file else _new_municipality(given)), is_new=file is None)
    )


def _new_municipality(given: dict[str, str | None]) -> Municipality:
    said = {name: value for name, value in given.items() if value}
    if len(said) < len(given):
        raise click.UsageError("Ange en fil, eller --id, --name, --prefix, --duty-phone, --duty-hours och --duty-mail.")
    duty = Duty(phone=said["duty_phone"], hours=said["duty_hours"], mail=said["duty_mail"])
    return seed.blank(said["id_"], said["name"], said["prefix"], duty)


def _well_named(place: Municipality) -> Municipality:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", place.id):
        raise click.ClickException("Kommunens id skrivs med små bokstäver a-z, siffror och bindestreck, högst 40.")
    if not re.fullmatch(r"[A-ZÅÄÖ]{2,4}", place.prefix):  # one letter is a series of the house's own: Å-31 is a task
        raise click.ClickException("Bokstäverna före kvittonumret är två till fyra versaler, till exempel SK.")
    if not place.name.strip() or len(place.name) > 120:
        raise click.ClickException("Kommunens namn har 1 till 120 tecken.")
    return place


def _read_municipality(file: Path) -> Municipality:
    try:
        return seed.read(file.read_bytes())
    except ValueError as error:
        raise click.ClickException(f"Filen går inte att läsa som en kommuns inställningar: {error}") from None


async def _settle(place: Municipality, *, is_new: bool) -> None:
    async with _opened() as store:
        async with store.read() as db:
            if is_new and await municipalities.municipality(db, place.id) is not None:
                raise click.ClickException(f"{place.id} finns redan. Ändra den med en fil från: municipality show")
        try:
            await settle(store, place)
        except MunicipalityBroken as error:
            faults = "\n  ".join(cast("list[str]", error.facts["broken"]))
            raise click.ClickException(f"{place.name} går inte att använda än:\n  {faults}") from None
    click.echo(f"{place.name} finns nu. Lägg till användare med: trygg users add --municipality {place.id} …")


@municipality.command(name="show")
@click.argument("id_", metavar="ID")
@_runs
async def municipality_show(id_: str) -> None:
    """Skriv ut kommunens inställningar som JSON."""
    async with _opened() as store, store.read() as db:
        click.echo(seed.written(await _known(db, id_)))


@municipality.command(name="list")
@_runs
async def municipality_list() -> None:
    """Visa kommunerna, och hur ofta en telefon inte hade det den skulle ha."""
    async with _opened() as store, store.read() as db:
        differed = await changes.differences(db)
        for id in await municipalities.all_ids(db):
            click.echo(f"{id:<40} {(await _known(db, id)).name:<30} {differed.get(id, 0)} telefoner skilde sig")


_ROLES = [role.value for role in Role if role not in (Role.WALKER, Role.SYSTEM)]
_ASKED = "Frågas efter om du utelämnar det."


def _must_be_a_password(password: str) -> None:
    if len(password) < 12:
        raise click.ClickException("Lösenordet behöver minst 12 tecken.")
    if password == seed.PASSWORD:
        raise click.ClickException("Demolösenordet gäller bara i demon. Välj ett annat.")


@main.group()
def users() -> None:
    """De som loggar in på kontoret."""


@users.command(name="add")
@click.option("--municipality", "municipality_", required=True, help="Kommunens korta namn.")
@click.option("--login", required=True, help="Till exempel samordnare@skara.")
@click.option("--function", "function_", required=True, help='Funktion, inte namn: "Handläggare, Gata och park".')
@click.option("--role", type=click.Choice(_ROLES), required=True, help="Vad användaren får göra.")
@click.option("--organisation", required=True, help="Enhetens id i kommunens inställningar.")
@click.password_option(prompt="Lösenord", confirmation_prompt="Lösenord igen", help=_ASKED)
@_runs
async def users_add(
    municipality_: str, login: str, function_: str, role: str, organisation: str, password: str
) -> None:
    """Lägg till en användare."""
    login = login.strip().lower()
    if not login or max(len(login), len(function_)) > 120:
        raise click.ClickException("Inloggningsnamnet och funktionen har 1 till 120 tecken.")
    _must_be_a_password(password)
    async with _opened() as store, store.write() as db:
        place = await _known(db, municipality_)
        if place.organisation(organisation) is None:
            known = ", ".join(it.id for it in place.departments)
            raise click.ClickException(f"Enheten {organisation} finns inte. Det här finns: {known}")
        if await people.by_login(db, login) is not None:
            raise click.ClickException(f"{login} finns redan.")
        user = User(
            municipality=place.id,
            id=uuid7(),
            login=login,
            function=function_,
            role=role,
            organisation=organisation,
            password_hash=hash_password(password),
            demo=False,
            disabled_at=None,
        )
        await people.add_user(db, user)
    click.echo(f"{login} kan logga in.")


@users.command(name="list")
@_runs
async def users_list() -> None:
    """Visa användarna."""
    async with _opened() as store, store.read() as db:
        for user in await people.listed(db):
            ended = "  avslutad" if user.disabled_at else ""
            click.echo(f"{user.municipality:<14} {user.login:<28} {user.role:<16} {user.function}{ended}")


@users.command(name="password")
@click.argument("login")
@click.password_option(prompt="Nytt lösenord", confirmation_prompt="Nytt lösenord igen", help=_ASKED)
@_runs
async def users_password(login: str, password: str) -> None:
    """Ge en användare ett nytt lösenord. De som är inloggade med det gamla loggas ut."""
    _must_be_a_password(password)
    async with _opened() as store, store.write() as db:
        if not await people.set_password(db, login.strip().lower(), hash_password(password)):
            raise click.ClickException(f"{login} finns inte.")
    click.echo(f"{login} har ett nytt lösenord.")


@users.command(name="disable")
@click.argument("login")
@_runs
async def users_disable(login: str) -> None:
    """Avsluta en användare nu. Sessionerna slutar gälla genast."""
    async with _opened() as store, store.write() as db:
        if not await people.disable(db, login.strip().lower(), datetime.now(UTC)):
            raise click.ClickException(f"{login} finns inte.")
    click.echo(f"{login} kan inte längre logga in.")


@main.command()
@click.option("--municipality", "municipality_", required=True, help="Kommunens korta namn.")
@click.argument("out", metavar="MAPP", type=click.Path(file_okay=False, path_type=Path))
@_runs
async def export(municipality_: str, out: Path) -> None:
    """Skriv ut allt om en kommun som JSON-rader, en fil per tabell. Går att läsa utan programmet."""
    async with _opened() as store, store.read() as db:
        await _known(db, municipality_)
        await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
        async for name, rows in exports.tables(db, municipality_):
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            await asyncio.to_thread((out / f"{name}.jsonl").write_text, text, encoding="utf-8")
            click.echo(f"{name}: {len(rows)} rader")


@main.command()
def jobs() -> None:
    """Sköt jobben i en egen process: brev och fotokopior. Flera får köra samtidigt."""
    settings = from_environment()
    asyncio.run(asgi.prove(settings))
    click.echo("Sköter jobben. Avsluta med Ctrl+C.")
    with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
        asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    app = asgi.create(settings, work=False)
    working = asyncio.ensure_future(app.state.runner.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    async with app.router.lifespan_context(app):
        await working


@main.group()
def photos() -> None:
    """Foton som har kommit in."""


photos.add_command(inspect_command)


for command in by_hand.commands(_hands):
    photos.add_command(command)


@main.command()
@click.option("--jsonl", is_flag=True, help='Läs rader {"id","text"} och skriv {"id","spans","verdict"}.')
@click.argument("source", required=False, metavar="[TEXT]")
def guard(jsonl: bool, source: str | None) -> None:
    """Leta efter personuppgifter i text. TEXT är en text, eller med --jsonl en fil (annars standard in)."""
    if jsonl:
        try:
            with click.open_file(source or "-", encoding="utf-8", errors="replace") as lines:
                for line in guarding.run_jsonl(lines):
                    click.echo(line)
        except OSError:
            raise click.ClickException(f"Det går inte att läsa {source}.") from None
        return
    asked = {"id": "text", "text": source if source is not None else sys.stdin.read()}
    click.echo(next(guarding.run_jsonl([json.dumps(asked)])))


if __name__ == "__main__":
    main()
