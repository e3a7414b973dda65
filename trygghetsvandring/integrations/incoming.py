"""One message as it came, read: who it answers, what it says, and whether a machine wrote it.

Nothing in it is trusted and nothing of it is opened: the first plain text is read, everything else is counted. A
message that no program should send is read as far as it goes.
"""

import email
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import Any, Final

from trygghetsvandring.integrations.mail import is_address

_TO: Final = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_NOT_WRITTEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_LINE_ENDS: Final = re.compile(r"\r\n?|\u2028|\u2029|\x85")
_STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_OF_MACHINES: Final = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply"})
_MOST_PARTS: Final = 200


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail server tells what became of a letter. `status` as RFC 3463, "" = not said; `letters` are message ids."""

    failed: bool
    status: str
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """`to` is everything that says where it went, as one text. `may_be_answered`: no machine, and nobody who asks not
    to be. `digest` is of what was written, not of how it travelled.
    """

    message_id: str
    digest: str
    sender: str
    to: str
    subject: str
    text: str
    attachments: int
    is_automatic: bool
    may_be_answered: bool
    bounce: Bounce | None


def read(raw: bytes) -> Came:
    mail = email.message_from_bytes(raw, policy=policy.compat32)
    parts = list(_parts(mail))
    bounce = _bounce(mail)
    sender = _sender(mail)
    automatic = bounce is not None or _is_automatic(mail, sender)
    suppressed = mail.get("X-Auto-Response-Suppress") is not None
    return Came(
        message_id=_clean(_header(mail, "Message-ID")).strip()[:300],
        digest=_digest(mail, raw),
        sender=sender,
        to="\n".join(str(value) for name in _TO for value in mail.get_all(name, []))[:10_000],
        subject=" ".join(_clean(_header(mail, "Subject")).split()),
        text=_text(parts),
        attachments=sum(1 for part in parts if _is_attached(part)),
        is_automatic=automatic,
        may_be_answered=not automatic and not suppressed and bool(sender),
        bounce=bounce,
    )


def unreadable(raw: bytes) -> Came:
    """What is left of one that could not be read: that it came."""
    return Came(
        message_id="",
        digest=hashlib.sha256(raw).hexdigest(),
        sender="",
        to="",
        subject="",
        text="",
        attachments=0,
        is_automatic=False,
        may_be_answered=False,
        bounce=None,
    )


def _digest(mail: "Message[str, str]", raw: bytes) -> str:
    """The same for two copies that took two ways: what mail servers write on top is left out."""
    head, gap, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    said = "\n".join(str(mail.get(name, "")) for name in ("From", "Date", "Subject"))
    return hashlib.sha256(said.encode("utf-8", "replace") + b"\0" + (body if gap else head)).hexdigest()


def _header(mail: "Message[str, str]", name: str) -> str:
    value = mail.get(name)
    if value is None:
        return ""
    try:
        return str(make_header(decode_header(str(value))))
    except (MessageError, LookupError, ValueError, UnicodeError):
        return str(value)


def _clean(text: str) -> str:
    """Without what nobody writes: other controls than line ends, marks that turn a line around, halves of letters."""
    text = _NOT_WRITTEN.sub("", _LINE_ENDS.sub("\n", text).encode("utf-8", "replace").decode())
    return unicodedata.normalize("NFC", text)


def _sender(mail: "Message[str, str]") -> str:
    found = getaddresses([str(value) for value in mail.get_all("From", [])][:1])
    address = found[0][1].strip() if len(found) == 1 else ""
    return address if is_address(address) else ""


def _is_automatic(mail: "Message[str, str]", sender: str) -> bool:
    """RFC 3834, and what programs did before it."""
    said = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    before = str(mail.get("Precedence", "")).strip().lower()
    return (
        said != "no"
        or before in {"bulk", "list", "junk", "auto_reply"}
        or any(mail.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
        or str(mail.get("Return-Path", "")).strip() == "<>"
        or sender.partition("@")[0].lower() in _OF_MACHINES
    )


def _parts(mail: Any, depth: int = 0) -> Iterator[Any]:
    """The leaves, none of what lies in a message inside the message."""
    if mail.get_content_maintype() == "multipart" and isinstance(mail.get_payload(), list) and depth < 20:
        for part in mail.get_payload()[:_MOST_PARTS]:
            yield from _parts(part, depth + 1)
    else:
        yield mail


def _is_attached(part: Any) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return True
    return part.get_content_type() not in {"text/plain", "text/html"} and part.get_content_maintype() != "multipart"


def _text(parts: list[Any]) -> str:
    """The first that is written; a program that shows HTML has mostly sent the same words plainly beside it."""
    for part in parts:
        if part.get_content_type() == "text/plain" and not _is_attached(part):
            text = _clean(_decoded(part)).strip()
            if text:
                return text
    return ""


def _decoded(part: Any) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    charset = str(part.get_content_charset() or "utf-8")
    for name in (charset, "utf-8"):
        try:
            return raw.decode(name)
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def _bounce(mail: Any) -> Bounce | None:
    """RFC 3464. Whatever is in it that says nothing about a delivery is left alone."""
    report = [part for part in mail.walk() if part.get_content_type() == "message/delivery-status"]
    if not report:
        return None
    said = [block for part in report for block in _blocks(part)]
    actions = {str(block.get("Action", "")).strip().lower() for block in said}
    codes = [found[0] for block in said if (found := _STATUS.search(str(block.get("Status", ""))))]
    return Bounce("failed" in actions, max(codes, default=""), tuple(_returned(mail)))


def _blocks(part: Any) -> list[Any]:
    payload = part.get_payload()
    return payload if isinstance(payload, list) else []


def _returned(mail: Any) -> Iterator[str]:
    """The message ids of what was not delivered."""
    for part in mail.walk():
        kind, payload = part.get_content_type(), part.get_payload()
        if kind == "message/rfc822" and isinstance(payload, list) and payload:
            yield str(payload[0].get("Message-ID", "")).strip()
        elif kind == "text/rfc822-headers":
            yield str(email.message_from_string(_decoded(part)).get("Message-ID", "")).strip()
