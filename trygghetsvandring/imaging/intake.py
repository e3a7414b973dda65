"""Intake: what a file that calls itself a photo holds, told from its markers alone, before anything decodes it.

We walk the JPEG markers ourselves, in one pass and bounded memory, because every library that parses metadata has been
made to allocate gigabytes by two changed bytes. The walk allows what a canvas writes (JFIF, a colour profile, tables,
one picture) and nothing more. Inside the list a file is kept byte for byte and may be shown as it is. Outside it is
sealed, and shown only through a copy made of its pixels (`conceal`). Some files are no photo at all: `REFUSED`.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from trygghetsvandring.imaging.headers import READS, Header, NoHeader, header_of, is_other_picture

MOST_BYTES: Final = 25 * 1024 * 1024
MOST_PIXELS: Final = 50_000_000

NOT_A_PHOTO: Final = "not_a_photo"
TRUNCATED: Final = "truncated"
TOO_MANY_PIXELS: Final = "too_many_pixels"
METADATA_INSIDE: Final = "metadata_inside"
TRAILING_BYTES: Final = "trailing_bytes"
ANOTHER_FORMAT: Final = "another_format"

REFUSED: Final = frozenset({NOT_A_PHOTO, TRUNCATED, TOO_MANY_PIXELS})
"""Nobody can be shown these, not even through a copy. Every other code seals the file."""

_SOI, _EOI, _SOS, _DQT, _DHT, _DRI = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD
_APP0, _APP1, _APP2, _APP13, _COM = 0xE0, 0xE1, 0xE2, 0xED, 0xFE
_XMP = (b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0")
_PLAIN_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_OTHER_FRAMES = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_ENDS_SCAN = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_PIECE = 64 * 1024
# A camera writes about ten scans. Thousands of them in a small file are a way to keep a decoder busy.
_MOST_SCANS = 64
_MOST_SEGMENTS = 512


@dataclass(frozen=True, slots=True)
class Seen:
    """`code` is None when the file is inside the allow-list. `had` is what a JPEG's segments said they were."""

    header: Header | None
    code: str | None
    had: frozenset[str] = frozenset()

    @property
    def is_inside(self) -> bool:
        return self.code is None

    @property
    def is_refused(self) -> bool:
        return self.code in REFUSED


def look_at(file: BinaryIO) -> Seen:
    """Reads `file` from where it stands to its end; never raises for what the bytes say."""
    walk = _Walk(file)
    try:
        code = walk.code()
    except _Ended as ended:
        code = ended.code
    return Seen(walk.header, code, frozenset(walk.had))


class _Ended(Exception):
    """The walk cannot go on; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Bytes:
    """A file read forwards in pieces; what has been read is forgotten."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._piece = b""
        self._at = 0

    def take(self, count: int) -> bytes:
        """Exactly `count` bytes."""
        while len(self._piece) - self._at < count:
            if not self._more():
                raise _Ended(TRUNCATED)
        taken = self._piece[self._at : self._at + count]
        self._at += count
        return taken

    def rest_of_head(self, count: int) -> bytes:
        """At most `count` bytes, fewer when the file ends."""
        while len(self._piece) - self._at < count and self._more():
            pass
        return self._piece[self._at : self._at + count]

    def skip_scan(self) -> int:
        """Stands behind the next marker that ends a scan, and gives it."""
        while (found := _ENDS_SCAN.search(self._piece, self._at)) is None:
            # The first half of a marker may be the last byte of a piece.
            self._at = len(self._piece) - self._piece.endswith(b"\xff", self._at)
            if not self._more():
                raise _Ended(TRUNCATED)
        self._at = found.end()
        return self._piece[self._at - 1]

    def is_at_end(self) -> bool:
        return self._at == len(self._piece) and not self._more()

    def _more(self) -> bool:
        fresh = self._file.read(_PIECE)
        self._piece = self._piece[self._at :] + fresh
        self._at = 0
        return bool(fresh)


class _Walk:
    """One pass over the markers. `code()` gives the worst that was found, or None."""

    def __init__(self, file: BinaryIO) -> None:
        self.header: Header | None = None
        self.had: set[str] = set()
        self._bytes = _Bytes(file)
        self._outside: str | None = None
        self._scans = 0
        self._has_profile = False

    def code(self) -> str | None:
        self._begin()
        marker = self._next_marker()
        for _ in range(_MOST_SEGMENTS):
            if marker == _EOI:
                return self._end()
            marker = self._step(marker)
        return ANOTHER_FORMAT

    def _begin(self) -> None:
        try:
            start = self._bytes.take(2)
        except _Ended:
            raise _Ended(NOT_A_PHOTO) from None
        if start != bytes((0xFF, _SOI)):
            self._begin_another(start + self._bytes.rest_of_head(READS - len(start)))

    def _begin_another(self, head: bytes) -> None:
        """Not a JPEG: only its size is read here, so that a flood of pixels never comes as far as a decoder."""
        if not is_other_picture(head):
            raise _Ended(NOT_A_PHOTO)
        try:
            self.header = header_of(head)
        except NoHeader:
            raise _Ended(TRUNCATED if len(head) < READS else NOT_A_PHOTO) from None
        if self.header is not None:
            _must_have_a_size(self.header)
        raise _Ended(ANOTHER_FORMAT)

    def _next_marker(self) -> int:
        if self._bytes.take(1) != b"\xff":
            raise _Ended(NOT_A_PHOTO)
        # Any number of 0xFF may stand before a marker (T.81 B.1.1.2).
        while (code := self._bytes.take(1)[0]) == 0xFF:
            pass
        return code

    def _step(self, marker: int) -> int:
        """Reads one segment, and gives the marker after it."""
        if marker in {0x00, _SOI} or marker in _STANDALONE:
            raise _Ended(NOT_A_PHOTO)
        content = self._segment()
        self.had |= _said_to_be(marker, content)
        if not _is_allowed(marker, content):
            self._note(METADATA_INSIDE if marker == _COM or _APP0 <= marker <= 0xEF else ANOTHER_FORMAT)
        if marker == _APP2:
            self._profile()
        elif marker in _PLAIN_FRAMES or marker in _OTHER_FRAMES:
            self._frame(content)
        elif marker == _SOS:
            return self._scan()
        return self._next_marker()

    def _segment(self) -> bytes:
        (length,) = struct.unpack(">H", self._bytes.take(2))
        if length < 2:  # the length counts itself
            raise _Ended(NOT_A_PHOTO)
        return self._bytes.take(length - 2)

    def _profile(self) -> None:
        if self._has_profile:
            self._note(METADATA_INSIDE)
        self._has_profile = True

    def _frame(self, content: bytes) -> None:
        if self.header is not None or len(content) < 6:
            raise _Ended(NOT_A_PHOTO)
        height, width = struct.unpack(">HH", content[1:5])
        self.header = Header(width, height)
        _must_have_a_size(self.header)

    def _scan(self) -> int:
        """Passes the coded pixels. In them 0xFF is followed by 0x00 or a restart marker; all else ends the scan."""
        if self.header is None:
            raise _Ended(NOT_A_PHOTO)
        self._scans += 1
        if self._scans > _MOST_SCANS:
            raise _Ended(ANOTHER_FORMAT)
        return self._bytes.skip_scan()

    def _end(self) -> str | None:
        if self._scans == 0:
            return NOT_A_PHOTO
        if not self._bytes.is_at_end():
            self.had.add("trailing")
            self._note(TRAILING_BYTES)
        return self._outside

    def _note(self, code: str) -> None:
        self._outside = self._outside or code


def _must_have_a_size(header: Header) -> None:
    if header.width == 0 or header.height == 0:
        raise _Ended(NOT_A_PHOTO)
    if header.width * header.height > MOST_PIXELS:
        raise _Ended(TOO_MANY_PIXELS)


def _said_to_be(marker: int, content: bytes) -> set[str]:
    """What a segment is, by the name it begins with. EXIF is opened by `metadata`, in the child."""
    if marker == _COM:
        return {"comment"}
    if marker == _APP1 and content.startswith(_XMP):
        return {"xmp", "gps"} if b"GPSL" in content else {"xmp"}
    if marker == _APP13:
        return {"iptc"}
    if marker == _APP0 and not _is_bare_jfif(content):
        return {"thumbnail"}
    return set()


def _is_allowed(marker: int, content: bytes) -> bool:
    return marker in _ALLOWED and _ALLOWED[marker](content)


def _is_bare_jfif(content: bytes) -> bool:
    """Without a thumbnail: the two last bytes say 0 by 0."""
    return len(content) == 14 and content[:5] == b"JFIF\0" and content[12:] == b"\0\0"


def _is_frame(content: bytes) -> bool:
    return len(content) >= 6 and len(content) == 6 + 3 * content[5]


def _is_scan_header(content: bytes) -> bool:
    return len(content) >= 1 and len(content) == 4 + 2 * content[0]


def _is_restart_interval(content: bytes) -> bool:
    return len(content) == 2


def _is_whole_quantization(content: bytes) -> bool:
    """Tables and nothing behind them."""
    at = 0
    while at < len(content):
        at += 129 if content[at] >> 4 else 65
    return at == len(content)


def _is_whole_huffman(content: bytes) -> bool:
    at = 0
    while at + 17 <= len(content):
        at += 17 + sum(content[at + 1 : at + 17])
    return at == len(content)


# ---- colour profiles: a canvas writes about 500 bytes that say which colours, and two texts that browsers put there

_PROFILE_START = b"ICC_PROFILE\0\x01\x01"  # part 1 of 1
_MOST_PROFILE_BYTES = 4096
_COLOUR_TAGS = frozenset(
    {b"wtpt", b"bkpt", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"chad", b"cicp", b"lumi"}
)
_TEXT_TAGS = frozenset({b"desc", b"cprt"})
_COLOUR_TYPES = frozenset({b"XYZ ", b"curv", b"para", b"sf32", b"cicp"})
_PROFILE_TEXTS = frozenset({"sRGB", "Google Inc. 2016", "Display P3 Gamut with sRGB Transfer", "Display P3"})


def _is_plain_profile(content: bytes) -> bool:
    """A profile can carry any text; only the texts that canvases are known to write pass."""
    profile = content[len(_PROFILE_START) :]
    if not content.startswith(_PROFILE_START) or not 132 <= len(profile) <= _MOST_PROFILE_BYTES:
        return False
    size, count = struct.unpack_from(">I", profile)[0], struct.unpack_from(">I", profile, 128)[0]
    if size != len(profile) or count > 20 or 132 + 12 * count > size:
        return False
    return all(_is_plain_tag(profile, 132 + 12 * n) for n in range(count))


def _is_plain_tag(profile: bytes, at: int) -> bool:
    name, start, length = struct.unpack_from(">4sII", profile, at)
    value = profile[start : start + length]
    if len(value) != length or length < 8:
        return False
    if name in _TEXT_TAGS:
        return _profile_text(value) in _PROFILE_TEXTS
    return name in _COLOUR_TAGS and value[:4] in _COLOUR_TYPES


def _profile_text(value: bytes) -> str | None:
    """The one text of an `mluc` value, in one language."""
    if len(value) < 28 or value[:4] != b"mluc" or struct.unpack_from(">II", value, 8) != (1, 12):
        return None
    length, start = struct.unpack_from(">II", value, 20)
    if start != 28 or start + length > len(value) or value[start + length :].strip(b"\0"):
        return None
    return value[start : start + length].decode("utf-16-be", "replace")


_ALLOWED: Final[dict[int, Callable[[bytes], bool]]] = {
    _APP0: _is_bare_jfif,
    _APP2: _is_plain_profile,
    _DQT: _is_whole_quantization,
    _DHT: _is_whole_huffman,
    _DRI: _is_restart_interval,
    _SOS: _is_scan_header,
    **dict.fromkeys(_PLAIN_FRAMES, _is_frame),
}
