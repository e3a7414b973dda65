"""Settings, from TRYGG_* in the environment. Read by `asgi` and `cli` only and handed on as values."""

import contextlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`public_url` feeds links and QR codes. Without `smtp_url` mail is written to `mail_folder`."""

    data_dir: Path
    database_url: str
    public_url: str
    smtp_url: str | None
    mail_from: str
    key: bytes = field(repr=False)
    demo: bool = False

    @property
    def mail_folder(self) -> Path:
        return self.data_dir / "mail"


def from_environment(*, demo: bool = False, public_url: str | None = None) -> Settings:
    data_dir = Path(os.environ.get("TRYGG_DATA_DIR", "var")).resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    return Settings(
        data_dir=data_dir,
        database_url=os.environ.get("TRYGG_DATABASE_URL") or f"sqlite+aiosqlite:///{data_dir / 'trygg.sqlite'}",
        public_url=(os.environ.get("TRYGG_PUBLIC_URL") or public_url or "http://127.0.0.1:8300").rstrip("/"),
        smtp_url=os.environ.get("TRYGG_SMTP_URL") or None,
        mail_from=os.environ.get("TRYGG_MAIL_FROM", "trygghetsvandring@localhost"),
        key=_key(data_dir),
        demo=demo or os.environ.get("TRYGG_DEMO") == "1",
    )


def _key(data_dir: Path) -> bytes:
    """The server's secret: TRYGG_KEY (hex, 32 bytes or more), else a file made on first start, readable by us only."""
    given = os.environ.get("TRYGG_KEY")
    if given:
        return _long_enough(given, "TRYGG_KEY")
    file = data_dir / "server.key"
    if not file.exists():
        _make_key(file)
    return _long_enough(file.read_text(), str(file))


def _long_enough(written: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(written.strip())
    except ValueError:
        key = b""
    if len(key) < 32:
        raise SystemExit(f"{where} måste vara minst 32 byte, skrivna som 64 hexadecimala tecken.")
    return key


def _make_key(file: Path) -> None:
    """Whole or not at all: two processes that start at once get the same key, and a crash leaves no half of one."""
    ours = file.with_name(f"server.key.{secrets.token_hex(4)}")
    with os.fdopen(os.open(ours, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(secrets.token_hex(32))
        out.flush()
        os.fsync(out.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(ours, file)
    ours.unlink()
