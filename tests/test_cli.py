"""The command line: a new installation from nothing to a planned walk, and every refusal on the way."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from click.testing import CliRunner, Result

from trygghetsvandring import cli
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.storage import exports

Run = Callable[..., Result]
PASSWORD = "en lykta vid ån"
SKARA = ("--id", "skara", "--name", "Skara", "--prefix", "SK")
DUTY = ("--duty-phone", "0511-000 00", "--duty-hours", "dygnet runt", "--duty-mail", "jour@skara.example")
SECRETS = ("token_hash", "password_hash", "code_hash", "secret_hash", "argon2")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("TRYGG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRYGG_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def trygg(folder: Path) -> Run:
    def run(*words: str, input: str | None = None) -> Result:
        return CliRunner().invoke(cli.main, words, input=input)

    return run


def said(result: Result) -> str:
    """What a command that went well printed."""
    assert result.exit_code == 0, result.output
    return result.output


def refused(result: Result) -> str:
    """What a command that refused printed: words, never a traceback."""
    assert result.exit_code in {1, 2} and isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.output


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*before, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))


def tables(folder: Path) -> dict[str, list[Any]]:
    """Every row there is, by table."""
    with closing(sqlite3.connect(folder / "trygg.sqlite")) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("words", [name for name, _ in commands(cli.main)], ids=" ".join)
def test_every_command_and_every_option_says_in_swedish_what_it_is_for(trygg: Run, words: tuple[str, ...]) -> None:
    command = dict(commands(cli.main))[words]
    told = [command.help or "", *(it.help or "" for it in command.params if isinstance(it, click.Option))]

    assert all(told), [it.name for it in command.params if isinstance(it, click.Option) and not it.help]
    assert not re.search(r"\b(the|and|of|to|with|file|add|show)\b", re.sub(r"`[^`]*`", "", " ".join(told)).lower())
    assert told[0].split(".")[0][:20] in said(trygg(*words, "--help"))


# ---------------------------------------------------------------- a database


def test_migrating_twice_changes_nothing(trygg: Run, folder: Path) -> None:
    assert said(trygg("migrate")) == "Databasen är klar.\n"
    before = tables(folder)

    assert said(trygg("migrate")) == "Databasen är klar.\n"

    assert tables(folder) == before and before["meta"]


def test_the_demo_loaded_twice_is_the_demo_loaded_once(trygg: Run, folder: Path) -> None:
    assert "Demon är laddad" in said(trygg("demo"))
    before = tables(folder)

    assert said(trygg("demo")) == ""

    assert tables(folder) == before
    assert (len(before["users"]), len(before["walks"])) == (len(seed.PERSONAS), 1)


# ---------------------------------------------------------------- municipalities


def test_a_new_municipality_has_nothing_of_lidkopings_and_comes_back_as_it_was_written(
    trygg: Run, folder: Path, tmp_path: Path
) -> None:
    assert "Skara finns nu" in said(trygg("municipality", "add", *SKARA, *DUTY))

    shown = said(trygg("municipality", "show", "skara"))
    place = json.loads(shown)
    assert place["duty"] == {"phone": "0511-000 00", "hours": "dygnet runt", "mail": "jour@skara.example"}
    assert (place["places"], place["presence_release"], place["areas"]) == ([], None, ["Skara"])
    told = [place["privacy"], place["tell_on_url"], [it["name"] for it in place["departments"]]]
    assert not re.search("lidk", json.dumps(told, ensure_ascii=False), re.IGNORECASE)

    file = tmp_path / "skara.json"
    file.write_text(json.dumps(place | {"areas": ["Skara", "Axvall"]}), encoding="utf-8")
    said(trygg("municipality", "add", str(file)))
    assert json.loads(said(trygg("municipality", "show", "skara")))["areas"] == ["Skara", "Axvall"]
    assert said(trygg("municipality", "list")).split()[:3] == ["skara", "Skara", "0"]


def test_a_municipality_that_is_there_is_not_begun_again(trygg: Run, folder: Path) -> None:
    said(trygg("municipality", "add", *SKARA, *DUTY))
    before = said(trygg("municipality", "show", "skara"))

    again = refused(trygg("municipality", "add", "--id", "skara", "--name", "Annan", "--prefix", "AN", *DUTY))

    assert "finns redan" in again
    assert said(trygg("municipality", "show", "skara")) == before


@pytest.mark.parametrize("left_out", ["--id", "--name", "--prefix", "--duty-phone", "--duty-hours", "--duty-mail"])
def test_a_new_municipality_without_a_name_or_a_duty_is_refused(trygg: Run, folder: Path, left_out: str) -> None:
    words = [*SKARA, *DUTY]
    at = words.index(left_out)

    assert "Ange en fil" in refused(trygg("municipality", "add", *words[:at], *words[at + 2 :]))
    assert said(trygg("municipality", "list")) == ""


@pytest.mark.parametrize(
    ("option", "wrong"),
    [("--id", "Skara!"), ("--id", "a" * 41), ("--prefix", "Å"), ("--prefix", "SK-1"), ("--name", "a" * 121)],
)
def test_a_municipality_is_called_what_a_key_and_a_receipt_can_hold(trygg: Run, option: str, wrong: str) -> None:
    words = [*SKARA, *DUTY]
    words[words.index(option) + 1] = wrong

    refused(trygg("municipality", "add", *words))
    assert said(trygg("municipality", "list")) == ""


@pytest.mark.parametrize("written", [b"", b"{", b"[]", b'{"id": "skara"}', b"\xff\xfe"])
def test_a_file_that_is_no_municipality_is_refused_in_words(trygg: Run, tmp_path: Path, written: bytes) -> None:
    (tmp_path / "wrong.json").write_bytes(written)

    assert "Filen går inte att läsa" in refused(trygg("municipality", "add", str(tmp_path / "wrong.json")))


def test_a_file_whose_rules_do_not_hold_together_says_what_is_wrong(trygg: Run, tmp_path: Path) -> None:
    place = json.loads(seed.written(seed.lidkoping()))
    place["departments"] = [it for it in place["departments"] if it["id"] != "samordning"]
    (tmp_path / "broken.json").write_text(json.dumps(place))

    assert "no coordination" in refused(trygg("municipality", "add", str(tmp_path / "broken.json")))
    assert said(trygg("municipality", "list")) == ""


@pytest.mark.parametrize(
    "words",
    [
        ("municipality", "show", "ingen"),
        ("export", "--municipality", "ingen", "out"),
        ("photos", "export", "--municipality", "ingen", "--out", "out"),
    ],
    ids=" ".join,
)
def test_a_municipality_that_is_not_there_is_said_not_to_be(trygg: Run, words: tuple[str, ...]) -> None:
    assert "Det finns ingen kommun som heter ingen" in refused(trygg(*words))
    assert not Path("out").exists()


# ---------------------------------------------------------------- users


def a_user(**changes: str) -> list[str]:
    said = {
        "municipality": "skara",
        "login": "Samordnare@Skara.example",
        "function": "Trygghetssamordnare",
        "role": "coordinator",
        "organisation": "samordning",
        "password": PASSWORD,
    }
    return ["users", "add", *(word for name, it in (said | changes).items() for word in (f"--{name}", it))]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"municipality": "ingen"}, "Det finns ingen kommun"),
        ({"organisation": "ingen"}, "Det här finns: gata-park, "),
        ({"password": "elva tecken"}, "minst 12 tecken"),
        ({"password": seed.PASSWORD}, "Demolösenordet"),
        ({"role": "walker"}, "walker"),
        ({"role": "system"}, "system"),
        ({"login": "  "}, "1 till 120 tecken"),
        ({"function": "a" * 121}, "1 till 120 tecken"),
    ],
)
def test_a_user_who_cannot_be_is_refused(trygg: Run, wrong: dict[str, str], words: str) -> None:
    said(trygg("municipality", "add", *SKARA, *DUTY))

    assert words in refused(trygg(*a_user(**wrong)))
    assert said(trygg("users", "list")) == ""


def test_users_are_added_once_listed_without_passwords_and_ended(trygg: Run, folder: Path) -> None:
    said(trygg("municipality", "add", *SKARA, *DUTY))
    said(trygg(*a_user()))

    assert "finns redan" in refused(trygg(*a_user(login="samordnare@skara.EXAMPLE")))
    listed = said(trygg("users", "list"))
    assert "samordnare@skara.example" in listed and "avslutad" not in listed and "argon2" not in listed
    assert PASSWORD not in str(tables(folder))

    said(trygg("users", "disable", "Samordnare@skara.example"))
    assert "avslutad" in said(trygg("users", "list"))
    assert "finns inte" in refused(trygg("users", "disable", "ingen@skara"))


# ---------------------------------------------------------------- export


def test_an_export_has_every_table_no_secret_and_is_plain_json(trygg: Run, folder: Path, tmp_path: Path) -> None:
    said(trygg("demo"))
    out = tmp_path / "out"

    said(trygg("export", "--municipality", "lidkoping", str(out)))

    here = tables(folder)
    files = {file.stem: [json.loads(line) for line in file.read_text("utf-8").splitlines()] for file in out.iterdir()}
    assert files.keys() == here.keys() - {"sessions", "meta", "alembic_version"}
    assert {name: len(rows) for name, rows in files.items()} == {name: len(here[name]) for name in files}
    text = "".join(file.read_text("utf-8") for file in out.iterdir())
    assert [secret for secret in SECRETS if secret in text] == []
    assert json.loads(files["invites"][0]["doc"])["cap"] == 25
    assert json.loads(files["municipalities"][0]["doc"])["name"] == "Lidköping"
    assert "secret_hash" in str(here["invites"])  # there was something to leave out


def test_an_export_holds_one_municipality_only(trygg: Run, tmp_path: Path) -> None:
    said(trygg("demo"))
    said(trygg("municipality", "add", *SKARA, *DUTY))

    said(trygg("export", "--municipality", "skara", str(tmp_path / "out")))

    rows = {file.stem: file.read_text("utf-8").splitlines() for file in (tmp_path / "out").iterdir()}
    assert {name for name, lines in rows.items() if lines} == {"municipalities", "changes", "counters"}
    assert "samordnare@lidkoping" not in str(rows)


def test_text_that_is_no_json_is_exported_as_it_came() -> None:
    assert exports._told("wire", '{"token_hash": half') == '{"token_hash": half'


def test_photos_are_exported_also_when_there_are_none(trygg: Run, tmp_path: Path) -> None:
    said(trygg("demo"))

    assert "0 foton" in said(trygg("photos", "export", "--municipality", "lidkoping", "--out", str(tmp_path / "out")))


# ---------------------------------------------------------------- guard


def test_the_guard_reads_a_text_from_the_line_or_from_standard_in(trygg: Run) -> None:
    given, piped = said(trygg("guard", "Ring 850709-9805")), said(trygg("guard", input="Ring 850709-9805"))

    assert given == piped
    assert json.loads(given)["spans"] and json.loads(given)["id"] == "text"
    assert json.loads(said(trygg("guard", "Lampan är trasig")))["spans"] == []


def test_the_guard_answers_line_by_line_and_a_line_it_cannot_read_too(trygg: Run, tmp_path: Path) -> None:
    lines = ['{"id": 1, "text": "850709-9805"}', "{no json", "", "[]", '{"id": "b", "text": "Mörkt"}', '{"id": 3}']
    file = tmp_path / "texts.jsonl"
    file.write_bytes("\n".join(lines).encode() + b'\n{"id": 7, "text": "\xff"}')

    for result in (trygg("guard", "--jsonl", str(file)), trygg("guard", "--jsonl", input="\n".join(lines))):
        answers = [json.loads(line) for line in said(result).splitlines()]
        assert [it["id"] for it in answers][:5] == [1, None, None, "b", None]
        assert [it["line"] for it in answers if "error" in it] == [2, 4, 6]
        assert answers[0]["spans"] and not answers[3]["spans"]


def test_a_file_the_guard_cannot_find_is_said_to_be_missing(trygg: Run) -> None:
    assert "Det går inte att läsa" in refused(trygg("guard", "--jsonl", "/nowhere/texts.jsonl"))


# ---------------------------------------------------------------- serve


@contextmanager
def serving(*words: str) -> Iterator[httpx.Client]:
    """The server in a process of its own, on a free port, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "trygghetsvandring.cli", "serve", "--no-jobs", "--port", str(port), *words]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            for _ in range(200):
                try:
                    http.get("/healthz")
                    break
                except httpx.ConnectError:
                    assert server.poll() is None, server.communicate()[0]
                    time.sleep(0.1)
            yield http
    finally:
        server.terminate()
        server.communicate(timeout=20)


def test_served_without_the_demo_nobody_gets_in_with_a_demo_password(trygg: Run) -> None:
    said(trygg("demo"))

    with serving() as http:
        for persona in seed.PERSONAS:
            answer = http.post("/api/session", json={"login": persona.login, "password": seed.PASSWORD})
            assert (answer.status_code, answer.json()["code"]) == (401, "wrong_password")
        assert http.get("/api/start").status_code == 404


def test_a_new_and_empty_installation_signs_in_and_plans_a_walk(trygg: Run) -> None:
    said(trygg("municipality", "add", *SKARA, *DUTY))
    said(trygg(*a_user()))

    with serving() as http:
        signed_in = http.post("/api/session", json={"login": "samordnare@skara.example ", "password": PASSWORD})
        assert signed_in.status_code == 200, signed_in.text
        cookie = signed_in.headers["set-cookie"].partition(";")[0]
        desk = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
        walk = str(uuid7())
        outcomes = http.post("/sync/push", json=plan(signed_in.json()["device"], walk), headers=desk).json()["outcomes"]
        assert [it["outcome"] for it in outcomes] == ["applied", "applied"], outcomes

        code = http.get(f"/api/walks/{walk}/invite", headers=desk).json()["code"]
        card = http.post("/api/join/look", json={"code": code}).json()
    assert (card["name"], card["municipality"]) == ("Skara torg", {"id": "skara", "name": "Skara"})


def plan(device: str, walk: str) -> dict[str, Any]:
    at, session = "2099-11-20T18:00:00Z", str(uuid7())
    stop = {"id": str(uuid7()), "number": 1, "name": "Torget", "place_type": "torg", "lat": 58.386, "lon": 13.438}
    body = {
        "name": "Skara torg",
        "place": "Torget",
        "starts_at": at,
        "ends_at": "2099-11-20T20:00:00Z",
        "leader": "Maria",
        "meeting_point": "Domkyrkan",
        "recording": "own_phones",
        "stops": [{**stop, "template": "torg"}],
    }
    envelope = {"seq": None, "base": None, "at": at, "mono_ms": 0, "session": session, "entity": walk}
    operations = [
        {**envelope, "id": str(uuid7()), "type": type, "body": it}
        for type, it in (("walk.plan", body), ("walk.invite", {"cap": 25}))
    ]
    push = {"protocol": 1, "device": device, "sent_at": at, "session": session, "mono_ms": 0}
    return {**push, "operations": operations}


def test_a_certificate_without_its_key_is_refused(trygg: Run, tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("")

    assert "--tls-key" in refused(trygg("serve", "--tls-cert", str(tmp_path / "cert.pem")))


def test_a_key_that_is_too_short_stops_every_command(trygg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRYGG_KEY", "abcd")

    result = trygg("users", "list")
    assert result.exit_code == 1 and "64 hexadecimala tecken" in str(result.exception or result.output)
