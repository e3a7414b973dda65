"""Keys that rescue files are sealed to, one per municipality, and the opening of such a file.

ECDH on P-256 between the phone's one-time key and ours, HKDF-SHA-256, then AES-256-GCM piece by piece. A piece's nonce
is its number and whether it is the last; the header stands behind every piece. So a piece that is changed, moved, left
out or put in is noticed, and so is a file that ends early.
"""

import base64
import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trygghetsvandring.domain.rescues import (
    MAGIC,
    Header,
    NotARescue,
    RescueDamaged,
    RescueElsewhere,
    RescueKeyUnknown,
    RescueTruncated,
)

_INFO: Final = b"trygg-rescue-1"
_MOST_HEADER: Final = 4_096
_MOST_PIECE: Final = 1024 * 1024 + 16
_RAW = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
_SPKI = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


class Keys:
    """A folder of private keys, readable by us only. They are in no database and in no export: back the folder up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def public(self, municipality: str) -> tuple[str, str]:
        """(the key's name, the key itself as base64 of its SPKI). Made at the first question."""
        public = self._private(municipality).public_key()
        spki = public.public_bytes(*_SPKI)
        return _name(spki), base64.b64encode(spki).decode()

    def opened(self, municipality: str, file: BinaryIO) -> Iterator[bytes]:
        """The plain pieces, each as soon as it is proven. Whoever takes in anything has read to the end first."""
        header, raw = _header(file)
        if header.municipality != municipality:
            raise RescueElsewhere()
        private = self._private(municipality)
        spki = private.public_key().public_bytes(*_SPKI)
        if header.key != _name(spki):
            raise RescueKeyUnknown()
        cipher = AESGCM(_shared(private, header.epk))
        return _pieces(file, cipher, hashlib.sha256(raw).digest())

    def _private(self, municipality: str) -> ec.EllipticCurvePrivateKey:
        file = self._folder / f"{municipality}.pem"
        if not file.exists():
            self._make(file)
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    def _make(self, file: Path) -> None:
        """Whole or not at all, and once: two processes that start together get the same key."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        ours = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(ours, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(pem)
            out.flush()
            os.fsync(out.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(ours, file)
        ours.unlink()


def _name(spki: bytes) -> str:
    return hashlib.sha256(spki).hexdigest()[:16]


def _shared(private: ec.EllipticCurvePrivateKey, epk: str) -> bytes:
    try:
        raw = base64.b64decode(epk, validate=True)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        raise RescueDamaged() from None
    ours = private.public_key().public_bytes(*_RAW)
    secret = private.exchange(ec.ECDH(), theirs)
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=raw, info=_INFO + ours).derive(secret)


def _header(file: BinaryIO) -> tuple[Header, bytes]:
    start = file.read(len(MAGIC))
    if start != MAGIC:
        raise NotARescue()
    length = file.read(4)
    size = int.from_bytes(length, "big")
    if len(length) < 4:
        raise RescueTruncated()
    if not 2 <= size <= _MOST_HEADER:
        raise RescueDamaged()
    text = file.read(size)
    if len(text) < size:
        raise RescueTruncated()
    try:
        return msgspec.json.decode(text, type=Header), start + length + text
    except (msgspec.DecodeError, ValueError):
        raise RescueDamaged() from None


def _pieces(file: BinaryIO, cipher: AESGCM, behind: bytes) -> Iterator[bytes]:
    number, is_last = 0, False
    while not is_last:
        head = file.read(5)
        if len(head) < 5:
            raise RescueTruncated()
        size, is_last = int.from_bytes(head[:4], "big"), head[4] == 1
        if head[4] > 1 or not 16 <= size <= _MOST_PIECE:
            raise RescueDamaged()
        sealed = file.read(size)
        if len(sealed) < size:
            raise RescueTruncated()
        try:
            yield cipher.decrypt(bytes(7) + number.to_bytes(4, "big") + head[4:5], sealed, behind)
        except InvalidTag:
            raise RescueDamaged() from None
        number += 1
    if file.read(1):
        raise RescueDamaged()  # something was put behind the end
