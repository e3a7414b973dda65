"""A mailbox on this machine that speaks as much IMAP as is asked of it, and remembers what was marked as read."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "svar", "hemligt ord"


@dataclass
class Box:
    """Messages by their number from 1. `refuses`: commands it answers with NO."""

    messages: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    refuses: set[str] = field(default_factory=set)
    port: int = 0

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}/INBOX"

    def answer(self, command: str, rest: str) -> list[bytes]:
        """Lines and literals of one answer, without its last."""
        match command:
            case "CAPABILITY":
                return [b"* CAPABILITY IMAP4rev1\r\n"]
            case "SELECT":
                return [b"* %d EXISTS\r\n" % len(self.messages)]
            case "UID SEARCH":
                unread = [str(n) for n in range(1, len(self.messages) + 1) if n not in self.seen]
                return [f"* SEARCH {' '.join(unread)}\r\n".encode()]
            case "UID FETCH":
                return self._fetched(rest)
            case "UID STORE":
                self.seen.add(int(rest.split(maxsplit=1)[0]))
        return []

    def _fetched(self, rest: str) -> list[bytes]:
        asked = re.fullmatch(r"(\d+) \(RFC822\.SIZE BODY\.PEEK\[\]<0\.(\d+)>\)", rest)
        assert asked, rest
        n, most = int(asked[1]), int(asked[2])
        if n > len(self.messages):
            return []
        raw = self.messages[n - 1]
        part = raw[:most]
        return [f"* {n} FETCH (UID {n} RFC822.SIZE {len(raw)} BODY[]<0> {{{len(part)}}}\r\n".encode(), part, b")\r\n"]


@contextmanager
def a_box() -> Iterator[Box]:
    box = Box()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK IMAP4rev1\r\n")
            for line in self.rfile:
                tag, _, said = line.decode().strip().partition(" ")
                command, _, rest = said.partition(" ")
                if command == "UID":
                    which, _, rest = rest.partition(" ")
                    command = f"UID {which}"
                if command == "LOGIN" and rest != f'{USER} "{PASSWORD}"':
                    self.wfile.write(f"{tag} NO\r\n".encode())
                    continue
                if command in box.refuses:
                    self.wfile.write(f"{tag} NO not now\r\n".encode())
                    continue
                for part in box.answer(command, rest):
                    self.wfile.write(part)
                self.wfile.write(f"{tag} OK done\r\n".encode())
                if command == "LOGOUT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        box.port = server.server_address[1]
        threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True).start()
        try:
            yield box
        finally:
            server.shutdown()
