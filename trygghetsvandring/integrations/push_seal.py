"""A message that only one browser can read (RFC 8291, aes128gcm): its push service sees neither words nor length."""

import base64
import os

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PADDED = 512  # all messages are of one length
_RECORD = 4096
_SECRET = 16


def unpacked(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def seal(message: bytes, browser_key: str, browser_secret: str) -> bytes:
    """Raises ValueError when a browser could not have made that key (`p256dh`) and secret (`auth`)."""
    padded = message + b"\x02" + bytes(max(0, _PADDED - len(message) - 1))
    return sealed(padded, browser_key, browser_secret, os.urandom(16), ec.generate_private_key(ec.SECP256R1()))


def sealed(
    padded: bytes, browser_key: str, browser_secret: str, salt: bytes, ours: ec.EllipticCurvePrivateKey
) -> bytes:
    """One record; `padded` ends with its delimiter."""
    theirs_raw, secret = unpacked(browser_key), unpacked(browser_secret)
    if len(secret) != _SECRET:
        raise ValueError("not a secret")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs_raw)
    ours_raw = ours.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    shared = ours.exchange(ec.ECDH(), theirs)
    keyed = _derived(secret, b"WebPush: info\x00" + theirs_raw + ours_raw, 32, shared)
    key = _derived(salt, b"Content-Encoding: aes128gcm\x00", 16, keyed)
    nonce = _derived(salt, b"Content-Encoding: nonce\x00", 12, keyed)
    head = salt + _RECORD.to_bytes(4) + bytes([len(ours_raw)]) + ours_raw
    return head + AESGCM(key).encrypt(nonce, padded, None)


def _derived(salt: bytes, info: bytes, length: int, of: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(of)
