"""A nämnd's register in tests: who keeps it, who decides, and a finding with a planted word in all of its corners."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.imaging.makers import a_photo
from tests.makers import LIDKOPING, Evening, Phone, sha256
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.sync.erasing import Hands
from trygghetsvandring.sync.wire import Outcome

WORD = "Kanariefågeln åt solrosfrön"
PHOTO = a_photo()


def a_keeper(role: Role, organisation: str = "samordning") -> Principal:
    return Principal(
        municipality=LIDKOPING,
        role=role,
        organisation=organisation,
        function="Registrator" if role is Role.REGISTRATOR else "Arkivansvarig",
        user=uuid7(),
    )


REGISTRATOR, OFFICER = a_keeper(Role.REGISTRATOR), a_keeper(Role.RECORDS_OFFICER)
SOCIAL_REGISTRATOR = a_keeper(Role.REGISTRATOR, "socialtjansten")
SOCIAL_OFFICER = a_keeper(Role.RECORDS_OFFICER, "socialtjansten")


def hands(evening: Evening) -> Hands:
    it: Hands = evening.app.state.runner._context.hands
    return it


@dataclass
class Finding:
    """What one phone handed in about one thing, and the operations it still has in its outbox."""

    phone: Phone
    id: UUID = field(default_factory=uuid7)
    photo: UUID = field(default_factory=uuid7)
    sent: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    async def handed_in(cls, evening: Evening, *, with_photo: bool = True) -> "Finding":
        it = cls(phone=await evening.phone())
        photos = [it.photo] if with_photo else []
        it.sent = [it.phone.observation(it.id, text=WORD, place_words=f"{WORD} vid bron", photos=photos)]
        if with_photo:
            it.sent.append(it.phone.operation("photo.declare", it.photo, it.declaration()))
        it.sent.append(it.phone.operation("observation.correct", it.id, {"text": f"{WORD} igen"}))
        assert {o.outcome for o in await it.phone.push(*it.sent)} == {"applied"}
        if with_photo:
            assert await it.upload(evening) == 204
            await evening.app.state.runner.round(Lane.PHOTOS)
        return it

    def declaration(self) -> dict[str, Any]:
        of = {"kind": "observation", "id": self.id}
        facts = {"sha256": sha256(PHOTO), "bytes": len(PHOTO), "media_type": "image/jpeg", "width": 640, "height": 480}
        return {"of": of, "role": "before", "masks": 0, "taken_at": self.phone.evening.now} | facts

    async def upload(self, evening: Evening, content: bytes = PHOTO) -> int:
        """The last answer's status."""
        tus = self.phone.headers | {"Tus-Resumable": "1.0.0"}
        photo, digest = (b64encode(text.encode()).decode() for text in (str(self.photo), sha256(PHOTO)))
        said = {"Upload-Length": str(len(PHOTO)), "Upload-Metadata": f"photo {photo},sha256 {digest}"}
        begun = await evening.http.post("/uploads/", headers=tus | said)
        if begun.status_code != 201:
            return begun.status_code
        bytes_ = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        return (await evening.http.patch(f"/uploads/{self.photo}", headers=tus | bytes_, content=content)).status_code


def about(*refs: tuple[str, UUID]) -> list[dict[str, Any]]:
    return [{"kind": kind, "id": id} for kind, id in refs]


async def asked(evening: Evening, *refs: tuple[str, UUID], by: Principal = REGISTRATOR) -> UUID:
    case = uuid7()
    body = {"about": about(*refs), "received_on": evening.now.date(), "reference": "KS 2026:114"}
    outcome = await evening.act("erasure.request", case, body, by)
    assert outcome.outcome == "applied", outcome
    return case


DECISION = {"name": "Kim Testsson", "ground": "Dataskyddsförordningen artikel 17.1 d", "reason": "Visar en person."}


async def decided(evening: Evening, case: UUID, *, granted: bool = True, by: Principal = OFFICER) -> Outcome:
    return await evening.act("erasure.decide", case, DECISION | {"granted": granted}, by)


async def carried_out(evening: Evening) -> int:
    return int(await evening.app.state.runner.round(Lane.ERASURES))


async def erased(evening: Evening, *refs: tuple[str, UUID]) -> Outcome:
    """From request to nothing left."""
    outcome = await decided(evening, await asked(evening, *refs))
    assert outcome.outcome == "applied", outcome
    await carried_out(evening)
    return outcome
