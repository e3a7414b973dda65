"""The limit and the peer of `derivatives`, in an environment of their own: what it has is no part of the product.

Run by `uv run` with `photo_peers.txt`. A word on standard input asks for a round; out comes its CPU in seconds.
`limit` is libjpeg-turbo alone: decoded at half, as many pixels coded again as the copies have, nothing scaled, nothing
read. `pyvips` is thumbnail as its documentation writes it, the small copy from the large.
"""

import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pyvips
import simplejpeg

QUALITY = 82


def limit(photo: bytes) -> None:
    half = simplejpeg.decode_jpeg(photo, min_height=1200, min_width=1200)
    for height, width in ((1200, 1600), (240, 320)):
        simplejpeg.encode_jpeg(half[:height, :width].copy(), quality=QUALITY, colorsubsampling="420")


def vips(photo: bytes) -> None:
    large = pyvips.Image.thumbnail_buffer(photo, 1600, height=1600).copy_memory()
    large.jpegsave_buffer(Q=QUALITY, keep="none")
    large.thumbnail_image(320, height=320).jpegsave_buffer(Q=QUALITY, keep="none")


WAYS: dict[str, Callable[[bytes], None]] = {"limit": limit, "pyvips": vips}


def main(folder: Path) -> None:
    pyvips.cache_set_max(0)  # the same photo again must be the same work again
    photos = [file.read_bytes() for file in sorted(folder.glob("*.jpg"))]
    for line in sys.stdin:
        way, before = WAYS[line.strip()], _cpu_s()
        for photo in photos:
            way(photo)
        print(_cpu_s() - before, flush=True)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


main(Path(sys.argv[1]))
