"""Exported copies say where and when, in a block of our own."""

import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from tests.imaging.makers import PLANTED, a_photo
from trygghetsvandring.imaging.exif import NotPlain, with_declared

EVENING = datetime(2026, 11, 20, 20, 41, 7, tzinfo=timezone(timedelta(hours=1)))


def copy_of(photo: bytes, *, taken_at: datetime, position: tuple[float, float] | None) -> bytes:
    return with_declared(photo, taken_at=taken_at, position=position, municipality="Lidköping", number="LK-1")


def degrees(parts: tuple[float, float, float]) -> float:
    return float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600


def test_an_exported_copy_says_place_time_and_upright() -> None:
    copy = copy_of(a_photo(), taken_at=EVENING, position=(58.505233, 13.157712))

    exif = Image.open(io.BytesIO(copy)).getexif()
    gps, detail = exif.get_ifd(IFD.GPSInfo), exif.get_ifd(IFD.Exif)
    assert exif[Base.Orientation] == 1
    assert detail[Base.DateTimeOriginal] == "2026:11:20 20:41:07"
    assert detail[Base.OffsetTimeOriginal] == "+01:00"
    assert degrees(gps[GPS.GPSLatitude]) == pytest.approx(58.505233, abs=1e-6)
    assert degrees(gps[GPS.GPSLongitude]) == pytest.approx(13.157712, abs=1e-6)
    assert (gps[GPS.GPSLatitudeRef], gps[GPS.GPSLongitudeRef]) == ("N", "E")


@pytest.mark.parametrize(("number", "described"), [("LK-1", "LK-1"), ("Å-31", None)])
def test_an_exported_copy_says_whose_it_is_and_which_case(number: str, described: str | None) -> None:
    copy = with_declared(a_photo(), taken_at=EVENING, position=None, municipality="Lidköping", number=number)

    exif = Image.open(io.BytesIO(copy)).getexif()
    comment = exif.get_ifd(IFD.Exif)[Base.UserComment]
    assert comment.removeprefix(b"UNICODE\0").decode("utf-16-be") == f"Lidköping, {number}"
    assert exif.get(Base.ImageDescription) == described


def test_a_photo_whose_finding_has_not_come_says_only_whose_it_is() -> None:
    copy = with_declared(a_photo(), taken_at=EVENING, position=None, municipality="Skara", number=None)

    exif = Image.open(io.BytesIO(copy)).getexif()
    assert exif.get_ifd(IFD.Exif)[Base.UserComment].endswith("Skara".encode("utf-16-be"))
    assert Base.ImageDescription not in exif


def test_a_photo_without_a_position_gets_no_position() -> None:
    copy = copy_of(a_photo(), taken_at=EVENING, position=None)

    assert not Image.open(io.BytesIO(copy)).getexif().get_ifd(IFD.GPSInfo)


def test_the_picture_itself_is_the_same_bytes() -> None:
    photo = a_photo()

    assert copy_of(photo, taken_at=EVENING, position=(58.5, 13.1)).endswith(photo[2:])


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_position_on_earth_survives(lat: float, lon: float) -> None:
    copy = copy_of(a_photo(16, 16), taken_at=datetime(2026, 1, 1, tzinfo=UTC), position=(lat, lon))

    gps = Image.open(io.BytesIO(copy)).getexif().get_ifd(IFD.GPSInfo)
    assert degrees(gps[GPS.GPSLatitude]) == pytest.approx(abs(lat), abs=1e-7)
    assert degrees(gps[GPS.GPSLongitude]) == pytest.approx(abs(lon), abs=1e-7)


@pytest.mark.parametrize("plant", PLANTED)
def test_a_photo_with_metadata_of_its_own_is_not_exported(plant: str) -> None:
    with pytest.raises(NotPlain):
        copy_of(PLANTED[plant](), taken_at=EVENING, position=None)
