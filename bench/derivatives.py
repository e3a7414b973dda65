"""CPU for the copies of a 12 MP photo, beside libjpeg-turbo alone, pyvips, and Pillow as it is usually written.

Each way takes its turn in every round, on the same six photos, half of them turned, in a process that is warm. Ours is
all that the child does: EXIF read, decoded, turned, copies pasted clean and coded. `job` is the same with what keeping
it apart costs: a forked process for each photo, the file there and the answer back, the keeper's and the server's work.
"""

import asyncio
import io
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import piexif
from PIL import Image, ImageOps

from bench.cost import cpu_s
from bench.history import Figures, median
from tests.imaging.hostile import sized
from tests.imaging.makers import a_photo, with_segment
from trygghetsvandring.imaging import child, derivatives
from trygghetsvandring.imaging.child import QUALITY
from trygghetsvandring.imaging.conceal import COPY_EDGE
from trygghetsvandring.imaging.derivatives import LARGE, SMALL
from trygghetsvandring.imaging.inspection import inspect

ROUNDS, PHOTOS = 7, 6
WIDTH, HEIGHT = 4032, 3024
BOMBS = ((13_344, 13_344), (20_000, 20_000), (65_500, 65_500))
_HERE = Path(__file__).parent


def measure() -> Figures:
    with TemporaryDirectory(prefix="trygg-bench-") as name:
        photos = _twelve_megapixels(Path(name))
        with _peers(Path(name)) as asked:
            ways: dict[str, Callable[[], float]] = {
                "limit": lambda: asked("limit"),
                "ours_1600": lambda: _ours(photos, (SMALL, LARGE)),
                "ours_unscaled": lambda: _ours(photos, (SMALL, COPY_EDGE), may_be_smaller=True),
                "job_1600": lambda: _job(photos),
                "pyvips": lambda: asked("pyvips"),
                "naive_pillow": lambda: _naive(photos),
            }
            took: dict[str, list[float]] = {way: [] for way in ways}
            for way in list(ways.values())[:4]:  # libraries loaded, keeper started
                way()
            for _ in range(ROUNDS):
                for name_, way in ways.items():
                    took[name_].append(way() * 1000 / PHOTOS)
    ms = {way: median(values) for way, values in took.items()}
    figures: Figures = {f"{way}_cpu_ms": round(value, 1) for way, value in ms.items()}
    figures |= _bar("of_limit_1600", ms["limit"] / ms["ours_1600"], 0.45)
    figures |= _bar("of_limit_unscaled", ms["limit"] / ms["ours_unscaled"], 0.60)
    figures |= _bar("pyvips_takes", ms["pyvips"] / ms["ours_1600"], 1.3)
    figures["job_of_limit"] = round(ms["limit"] / ms["job_1600"], 2)
    figures["naive_takes"] = round(ms["naive_pillow"] / ms["ours_1600"], 2)
    return figures | _bombs()


def _bar(name: str, ratio: float, least: float) -> Figures:
    ratio = round(ratio, 2)
    return {name: ratio, f"{name}_bar": f">= {least}: {'met' if ratio >= least else 'MISSED'}"}


def _twelve_megapixels(folder: Path) -> list[bytes]:
    """About 3 MB each: a sky, a ground, and grain all over, as a phone's night photo has."""
    chance, photos = random.Random(12), []
    for number in range(PHOTOS):
        grain = Image.effect_noise((WIDTH, HEIGHT), 24)
        coarse = Image.frombytes("RGB", (48, 36), chance.randbytes(48 * 36 * 3)).resize((WIDTH, HEIGHT))
        photo = Image.blend(coarse, Image.merge("RGB", (grain, grain, grain)), 0.4)
        out = io.BytesIO()
        photo.save(out, "JPEG", quality=85)
        block = piexif.dump({"0th": {piexif.ImageIFD.Orientation: 6 if number % 2 else 1}})
        photos.append(with_segment(out.getvalue(), 0xE1, block))
        (folder / f"{number}.jpg").write_bytes(photos[-1])
    return photos


@contextmanager
def _peers(folder: Path) -> Iterator[Callable[[str], float]]:
    command = ["uv", "run", "--no-project", "--quiet", "--python", sys.executable]
    command += ["--with-requirements", str(_HERE / "photo_peers.txt"), str(_HERE / "photo_peers.py"), str(folder)]
    env = {**os.environ, "VIPS_CONCURRENCY": "1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True) as peers:
        assert peers.stdin is not None
        assert peers.stdout is not None

        def asked(way: str) -> float:
            print(way, file=peers.stdin, flush=True)
            return float(peers.stdout.readline())  # type: ignore[union-attr]

        yield asked
        peers.stdin.close()


def _ours(photos: list[bytes], edges: tuple[int, int], *, may_be_smaller: bool = False) -> float:
    before = time.process_time()
    for photo in photos:
        told, parts = child.make(photo, edges, may_be_smaller=may_be_smaller)
        assert len(parts) == len(edges), told
    return time.process_time() - before


def _job(photos: list[bytes]) -> float:
    async def all_of_them() -> None:
        for photo in photos:
            made = await derivatives.make(photo, WIDTH, HEIGHT)
            assert isinstance(made, derivatives.Made), made

    before = cpu_s(os.getpid())
    asyncio.run(all_of_them())
    return cpu_s(os.getpid()) - before


def _naive(photos: list[bytes]) -> float:
    before = time.process_time()
    for photo in photos:
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(photo)))
        for edge in (1600, 320):
            small = image.copy()
            small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
            small.save(io.BytesIO(), "JPEG", quality=QUALITY, optimize=True)
    return time.process_time() - before


def _bombs() -> Figures:
    """Each claims so many pixels in a file of a few kilobytes."""
    worst = 0.0
    for width, height in BOMBS:
        start = time.perf_counter()
        code = asyncio.run(inspect(sized(a_photo(), width, height))).code
        worst = max(worst, (time.perf_counter() - start) * 1000)
        assert code == "too_many_pixels", code
    return {"worst_bomb_ms": round(worst, 1), "bombs_bar": f"<= 1000 ms: {'met' if worst <= 1000 else 'MISSED'}"}
