"""One evening in which everybody writes what is meant to break out, and everything that is made of it: nothing does.

Every text field that reaches others, and every form in which it does: page, document, workbook, CSV, XML, JSON, mail.
"""

import csv
import io
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from email import message_from_bytes, policy
from html.parser import HTMLParser
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import httpx
import openpyxl
import pikepdf
import pytest
import pytest_asyncio

from tests.sync.desks import Desk, coordinator, handler
from tests.web.mail_houses import PARTY, PARTYS_MAIL, SENDER, forms_in
from tests.web.open311_houses import AT, a_key
from tests.web.phones import Evening, Phone
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.protocols import protocol_id
from trygghetsvandring.integrations.mail import Letter, message
from trygghetsvandring.jobs import daily
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.sync.municipalities import settle

pytest_plugins = ["tests.web.evenings"]

BEGINNINGS = (
    "<x-evil onevil=1>",
    "\"><x-evil onevil='1'>",
    "</title></textarea></style><x-evil>",
    "]]><x-evil/>",
    "--><x-evil><!--",
    "&lt;x-evil&gt;&#60;x-evil&#62;",
    '=HYPERLINK("https://ond.example";"x")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r\nBcc: ond@example.org\r\nX-Evil: ja\r\n\r\n<x-evil>",
    "=?utf-8?q?=0D=0ABcc:_ond?=",
    '#link("javascript:evil()")[x] #import "/etc/passwd": *',
    "$ #panic() $ \\ @evil <evil> `#evil`",
    "javascript:evil()",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "\u202eevil\u2066\u200b",
    "_x000D_=1+1_x003C_x-evil_x003E_",
)
TEXT_TYPES = ("application/json", "application/problem+json")


class Post:
    """Every letter as the bytes that would travel."""

    def __init__(self, evening: Evening) -> None:
        self.evening, self.sent = evening, list[bytes]()

    async def send(self, letter: Letter) -> None:
        self.sent.append(bytes(message(letter, SENDER, self.evening.now)))


@pytest_asyncio.fixture
async def post(evening: Evening) -> AsyncIterator[Post]:
    it = Post(evening)
    object.__setattr__(evening.app.state.runner._context, "post", it)
    here = seed.lidkoping()
    with_mail = (replace(it, mail=PARTYS_MAIL) if it.id == PARTY else it for it in here.departments)
    await settle(evening.house.store, replace(here, departments=tuple(with_mail)))
    yield it


class Written:
    """Writes `beginning` into every field, and remembers which were taken and why the others were not."""

    def __init__(self, evening: Evening, beginning: str) -> None:
        self.evening, self.beginning = evening, beginning
        self.taken: set[str] = set()
        self.refused: dict[str, str] = {}

    def words(self, name: str) -> str:
        return f"{self.beginning} {name}"

    async def by(self, who: Desk | Phone, type: str, entity: UUID, **body: Any) -> bool:
        outcome = await who.push(type, entity, body)
        if outcome["outcome"] == "applied":
            self.taken.add(type)
            return True
        self.refused[type] = outcome["code"]
        return False


async def _written(evening: Evening, beginning: str) -> tuple[Written, Desk, list[str]]:
    """The whole evening; returns what it took, the coordinator, and the public addresses it led to."""
    it = Written(evening, beginning)
    w = it.words
    triage, unit, phone = await coordinator(evening), await handler(evening), await evening.phone()
    await it.by(triage, "walk.change", evening.walk, name=w("namn"), place=w("plats"), leader=w("ledare"))
    await it.by(triage, "walk.change", evening.walk, meeting_point=w("samling"))
    found, danger = str(uuid7()), str(uuid7())
    seen = {"walk": str(evening.walk), "stop": str(evening.stop), "severity": 2, "position": AT, "photos": []}
    seen |= {"seen_at": evening.now.isoformat(), "called": None, "checklist_item": None, "sent_alone": False}
    seen |= {"text": w("ord"), "place_words": w("var")}
    for id, category in ((found, "bel.trasig"), (danger, "el")):
        await it.by(phone, "observation.record", UUID(id), **seen | {"category": category})
    await it.by(triage, "observation.review", UUID(found), category="bel.trasig", severity=2, note=w("not"))
    await it.by(triage, "observation.moderate", UUID(found), text=w("modererat"), place=w("modererad plats"))
    tasks = [uuid7(), uuid7()]
    for task, department in zip(tasks, (PARTY, "gata-park"), strict=True):
        if not await it.by(triage, "task.create", task, title=w("titel"), observations=[found], priority=1):
            await triage.done("task.create", task, title="Titel", observations=[found], priority=1)
        given = {"department": department, "due_on": "2026-12-18"}
        if not await it.by(triage, "task.assign", task, explanation=w("därför"), **given):
            await triage.done("task.assign", task, explanation="Därför.", **given)
    await it.by(triage, "answer_link.send", tasks[0], link=str(uuid7()), to="drift@example.org", recipient=w("till"))
    await it.by(unit, "task.accept", tasks[1], person=w("person"))
    await it.by(unit, "task.note", tasks[1], text=w("internt"))
    waits = {"reason": "parts", "next_look_on": "2026-12-18"}
    await it.by(unit, "task.wait", tasks[1], public_text=w("väntar"), **waits)
    refers = {"contact": w("kontakt"), "reference": w("nummer"), "next_look_on": "2026-12-18"}
    await it.by(unit, "task.refer", tasks[1], party=w("part"), public_text=w("vidare"), **refers)
    await it.by(unit, "task.start", tasks[1], note=w("åter"))
    await it.by(unit, "task.finish", tasks[1], extent="full", public_text=w("gjort"), photos=[])
    shown = {"text": w("öppet"), "place_words": w("öppen plats"), "photos": []}
    await it.by(triage, "publication.publish", UUID(found), **shown)
    await it.by(triage, "api_key.create", uuid7(), name=w("nyckel"), secret_hash="0" * 64)
    await it.by(triage, "walk.message", evening.walk, text=w("till alla"))
    return it, triage, await _published(it, triage, phone)


async def _published(it: Written, triage: Desk, phone: Phone) -> list[str]:
    evening, id = it.evening, protocol_id(it.evening.walk)
    await triage.done("protocol.draft", id, walk=evening.walk)
    for name in ("summary", "weather", "purpose", "feedback", "reference"):
        await it.by(triage, "protocol.edit", id, **{name: it.words(name)})
    await it.by(triage, "protocol.edit", id, parties=[it.words("part")])
    await it.by(triage, "protocol.edit", id, comments=[{"id": str(evening.stop), "text": it.words("kommentar")}])
    read = await triage.get(f"/api/walks/{evening.walk}/protocol")
    approval = {"walk": read["minutes"]["walk"], "made_from": read["made_from"], "digest": read["digest"]}
    if not await it.by(triage, "protocol.approve", id, **approval, name=it.words("namn"), changed="", publish=True):
        await triage.done("protocol.approve", id, **approval, name="Anna Ek", changed="", publish=True)
    await evening.http.post("/api/subscriptions", json={"address": "kim@example.org"}, headers=phone.headers)
    return [f"/protokoll/{evening.walk}", *(f"/protokoll/{evening.walk}/{kind}" for kind in ("pdf", "docx", "xlsx"))]


async def _letters(evening: Evening, post: Post) -> list[str]:
    """All that is sent this evening and the next mornings. Returns the addresses that stand in the letters."""
    runner = evening.app.state.runner
    for _ in range(2):
        for lane in Lane:
            while await runner.round(lane):
                pass
        for path in _links(post):
            if path.startswith("/brev/"):
                await evening.http.post("/brev/bekrafta", data={"secret": path.rsplit("/", 1)[1]})
        await daily.plan(runner._context)
        evening.now = daily.next_time(evening.now).astimezone(UTC) + timedelta(minutes=1)
    for lane in Lane:
        while await runner.round(lane):
            pass
    return _links(post)


def _links(post: Post) -> list[str]:
    words = (word for raw in post.sent for word in _read(raw).get_content().split())
    return sorted(
        {word.removeprefix("https://trygg.test") for word in words if word.startswith("https://trygg.test/b")}
    )


def _read(raw: bytes) -> Any:
    return message_from_bytes(raw, policy=policy.default)


@pytest.mark.parametrize("beginning", BEGINNINGS)
async def test_nothing_that_is_written_breaks_out_of_anything_that_is_made_of_it(
    evening: Evening, post: Post, beginning: str
) -> None:
    written, triage, public = await _written(evening, beginning)
    # The guard may stop some; most has to get through to prove anything.
    assert len(written.taken) >= 12, written.refused
    await a_key(triage)
    letters = await _letters(evening, post)
    walk, made = evening.walk, set[str]()
    at_desk = [
        *(f"/api/walks/{walk}/{papers}/{kind}" for papers in ("protocol", "meeting") for kind in ("html", "pdf")),
        *(f"/api/walks/{walk}/{papers}/{kind}" for papers in ("protocol", "meeting") for kind in ("docx", "xlsx")),
        *(f"/api/tasks/field-list/{kind}" for kind in ("html", "xlsx", "csv")),
        *(f"/api/walks/{walk}/sheet", f"/api/walks/{walk}", "/api/walks", "/api/tasks", "/api/observations"),
    ]
    of_all = ["requests.xml", "requests.json", "services.xml", "discovery.xml"]

    for path in at_desk:
        answer = await evening.http.get(path, headers=triage.headers)
        assert answer.status_code == 200, path
        made.add(_is_whole(path, answer))
    for path in (*public, *letters, *(f"/open311/v2/{name}?extensions=true" for name in of_all)):
        made.add(_is_whole(path, await evening.http.get(path)))
    for path in letters:
        if path.startswith("/besked/"):
            made.add(_is_whole(path, await _answered(evening, path, written.words("svar"))))
    for raw in post.sent:
        _is_one_letter(raw)
    assert made >= {"text/html", "application/pdf", "text/csv", "text/xml", "application/json", "docx", "xlsx"}
    subjects = {str(_read(raw)["Subject"]) for raw in post.sent}
    assert len(subjects) >= 4, subjects  # the duty's, the party's, a confirmation, a digest


async def _answered(evening: Evening, path: str, words: str) -> httpx.Response:
    """What is typed into a page without a script comes back on it when it is refused."""
    form = forms_in(await evening.http.get(path))
    hidden = next((fields for act, fields in form.items() if act in ("finish", "decline")), {})
    return await evening.http.post("/besked/svar", data={**hidden, "public_text": words, "extent": "half"})


# ---------------------------------------------------------------- how each form is read by a stranger


def _is_whole(path: str, answer: httpx.Response) -> str:
    """Raises when something got out; the kind of what was read."""
    assert answer.status_code in (200, 404, 410, 422), f"{path}: {answer.status_code} {answer.text[:300]}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff", path
    assert "x-evil" not in {name.lower() for name in answer.headers}, path
    kind = answer.headers["Content-Type"].partition(";")[0]
    content = answer.content
    if kind in TEXT_TYPES:
        answer.json()
    elif kind == "text/html":
        Page(path).feed(content.decode())
    elif kind == "text/xml":
        _is_plain_xml(path, content)
    elif kind == "text/csv":
        _no_formula(path, csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    elif kind == "application/pdf":
        _no_actions(path, content)
    else:
        return _is_plain_office(path, content)
    return kind


class Page(HTMLParser):
    """As a browser would read it: no element, attribute or address of theirs."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "x-evil", self.path
        for name, value in attrs:
            assert not name.startswith("on"), f"{self.path}: {name}"
            assert not (name in ("href", "src", "action") and (value or "").strip().startswith("javascript")), self.path

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"{self.path}: a comment, {data[:40]}")


def _is_plain_xml(path: str, content: bytes) -> None:
    assert b"<!ENTITY" not in content, path
    for element in ET.fromstring(content).iter():  # our own answer
        assert "evil" not in str(element.tag), path
        assert not any("evil" in name for name in element.attrib), path


def _no_formula(path: str, rows: Iterator[list[str]]) -> None:
    for cell in (cell for row in rows for cell in row):
        assert cell[:1] not in set("=+-@|\t\r\n"), f"{path}: {cell[:40]!r}"


def _no_actions(path: str, content: bytes) -> None:
    """Nothing that is run or opened; words in a title or an alternative text are words."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for it in (each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)):
            assert not {"/OpenAction", "/JS", "/AA", "/EF"} & set(it.keys()), path
            if "/Subtype" in it and "/A" in it:  # a link; a tag's attributes have the same name
                assert str(it["/A"]["/S"]) == "/GoTo", path


def _is_plain_office(path: str, content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = parts.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")):
                _is_plain_xml(f"{path} {name}", parts.read(name))
            if name.endswith(".rels"):
                assert b"javascript:" not in parts.read(name) and b"ond.example" not in parts.read(name), path
    if "xl/workbook.xml" not in names:
        return "docx"
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type != "f", f"{path}: {cell.coordinate} {cell.value!r}"
            assert cell.hyperlink is None or "evil" not in str(cell.hyperlink.target), path
    return "xlsx"


def _is_one_letter(raw: bytes) -> None:
    mail = _read(raw)
    assert {"bcc", "x-evil", "cc"}.isdisjoint(name.lower() for name in mail), mail["Subject"]
    assert mail.get_content_type() == "text/plain"
    assert len(mail.get_all("To")) == len(mail.get_all("Subject")) == 1
    assert "\n" not in str(mail["Subject"]) and "\r" not in str(mail["Subject"])


# ---------------------------------------------------------------- and these readers do see what gets out


@pytest.mark.parametrize("page", ["<p><x-evil>", '<a href=" javascript:evil()">', "<p onclick=evil()>", "<!-- x -->"])
def test_the_reader_of_pages_sees_what_breaks_out(page: str) -> None:
    with pytest.raises(AssertionError):
        Page("here").feed(page)


def test_the_readers_of_cells_letters_and_xml_see_what_breaks_out() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "=1+1"
    book.save(out)
    letter = b"To: a@b.se\r\nSubject: x\r\nBcc: ond@example.org\r\nContent-Type: text/plain\r\n\r\nText"
    pdf, printed = pikepdf.new(), io.BytesIO()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript)
    pdf.save(printed)

    for reads in (
        lambda: _no_formula("here", iter([["a", "=1+1"]])),
        lambda: _is_plain_xml("here", b"<a><x-evil/></a>"),
        lambda: _is_plain_office("here", out.getvalue()),
        lambda: _no_actions("here", printed.getvalue()),
        lambda: _is_one_letter(letter),
    ):
        with pytest.raises(AssertionError):
            reads()
