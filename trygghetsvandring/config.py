"""Settings, from TRYGG_* in the environment. Read by `asgi` and `cli` only and handed on as values."""

import contextlib
import ipaddress
import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from trygghetsvandring.storage.buckets import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`public_url` feeds links and QR codes. Without `smtp_url` mail is written to `mail_folder`.

    `mail_in`: the mailboxes that are fetched (`integrations/mailbox.py`), "" = none.
    Without `bucket` photos lie in a folder of `data_dir`.
    """

    data_dir: Path
    database_url: str
    public_url: str
    smtp_url: str | None
    mail_from: str
    key: bytes = field(repr=False)
    demo: bool = False
    bucket: Place | None = None
    mail_in: str = field(default="", repr=False)

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
        bucket=_bucket(),
        mail_in=os.environ.get("TRYGG_MAIL_IN", "").strip(),
    )


_BUCKET = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<folder>[A-Za-z0-9_-]+))?/?")


def _bucket() -> Place | None:
    """Half a setting stops the start: photos must never end up somewhere nobody meant."""
    blobs = os.environ.get("TRYGG_BLOBS", "").strip()
    endpoint = os.environ.get("TRYGG_S3_ENDPOINT", "").strip()
    browsers = os.environ.get("TRYGG_S3_BROWSERS", "").strip()
    region = os.environ.get("TRYGG_S3_REGION", "").strip()
    key_id = os.environ.get("TRYGG_S3_KEY_ID", "").strip()
    secret = os.environ.get("TRYGG_S3_SECRET", "").strip()
    if not blobs:
        if endpoint or browsers or region or key_id or secret:
            raise _wrong("blobs_missing", "TRYGG_S3_… är satt men inte TRYGG_BLOBS. Skriv den, eller ta bort alla.")
        return None
    named = _BUCKET.fullmatch(blobs)
    if named is None:
        raise _wrong("blobs_unsound", "TRYGG_BLOBS skrivs s3://hink eller s3://hink/mapp. Utan den används en mapp.")
    if not (key_id and secret):
        raise _wrong("s3_keys_missing", "TRYGG_S3_KEY_ID och TRYGG_S3_SECRET behövs båda.")
    if not region:
        raise _wrong("s3_region_missing", "TRYGG_S3_REGION behövs, till exempel eu-north-1.")
    return Place(
        bucket=named["bucket"],
        folder=named["folder"] or "",
        endpoint=_endpoint("TRYGG_S3_ENDPOINT", endpoint or f"https://s3.{region}.amazonaws.com"),
        browsers=_endpoint("TRYGG_S3_BROWSERS", browsers) if browsers else None,
        region=region,
        key_id=key_id,
        secret=secret,
    )


_ADDRESS = re.compile(r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?")


def _endpoint(name: str, written: str) -> str:
    """With TLS, but on this machine itself: what travels is photos. It stands in a header too, so no more than this."""
    said = _ADDRESS.fullmatch(written)
    if said is None:
        raise _wrong("s3_endpoint_unsound", f"{name} skrivs https://värd eller https://värd:port.")
    if said["scheme"] == "http" and not _is_here(said["host"].strip("[]")):
        raise _wrong("s3_endpoint_not_https", f"{name} måste börja med https://.")
    return written


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _wrong(code: str, why: str) -> SystemExit:
    return SystemExit(f"{code}: {why}")


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
