"""Settings, from TRYGG_* in the environment. Read by `asgi` and `cli` only and handed on as values."""

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
        key = bytes.fromhex(given)
        if len(key) < 32:
            raise SystemExit("TRYGG_KEY måste vara minst 32 byte, skrivna som 64 hexadecimala tecken.")
        return key
    file = data_dir / "server.key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(file.read_text().strip())
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_hex(32))
        out.flush()
        os.fsync(out.fileno())
    return bytes.fromhex(file.read_text().strip())
