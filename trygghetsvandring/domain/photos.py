"""Photos: declared by whoever took them, then received, then shown or refused. Never edited.

    declared ──every byte here, digest equal, on disk──▶ received ──decoded, copies made──▶ accepted
        └────────no photo at all────────▶ refused ◀────────cannot be decoded────────┘

A photo is invisible until it is accepted. One that came with more than its picture is sealed: its bytes stay as they
came under `sha256`, and only a copy made of its pixels is ever shown, under `shown_sha256`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.errors import Malformed, Missing, Refused
from trygghetsvandring.domain.observations import NotYourObservation, Observation, ObservationState, ReasonMissing
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.tasks import NotYourTask, Task

MOST_BYTES = 25 * 1024 * 1024
MOST_PIXELS = 50_000_000
MEDIA_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"})
"""What may be declared. What it is is told by its bytes alone (docs/photos.md)."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


class PhotoState(StrEnum):
    DECLARED = "declared"  # bytes missing
    RECEIVED = "received"  # every byte here, digest equal, on disk
    ACCEPTED = "accepted"  # decoded, may be shown
    REFUSED = "refused"  # see `code`


class PhotoOf(StrEnum):
    OBSERVATION = "observation"
    TASK = "task"


class PhotoRole(StrEnum):
    BEFORE = "before"
    AFTER = "after"


ROLE_OF = {PhotoOf.OBSERVATION: PhotoRole.BEFORE, PhotoOf.TASK: PhotoRole.AFTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongs:
    kind: PhotoOf
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """`device` and `user` are who declared it and alone may send its bytes. `sizes` are long edges of small copies.

    `checked`: whoever took it answered the question about people before it left the phone. With no `masks` the answer
    was that nobody is in the picture. False from phones of before the question travelled, and from desks.
    `held`: why the coordinator holds this one back while its finding goes on, internal and safe; "" = nobody does.
    """

    id: UUID
    version: int
    of: Belongs
    role: PhotoRole
    sha256: str
    bytes: int
    media_type: str
    width: int
    height: int
    masks: int
    taken_at: datetime
    device: UUID | None
    user: UUID | None
    organisation: str | None
    checked: bool = False
    state: PhotoState = PhotoState.DECLARED
    code: str | None = None
    received_at: datetime | None = None
    is_sealed: bool = False
    shown_sha256: str | None = None
    sizes: tuple[int, ...] = ()
    held: str = ""

    @property
    def may_be_shown(self) -> bool:
        """To others than triage and whoever took it."""
        return self.state is PhotoState.ACCEPTED and not self.held

    @property
    def has_arrived(self) -> bool:
        return self.state in {PhotoState.RECEIVED, PhotoState.ACCEPTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How a photo in a protocol was looked over on the phone, proven by the digest of the bytes that left it.

    `number` is of the finding or the action it stands at. `masks` 0 and `checked`: whoever took it said that nobody is
    in the picture.
    """

    photo: UUID
    number: str
    sha256: str
    masks: int
    checked: bool


class PhotoTooLarge(Refused):
    code = "photo_too_large"


class PhotoRoleDiffers(Refused):
    """To what was seen belongs a photo from before, to a task one from after."""

    code = "photo_role_differs"


class PhotoOfAnother(Refused):
    """Named as evidence of a task, and taken of something else."""

    code = "photo_of_another"


class PhotoDiffers(Refused):
    """The id is taken by other bytes, or by somebody else."""

    code = "photo_differs"


def must_be_declarable(photo: Photo) -> Photo:
    if not 1 <= photo.bytes <= MOST_BYTES:
        raise PhotoTooLarge(bytes=photo.bytes, most=MOST_BYTES)
    if photo.width * photo.height > MOST_PIXELS:
        raise PhotoTooLarge(pixels=photo.width * photo.height, most=MOST_PIXELS)
    if photo.width < 1 or photo.height < 1 or photo.masks < 0:
        raise Malformed(field="width, height or masks")
    if not _SHA256.fullmatch(photo.sha256):
        raise Malformed(field="sha256")
    return photo


def must_belong(photo: Photo, asker: Principal, *, observation: Observation | None, task: Task | None) -> Photo:
    """A phone photographs what it saw itself, a department what it has done: nobody else's photo proves anything.

    The observation may come after its photo, or never: a photo is not held up by it. A task must be here.
    """
    if photo.of.kind is PhotoOf.OBSERVATION:
        _must_be_author(asker, observation)
    else:
        _must_have_task(asker, task, photo.of.id)
    if photo.role is not ROLE_OF[photo.of.kind]:
        raise PhotoRoleDiffers(of=photo.of.kind.value, role=photo.role.value)
    return photo


def _must_be_author(asker: Principal, observation: Observation | None) -> None:
    is_phone = asker.role is Role.WALKER and asker.device is not None
    if not is_phone or (observation is not None and not asker.is_me(observation.device)):
        raise NotYourObservation()


def _must_have_task(asker: Principal, task: Task | None, id: UUID) -> None:
    if asker.role is Role.WALKER:
        raise NotYourTask(role=asker.role.value)
    if task is None:
        raise Missing("task", id)
    if asker.organisation is None or task.department != asker.organisation:
        raise NotYourTask(role=asker.role.value)


def evidence(task: UUID, photos: Iterable[Photo]) -> tuple[UUID, ...]:
    """The photos that prove the work: of this very task, taken afterwards, and readable as far as we know."""
    named = list(photos)
    if any(photo.of != Belongs(kind=PhotoOf.TASK, id=task) for photo in named):
        raise PhotoOfAnother()
    proving = (p.id for p in named if p.role is PhotoRole.AFTER and p.state is not PhotoState.REFUSED)
    return tuple(dict.fromkeys(proving))


def before(observation: Observation, photos: Iterable[Photo]) -> UUID | None:
    """The first of the photos the observation names that its own phone declared on it."""
    own = Belongs(kind=PhotoOf.OBSERVATION, id=observation.id)
    here = {photo.id for photo in photos if photo.of == own and photo.device == observation.device}
    return next((id for id in observation.photos if id in here), None)


def declared_again(before: Photo, now: Photo) -> Photo:
    """The photo as it stands, when the same one is declared once more."""
    same = (before.sha256, before.bytes, before.of, before.device) == (now.sha256, now.bytes, now.of, now.device)
    if not same:
        raise PhotoDiffers()
    return before


def received(photo: Photo, *, sealed: bool, at: datetime) -> Photo:
    if photo.state is not PhotoState.DECLARED:
        return photo
    return replace(photo, state=PhotoState.RECEIVED, is_sealed=sealed, received_at=at)


def accepted(photo: Photo, *, shown_sha256: str, sizes: Iterable[int]) -> Photo:
    if photo.state is not PhotoState.RECEIVED:
        return photo
    return replace(photo, state=PhotoState.ACCEPTED, shown_sha256=shown_sha256, sizes=tuple(sizes))


def refused(photo: Photo, code: str) -> Photo:
    if photo.state not in {PhotoState.DECLARED, PhotoState.RECEIVED}:
        return photo
    return replace(photo, state=PhotoState.REFUSED, code=code)


def hold(photo: Photo, reason: str) -> Photo:
    """Hidden from everyone but triage and its own phone, at once. `reason` is internal and already safe."""
    if photo.of.kind is not PhotoOf.OBSERVATION:
        raise Malformed(field="of")  # one of the work is the unit's answer, and is taken again
    if not reason:
        raise ReasonMissing()
    return replace(photo, held=reason)


def let_go(photo: Photo) -> Photo:
    return replace(photo, held="")


def looked(photo: Photo, number: str) -> Looked:
    return Looked(photo=photo.id, number=number, sha256=photo.sha256, masks=photo.masks, checked=photo.checked)


def may_send(photo: Photo, asker: Principal) -> bool:
    """The phone that declared it, or the person at a desk, also after a new sign-in."""
    return _is_mine(photo, asker)


def may_see(photo: Photo, asker: Principal, *, tasks: Iterable[Task], findings: Iterable[Observation]) -> bool:
    """`tasks` are those the photo is about, directly or through its observation; `findings` are what they grew from."""
    if photo.state is not PhotoState.ACCEPTED:
        return False
    match asker.role:
        case Role.COORDINATOR:
            return True
        case Role.HANDLER | Role.DEPARTMENT_HEAD:
            is_withheld = any(o.id == photo.of.id and o.state is ObservationState.WITHHELD for o in findings)
            has_task = any(task.department == asker.organisation for task in tasks)
            return _is_mine(photo, asker) or (has_task and not is_withheld and not photo.held)
        case Role.WALKER:
            answers = any(photo.id in task.photos for task in tasks) and any(asker.is_me(o.device) for o in findings)
            return _is_mine(photo, asker) or answers
        case _:
            return False


def _is_mine(photo: Photo, asker: Principal) -> bool:
    return asker.is_me(photo.device) or (photo.user is not None and photo.user == asker.user)
