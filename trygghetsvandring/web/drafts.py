"""Drafts in a rescue file: what a person wrote and never handed in, as the desk may show and take it in."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain.checklists import Answer
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.rescues import PhotoRecord, Rescue
from trygghetsvandring.domain.stops import FeelingAnswer
from trygghetsvandring.storage import records
from trygghetsvandring.storage.unit import Db

_TYPES: dict[str, tuple[str, type[Any]]] = {
    "observation": ("observation.record", Observation),
    "feeling": ("feeling.answer", FeelingAnswer),
    "answer": ("checklist.answer", Answer),
}
_WHEN = {"observation": "seen_at", "feeling": "felt_at", "answer": "answered_at"}
_SHOWN = ("category", "severity", "text", "place_words", "stop", "own", "counts", "item", "answer")
_LOCAL = ("id", "mono_ms", "session", "undo_until")
_UNSAID = "annat"  # the tile for what nobody has said more exactly
Name = Callable[[str], UUID]


def id_of(draft: dict[str, Any]) -> UUID | None:
    """None for a row that is none of ours."""
    try:
        return UUID(draft["id"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


async def listed(db: Db, municipality: str, it: Rescue) -> list[dict[str, Any]]:
    """Nothing of a photo is shown, only how many there are. `here`: taken in already, by hand or by the phone."""
    here = {
        id for kind, (_, type) in _TYPES.items() for id in await records.load(db, municipality, type, _ids(it, kind))
    }
    return [_row(draft, it.photos, here) for draft in it.drafts if id_of(draft) and draft.get("kind") in _TYPES]


def _ids(it: Rescue, kind: str) -> list[UUID]:
    return [id for draft in it.drafts if draft.get("kind") == kind and (id := id_of(draft))]


def _row(draft: dict[str, Any], photos: Iterable[PhotoRecord], here: set[UUID]) -> dict[str, Any]:
    id, said = id_of(draft), _said(draft)
    own = [photo for photo in photos if photo.of == id]
    return {
        "id": id,
        "kind": draft["kind"],
        "at": said.get(_WHEN[draft["kind"]]),
        "said": {name: said[name] for name in _SHOWN if name in said},
        "photos": len(own),
        "unchecked": sum(1 for photo in own if not photo.checked),
        "here": id in here,
    }


def _said(draft: dict[str, Any]) -> dict[str, Any]:
    said = draft.get("draft")
    return said if isinstance(said, dict) else {}


def operations(draft: dict[str, Any], photos: Iterable[PhotoRecord], place: Municipality, name: Name) -> list[bytes]:
    """What the phone would have minted. The ids come from the draft's: taken in twice it is one thing.

    A photo nobody has looked over is not declared: it stays sealed in the file.
    """
    id, kind, said = id_of(draft), draft.get("kind"), _said(draft)
    if id is None or kind not in _TYPES:
        return []
    body = {key: value for key, value in said.items() if key not in _LOCAL}
    own = [photo for photo in photos if photo.of == id and photo.checked and kind == "observation"]
    if kind == "observation":
        body |= {"photos": [photo.id for photo in own], "sent_alone": False}
        body["category"] = body.get("category") or _unsaid(place)
    at = said.get(_WHEN[kind])
    made = [_operation(name(f"{id}"), _TYPES[kind][0], id, at, body)]
    return made + [_declared(name(f"{photo.id}"), photo) for photo in own]


def _unsaid(place: Municipality) -> str:
    return next((tile.default for tile in place.tiles if tile.id == _UNSAID), place.categories[0].code)


def _declared(operation: UUID, photo: PhotoRecord) -> bytes:
    names = ("sha256", "bytes", "width", "height", "masks", "taken_at", "checked")
    facts = {name: getattr(photo, name) for name in names}
    of = {"of": {"kind": "observation", "id": photo.of}, "role": "before", "media_type": "image/jpeg"}
    return _operation(operation, "photo.declare", photo.id, photo.taken_at, facts | of)


def _operation(id: UUID, type: str, entity: UUID, at: object, body: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"id": id, "type": type, "entity": entity, "at": at, "body": body})
