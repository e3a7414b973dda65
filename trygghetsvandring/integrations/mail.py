"""Mail out: one letter at a time, through SMTP or into a folder.

Plain text in UTF-8 only. A header never comes from a person's text without having been made one line, and an address
that is not exactly one address is refused. Without `TRYGG_SMTP_URL` each letter becomes an `.eml` file that any mail
program opens; the start page names the folder.
"""

import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from trygghetsvandring.domain.answer_links import is_address as is_address  # noqa: PLC0414

_NOT_IN_A_HEADER = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_LONGEST_SUBJECT = 150
_SECONDS = 20.0


class _Subject(UnstructuredHeader, BaseHeader):
    """Folded as one text: the library's own folding loses the space between two words that both have an å in them."""

    def fold(self, *, policy: Policy) -> str:
        words = str(self).split(" ")
        plain = next((n for n, word in enumerate(words) if not word.isascii()), len(words))
        start, rest = " ".join(words[:plain]), " ".join(words[plain:])
        if not rest:
            return f"{self.name}: {start}{policy.linesep}"
        encoded = Header(rest, "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        fold = f"{policy.linesep} " if start else ""
        return f"{self.name}: {start}{fold}{encoded}{policy.linesep}"


class _Tokens(UnstructuredHeader, BaseHeader):
    """Addresses and message ids: folded between them, never in one, and never encoded however long they are."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {f'{policy.linesep} '.join(str(self).split())}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("subject", _Subject)
    for name in ("message-id", "in-reply-to", "references", "list-unsubscribe", "list-unsubscribe-post"):
        registry.map_to_type(name, _Tokens)
    return registry


_POLICY = SMTP.clone(max_line_length=78, header_factory=_headers())


class NotDelivered(Exception):
    """The letter is still ours. The message says why, without addresses, and is kept with the job.

    `for_good`: the server has answered that it will not take it, whenever it is tried. `of_address`: what it
    refused is whom the letter is to, and neither the letter nor us.
    """

    def __init__(self, message: str, *, for_good: bool = False, of_address: bool = False) -> None:
        super().__init__(message)
        self.for_good = for_good
        self.of_address = of_address


class NotAnAddress(ValueError):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`id` is the same at every try, so that a letter that went twice can be told from two letters.

    `bounces_to`: where a mail server sends it back, when that is in the sender's own domain; else to the sender.
    `thread` are the ids of the letters it answers to, the first one first: mail programs then show them together.
    """

    id: str
    to: str
    subject: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    thread: tuple[str, ...] = ()
    reply_to: str = ""
    bounces_to: str = ""


class Post(Protocol):
    async def send(self, letter: Letter) -> None:
        """Returns when the letter has been taken over for good; raises NotDelivered otherwise."""


def message(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """The letter as bytes on the wire will have it."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _address(sender)
    mail["To"] = _address(letter.to)
    mail["Subject"] = one_line(letter.subject)[:_LONGEST_SUBJECT]
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = _message_id(letter.id, sender)
    if letter.thread:
        mail["In-Reply-To"] = _message_id(letter.thread[-1], sender)
        mail["References"] = " ".join(_message_id(id, sender) for id in letter.thread)
    if letter.reply_to:
        mail["Reply-To"] = _address(letter.reply_to)
    # Automatic answers to a machine would only come back to a machine (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        mail[name] = one_line(value).encode("ascii", "replace").decode()  # addresses of our own, no words
    mail.set_content(letter.text, subtype="plain", charset="utf-8", cte="quoted-printable")
    return mail


def _message_id(id: str, sender: str) -> str:
    return f"<{re.sub(r'[^A-Za-z0-9.-]', '-', id)}@{sender.rpartition('@')[2]}>"


def one_line(text: str) -> str:
    """Without line ends, also those that an encoded word would become when somebody reads it."""
    return _NOT_IN_A_HEADER.sub(" ", text).replace("=?", "= ?").strip()


def _address(text: str) -> Address:
    if not is_address(text):
        raise NotAnAddress("not one plain mail address")
    user, _, domain = text.rpartition("@")
    return Address(username=user, domain=domain)


def _now() -> datetime:
    return datetime.now(UTC)


class FolderPost:
    """Each letter as a file, newest last by name."""

    def __init__(self, folder: Path, sender: str, *, clock: Callable[[], datetime] = _now) -> None:
        self.folder = folder
        self._sender = sender
        self._clock = clock

    async def send(self, letter: Letter) -> None:
        now = self._clock()
        mail = message(letter, self._sender, now)
        name = f"{now:%Y%m%dT%H%M%S%f}-{re.sub(r'[^A-Za-z0-9-]', '-', letter.id)}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # A reader of the folder never meets half a letter.
            temporary = self.folder / f".{name}"
            temporary.write_bytes(bytes(mail))
            temporary.rename(self.folder / name)
        except OSError as failed:
            raise NotDelivered(f"the mail folder: {failed.strerror}") from failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    tls: bool  # from the first byte
    starttls: bool | None  # None: when the server offers it


def server_from(url: str) -> Server:
    """`smtp://user:password@host:587?starttls=yes|no` or `smtps://user:password@host:465`."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("TRYGG_SMTP_URL begins with smtp:// or smtps:// and names a host")
    tls = parts.scheme == "smtps"
    asked = parse_qs(parts.query).get("starttls", ["auto"])[0]
    if asked not in {"auto", "yes", "no"}:
        raise ValueError("starttls is yes or no")
    return Server(
        host=parts.hostname,
        port=parts.port or (465 if tls else 587),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=tls,
        # A password is never sent in the clear unless the operator has said so.
        starttls=False if tls else {"yes": True, "no": False, "auto": True if parts.password else None}[asked],
    )


class SmtpPost:
    def __init__(
        self,
        server: Server,
        sender: str,
        *,
        context: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] = _now,
        seconds: float = _SECONDS,
    ) -> None:
        self._server = server
        self._sender = sender
        self._context = context
        self._clock = clock
        self._seconds = seconds

    async def send(self, letter: Letter) -> None:
        mail = message(letter, self._sender, self._clock())
        try:
            await aiosmtplib.send(
                mail,
                sender=letter.bounces_to if _same_domain(letter.bounces_to, self._sender) else self._sender,
                hostname=self._server.host,
                port=self._server.port,
                username=self._server.user,
                password=self._server.password,
                use_tls=self._server.tls,
                start_tls=self._server.starttls,
                tls_context=self._context,
                timeout=self._seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            code = refused.recipients[0].code if refused.recipients else 0
            for_good = 500 <= code < 600
            raise NotDelivered(f"the mail server answered {code}", for_good=for_good, of_address=True) from refused
        except aiosmtplib.SMTPResponseException as refused:
            # 5xx to the letter or its address. A login that is refused is ours to mend, and the letter waits for it.
            for_good = 500 <= refused.code < 600 and not isinstance(refused, aiosmtplib.SMTPAuthenticationError)
            raise NotDelivered(f"the mail server answered {refused.code}", for_good=for_good) from refused
        except (aiosmtplib.SMTPException, OSError) as failed:
            raise NotDelivered(f"the mail server: {type(failed).__name__}") from failed


def _same_domain(one: str, other: str) -> bool:
    """Receivers doubt a letter whose way back leads somewhere else than its sender."""
    return "@" in one and one.rpartition("@")[2].lower() == other.rpartition("@")[2].lower()


def post_from(url: str | None, folder: Path, sender: str) -> Post:
    """Through the mail server of the address, or into the folder when there is none."""
    return SmtpPost(server_from(url), sender) if url else FolderPost(folder, sender)
