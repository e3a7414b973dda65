"""What a job is: a kind, a function, and what the function works with.

A job may run twice: a process can die between the work and the note that it is done. Every function here is written
so that the second time changes nothing, or sends a letter with the same message id.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trygghetsvandring.integrations.mail import Post
from trygghetsvandring.integrations.mailbox import MailIn
from trygghetsvandring.storage.blobs import Blobs
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.sync.erasing import Hands


class Lane(StrEnum):
    """Lanes do not wait for each other: a letter about a danger never stands behind a walk's photos."""

    LETTERS = "letters"
    FOLLOWERS = "followers"  # thousands of one kind to readers: none of them stands before a letter above
    PHOTOS = "photos"
    ERASURES = "erasures"
    OUTSIDE = "outside"  # other systems: slow or silent, they hold up nothing of ours
    DAILY = "daily"  # what is looked through once a day
    PROOFS = "proofs"  # once a day too, and as long as reading many photos takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    store: Store
    engine: Engine
    blobs: Blobs
    post: Post
    public_url: str
    clock: Callable[[], datetime]
    hands: Hands
    mail_in: Mapping[str, MailIn] = field(default_factory=dict)  # by municipality; none: nothing is fetched


Handler = Callable[[Context, Waiting], Awaitable[None]]
HANDLERS: dict[Lane, dict[str, Handler]] = {lane: {} for lane in Lane}


def handles(kind: str, lane: Lane) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        if any(kind in handlers for handlers in HANDLERS.values()):
            raise RuntimeError(f"two functions for {kind}")
        HANDLERS[lane][kind] = handler
        return handler

    return keep
