"""What goes along with a task to another system: what it requires, and a photo that everybody may see."""

from collections.abc import Iterator

import pytest

from tests.imaging.makers import a_photo
from tests.jobs.open311_stub import Stub, a_stub
from tests.jobs.test_open311 import PARTY, connected, delivery, handed, worked
from tests.sync.desks import reviewed
from tests.web.phones import Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.integrations import open311 as theirs
from trygghetsvandring.integrations.outside import Answered
from trygghetsvandring.jobs.work import Lane

pytest_plugins = ["tests.web.evenings"]


@pytest.fixture
def stub() -> Iterator[Stub]:
    with a_stub() as it:
        yield it


REQUIRED = [
    {"code": "STOLPE", "variable": True, "required": True, "datatype": "string"},
    {"code": "GRAD", "variable": True, "required": "true", "datatype": "multivaluelist", "values": [{"key": "1"}]},
    {"code": "TID", "variable": True, "required": True, "datatype": "datetime"},
    {"code": "INFO", "variable": False, "required": True, "datatype": "text"},
    {"code": "FRITT", "variable": True, "required": False, "datatype": "text"},
]


async def test_what_they_require_is_answered_as_a_person_has_entered_it_or_a_person_is_asked(
    evening: Evening, stub: Stub
) -> None:
    stub.definition = REQUIRED
    triage = await connected(evening, stub, attributes={"STOLPE": "okänd", "GRAD": "7"})
    task = await handed(evening, triage)
    await worked(evening)
    asked = await delivery(triage, task)
    assert (asked["state"], asked["reason"]) == ("failed", "attribute_missing: GRAD") and stub.posted == []

    await connected(evening, stub, attributes={"STOLPE": "okänd", "GRAD": "1"})
    await triage.done("delivery.retry", task, turn=1)
    await worked(evening)

    (form,) = stub.posted
    said = {name: form[name] for name in form if name.startswith("attribute[") and "client_id" not in name}
    assert said == {"attribute[STOLPE]": "okänd", "attribute[GRAD][]": "1", "attribute[TID]": "2026-11-20T19:41:00Z"}


def test_a_definition_in_xml_says_the_same() -> None:
    xml = b"""<?xml version="1.0" encoding="utf-8"?><service_definition><service_code>lampor</service_code>
      <attributes><attribute><variable>true</variable><code>GRAD</code><datatype>singlevaluelist</datatype>
      <required>true</required><values><value><key>1</key><name>Ett</name></value></values></attribute></attributes>
      </service_definition>"""

    (row,) = theirs._rows(Answered(200, "text/xml", xml))

    assert theirs._required(row) == theirs.Required(code="GRAD", datatype="singlevaluelist", keys=("1",))


async def test_a_photo_goes_along_only_when_a_person_has_shown_it_to_everybody(evening: Evening, stub: Stub) -> None:
    triage, phone, photo, content = await connected(evening, stub), await evening.phone(), uuid7(), a_photo()
    found = await reviewed(phone, triage, photos=[str(photo)])
    await phone.push("photo.declare", photo, phone.declaration(content, of=found))
    await phone.create(photo, content)
    await phone.send(photo, 0, content)
    await evening.app.state.runner.round(Lane.PHOTOS)
    for release in (False, True):
        if release:
            await triage.done("publication.publish", found, text="Trasig.", place_words="", photos=[str(photo)])
        task = uuid7()
        await triage.done("task.create", task, title="Byt lampa", observations=[found], priority=2)
        await triage.done("task.assign", task, department=PARTY, explanation="Deras.", due_on="2026-12-04")
        await worked(evening)

    hidden, shown = stub.posted

    assert "media_url" not in hidden
    assert shown["media_url"] == f"https://trygg.test/open311/v2/photos/{found}/{photo}.jpg"
    assert (await evening.http.get(shown["media_url"].removeprefix("https://trygg.test"))).status_code == 200
