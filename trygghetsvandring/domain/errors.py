"""What the house refuses, as one tree.

    Refused
    ├── Missing            something the act is about is not here (yet): the operation is deferred, never lost
    ├── NotAllowed         the asker's role or place does not do this
    ├── Malformed          the shape is wrong
    ├── SeenHasMoved       it has changed since the person read what the act is about
    └── … one subclass per rule, in the rule's own room

The domain says what was refused by a stable `code` and plain `facts`; `web/errors.py` alone knows status codes and
words.
"""

from uuid import UUID

Fact = str | int | float | bool | None | list[str]


class Refused(Exception):
    """A rule said no. `facts` never hold free text that a person typed."""

    code = "refused"

    def __init__(self, message: str = "", **facts: Fact) -> None:
        super().__init__(message or self.code)
        self.facts: dict[str, Fact] = facts


class Missing(Refused):
    code = "missing"

    def __init__(self, kind: str, id: UUID) -> None:
        super().__init__(f"{kind} {id} is not here", kind=kind, id=str(id))
        self.kind = kind
        self.id = id


class NotAllowed(Refused):
    code = "not_allowed"


class Malformed(Refused):
    code = "malformed"


class SeenHasMoved(Refused):
    code = "seen_has_moved"


class TextTooLong(Refused):
    code = "text_too_long"


class PersonalData(Refused):
    """The guard found something about a person. Facts name the kinds, never the text."""

    code = "personal_data"
