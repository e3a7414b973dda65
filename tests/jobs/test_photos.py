"""Exported photos say in themselves when and where, and nothing else."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from tests.imaging.makers import PHOTOS, a_photo
from tests.web.phones import MUNICIPALITY, Evening
from trygghetsvandring.jobs.photos import export
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage.photos import received_key

pytest_plugins = ["tests.web.evenings"]

HERE = {"lat": 58.505233, "lon": 13.157712, "accuracy_m": 8.0, "age_s": 2, "source": "gps"}


async def exported(evening: Evening, folder: Path) -> list[Path]:
    house = evening.house
    return [it async for it in export(house.store, house.blobs, MUNICIPALITY, folder) if isinstance(it, Path)]


async def test_an_exported_photo_tells_when_and_where_it_was_taken(evening: Evening, tmp_path: Path) -> None:
    phone = await evening.phone()
    await phone.hand_over(a_photo(), of=await phone.observe(position=HERE))
    await evening.app.state.runner.round(Lane.PHOTOS)

    (file,) = await exported(evening, tmp_path / "ut")

    exif = Image.open(io.BytesIO(file.read_bytes())).getexif()
    assert file.name.startswith("LK-1_before_20261120-204100_")
    assert exif[Base.Orientation] == 1
    assert exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] == "2026:11:20 20:41:00"
    assert [float(part) for part in exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude]] == [58.0, 30.0, 18.8388]
    assert exif[Base.ImageDescription] == "LK-1"
    assert exif.get_ifd(IFD.Exif)[Base.UserComment].endswith("Lidköping, LK-1".encode("utf-16-be"))


async def test_the_camera_s_own_metadata_never_goes_out(evening: Evening, tmp_path: Path) -> None:
    phone = await evening.phone()
    await phone.hand_over((PHOTOS / "fuji_gps.jpg").read_bytes(), of=await phone.observe(position=HERE))
    await evening.app.state.runner.round(Lane.PHOTOS)

    (file,) = await exported(evening, tmp_path / "ut")

    content = file.read_bytes()
    assert b"FUJIFILM" not in content
    assert float(Image.open(io.BytesIO(content)).getexif().get_ifd(IFD.GPSInfo)[GPS.GPSLatitude][1]) == 30.0


async def test_a_photo_that_is_not_accepted_is_not_exported(evening: Evening, tmp_path: Path) -> None:
    await (await evening.phone()).hand_over(a_photo())

    assert await exported(evening, tmp_path / "ut") == []


async def test_bytes_that_are_gone_are_named_and_do_not_stop_the_rest(evening: Evening, tmp_path: Path) -> None:
    phone = await evening.phone()
    lost, _ = await phone.hand_over(a_photo()), await phone.hand_over(a_photo(100, 80))
    await evening.app.state.runner.round(Lane.PHOTOS)
    await evening.house.blobs.remove(received_key(MUNICIPALITY, lost))

    house = evening.house
    found = [it async for it in export(house.store, house.blobs, MUNICIPALITY, tmp_path / "ut")]

    assert found[0] == lost
    assert isinstance(found[1], Path)


class CommandLine:
    """`trygg` in a process of its own, on the evening's data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "TRYGG_DATA_DIR": str(folder), "TRYGG_KEY": bytes(32).hex()}

    def start(self, *words: str) -> subprocess.Popen[str]:
        trygg = [sys.executable, "-c", "from trygghetsvandring.cli import main; main()", *words]
        return subprocess.Popen(trygg, env=self.environment, stdout=subprocess.PIPE, text=True)

    def work_until(self, name: str) -> int:
        """Runs `trygg jobs` until a blob of this name is there, and asks it to end; its exit code."""
        working = self.start("jobs")
        until = time.monotonic() + 90
        while not list((self.folder / "blobs").rglob(name)) and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(0.5)
        working.send_signal(signal.SIGTERM)
        working.communicate(timeout=60)
        return working.returncode

    def export(self, out: Path) -> tuple[int, str]:
        exporting = self.start("photos", "export", "--municipality", MUNICIPALITY, "--out", str(out))
        said, _ = exporting.communicate(timeout=90)
        return exporting.returncode, said.strip()


async def test_the_command_line_runs_jobs_and_exports_in_processes_of_its_own(evening: Evening, tmp_path: Path) -> None:
    await (await evening.phone()).hand_over(a_photo())
    trygg, out = CommandLine(evening.folder), tmp_path / "ut"

    worked = await asyncio.to_thread(trygg.work_until, "320.jpg")
    told = await asyncio.to_thread(trygg.export, out)

    assert worked == 0
    assert told == (0, f"1 foton skrivna till {out}")
    assert [file.suffix for file in await asyncio.to_thread(list, out.iterdir())] == [".jpg"]
