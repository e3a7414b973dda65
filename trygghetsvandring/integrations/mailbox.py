"""The mailbox that answers to our letters come to, over IMAP with TLS.

`TRYGG_MAIL_IN` names one mailbox for each municipality that has one, with the address its letters are answered at:

    lidkoping=svar+*@lidkoping.se,imaps://user:password@imap.lidkoping.se:993/INBOX

`*` is where the letter's own word goes: after a plus, or as the whole local part where the mailbox takes everything.
More municipalities are parted by a space. What a setting promises in a letter is thereby always fetched.
"""

import imaplib
import ipaddress
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from trygghetsvandring.integrations.mail import is_address

MOST_FETCHED: Final = 256 * 1024  # bytes of one message; what is written stands first, attachments after
_SECONDS: Final = 30.0
_TOKEN: Final = "[a-z2-7]{26}"  # noqa: S105  # how one looks, in base32
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_FOLDER: Final = re.compile(r"[A-Za-z0-9._/ -]+")


class MailboxAway(Exception):
    """Nothing is lost: what was not fetched is unread there. The message says why, without addresses or words."""


@dataclass(frozen=True, slots=True)
class Message:
    raw: bytes
    is_whole: bool


class Mailbox(Protocol):
    """Used in a thread of its own."""

    def unread(self) -> list[str]:
        """Oldest first."""

    def fetch(self, id: str) -> Message | None:
        """Its first `MOST_FETCHED` bytes; it stays unread. None: it is gone."""

    def mark_read(self, id: str) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class MailIn:
    """`address` with a `*` in it; `opened` is the mailbox, or raises `MailboxAway`."""

    address: str
    opened: Callable[[], Mailbox] = field(repr=False)

    def answer_to(self, token: str) -> str:
        return self.address.replace("*", token)

    def tokens(self, to: str) -> list[str]:
        """Every token in what says where a message went; some programs write addresses in capitals."""
        before, _, after = self.address.partition("*")
        found = re.findall(f"{re.escape(before)}({_TOKEN}){re.escape(after)}(?![A-Za-z0-9.-])", to, re.IGNORECASE)
        return list(dict.fromkeys(token.lower() for token in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapServer:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    tls: bool


class ImapMailbox:
    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._imap = connection

    def unread(self) -> list[str]:
        found = [it for it in self._said("SEARCH", "UNSEEN") if isinstance(it, bytes)]
        return [it.decode("ascii") for it in b" ".join(found).split() if it.isdigit()]

    def fetch(self, id: str) -> Message | None:
        answer = self._said("FETCH", id, f"(RFC822.SIZE BODY.PEEK[]<0.{MOST_FETCHED}>)")
        pair = next((it for it in answer if isinstance(it, tuple) and len(it) == 2), None)
        if pair is None:
            return None
        size = _SIZE.search(b" ".join(it if isinstance(it, bytes) else it[0] for it in answer if it))
        return Message(pair[1], size is None or int(size[1]) <= len(pair[1]))

    def mark_read(self, id: str) -> None:
        self._said("STORE", id, "+FLAGS.SILENT", r"(\Seen)")

    def close(self) -> None:
        with suppress(imaplib.IMAP4.error, OSError, EOFError):
            self._imap.logout()

    def _said(self, *command: str) -> list[bytes | tuple[bytes, bytes]]:
        with _away():
            status, answer = self._imap.uid(*command)
        if status != "OK":
            raise MailboxAway(f"the mailbox answered {status} to {command[0]}")
        return answer


@contextmanager
def _away() -> Iterator[None]:
    """The library's own words may hold what the server said, and are left out."""
    try:
        yield
    except (imaplib.IMAP4.error, OSError, EOFError) as failed:
        raise MailboxAway(f"the mailbox: {type(failed).__name__}") from failed


def opened(server: ImapServer, context: ssl.SSLContext | None = None) -> Mailbox:
    with _away():
        connection = _connected(server, context)
    it = ImapMailbox(connection)
    try:
        with _away():
            connection.login(server.user, server.password)
            status, _ = connection.select(f'"{server.folder}"')
        if status != "OK":
            raise MailboxAway("the mailbox has no such folder")
    except MailboxAway:
        it.close()
        raise
    return it


def _connected(server: ImapServer, context: ssl.SSLContext | None) -> imaplib.IMAP4:
    if not server.tls:
        return imaplib.IMAP4(server.host, server.port, timeout=_SECONDS)
    ours = context or ssl.create_default_context()
    return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=ours, timeout=_SECONDS)


def mail_in_from(written: str) -> dict[str, MailIn]:
    """By municipality. ValueError says what is wrong, without the password."""
    return dict(_one(each) for each in written.split())


def _one(written: str) -> tuple[str, MailIn]:
    named = re.fullmatch(r"(?P<place>[a-z0-9-]{1,40})=(?P<address>[^,]+),(?P<url>imaps?://\S+)", written)
    if named is None:
        raise ValueError("kommun=svar+*@kommun.se,imaps://user:password@host/INBOX")
    address = named["address"]
    if address.count("*") != 1 or not is_address(address.replace("*", "a" * 26)) or "*" in address.rpartition("@")[2]:
        raise ValueError("the address has one * before its @")
    server = _server(named["url"])
    return named["place"], MailIn(address.lower(), lambda: opened(server))


def _server(url: str) -> ImapServer:
    parts = urlsplit(url)
    tls = parts.scheme == "imaps"
    folder = unquote(parts.path).strip("/") or "INBOX"
    if not parts.hostname or not parts.username or _FOLDER.fullmatch(folder) is None:
        raise ValueError("imaps:// names a user, a host and a plain folder")
    if not tls and not _is_here(parts.hostname):
        raise ValueError("imap:// without TLS only on this machine")
    return ImapServer(
        host=parts.hostname,
        port=parts.port or (993 if tls else 143),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=folder,
        tls=tls,
    )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


NOBODY: Final[Mapping[str, MailIn]] = {}
