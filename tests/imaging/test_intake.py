"""What is inside the allow-list, what is sealed, and what is no photo at all."""

import io
import random
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.imaging.makers import PHOTOS, PLANT, PLANTED, a_photo, picture, saved, seen, with_segment
from trygghetsvandring.imaging.headers import Header
from trygghetsvandring.imaging.intake import Seen, look_at


@pytest.mark.parametrize("name", ["canvas_srgb.jpg", "canvas_display_p3.jpg"])
def test_what_a_canvas_writes_is_inside_the_list(name: str) -> None:
    assert seen((PHOTOS / name).read_bytes()) == Seen(Header(640, 480), None)


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_blocks": 4}, {"subsampling": 0}])
def test_every_plain_way_of_coding_is_inside_the_list(options: dict[str, Any]) -> None:
    assert seen(saved(picture(), **options)) == Seen(Header(640, 480), None)


@pytest.mark.parametrize("plant", PLANTED)
def test_a_file_with_more_than_its_picture_is_outside_the_list(plant: str) -> None:
    verdict = seen(PLANTED[plant]())

    assert not verdict.is_inside
    assert not verdict.is_refused
    assert verdict.header == Header(640, 480)


@pytest.mark.parametrize(
    ("plant", "code"),
    [
        ("exif with position and thumbnail", "metadata_inside"),
        ("comment", "metadata_inside"),
        ("text in the colour profile", "metadata_inside"),
        ("bytes behind the picture", "trailing_bytes"),
    ],
)
def test_the_code_says_what_was_more(plant: str, code: str) -> None:
    assert seen(PLANTED[plant]()).code == code


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_other_pictures_are_sealed_and_not_refused(format: str) -> None:
    assert seen(saved(picture(), format)) == Seen(Header(640, 480), "another_format")


def test_a_heic_file_from_a_phone_is_sealed_and_not_refused() -> None:
    assert seen(b"\0\0\0\x18ftypheic" + bytes(400)) == Seen(None, "another_format")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"Hej, jag heter bild.jpg",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9",
    ],
)
def test_text_and_empty_files_called_jpg_are_refused(content: bytes) -> None:
    assert seen(content).is_refused


@pytest.mark.parametrize(
    "name",
    [
        "beach_unidentified.jpg",
        "corrupt_128_bytes.jpg",
        "corrupt_oserror_open.jpg",
        "corrupt_unidentified.jpg",
        "corrupt_193x31423.jpg",
        "corrupt_2820x3077_in_613_bytes.jpg",
        "corrupt_5125x70.jpg",
    ],
)
def test_a_damaged_file_is_refused(name: str) -> None:
    assert seen((PHOTOS / name).read_bytes()).is_refused


@pytest.mark.parametrize("name", ["fuji_gps.jpg", "corrupt_exif_mapillary.jpg", "pil_exif_typeerror.jpg"])
def test_a_real_photo_with_metadata_is_sealed(name: str) -> None:
    assert seen((PHOTOS / name).read_bytes()).code == "metadata_inside"


def test_a_photo_of_more_than_fifty_million_pixels_is_refused_from_its_header() -> None:
    # The frame's size stands in five bytes; no such picture needs to exist.
    small = a_photo()
    at = small.index(b"\xff\xc0")
    bomb = small[: at + 5] + (20_000).to_bytes(2, "big") + (20_000).to_bytes(2, "big") + small[at + 9 :]

    assert seen(bomb) == Seen(Header(20_000, 20_000), "too_many_pixels")


def test_a_photo_of_exactly_fifty_million_pixels_passes() -> None:
    assert seen(saved(Image.new("L", (10_000, 5_000)))).is_inside


def test_a_table_with_something_behind_it_is_outside_the_list() -> None:
    assert seen(with_segment(a_photo(), 0xDB, bytes(65) + PLANT)).code == "another_format"


def test_a_header_that_claims_a_thumbnail_is_outside_the_list() -> None:
    plain = a_photo()

    assert seen(plain[:18] + b"\x01\x01" + plain[20:]).code == "metadata_inside"


def test_two_pictures_in_one_file_are_outside_the_list() -> None:
    whole = a_photo()

    assert seen(whole + whole).code == "trailing_bytes"


def test_thousands_of_scans_are_not_handed_to_a_decoder_as_plain() -> None:
    whole = a_photo()
    scan = whole[whole.index(b"\xff\xda") : -2]

    assert seen(whole[:-2] + scan * 100 + whole[-2:]).code == "another_format"


@given(st.data())
def test_a_photo_cut_anywhere_is_never_inside_the_list(data: st.DataObject) -> None:
    whole = a_photo(64, 48)

    cut = data.draw(st.integers(0, len(whole) - 1))

    assert seen(whole[:cut]).is_refused


@given(st.binary(max_size=300))
def test_any_bytes_get_a_verdict(content: bytes) -> None:
    assert seen(b"\xff\xd8\xff" + content).code is not None


def test_twenty_thousand_damaged_photos_get_a_verdict_each() -> None:
    chance = random.Random(20_261_120)
    whole = bytearray(PLANTED["exif with position and thumbnail"]())
    started = time.monotonic()

    for _ in range(20_000):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(700)] = chance.randrange(256)
        seen(bytes(damaged))

    assert time.monotonic() - started < 60


def test_memory_stays_small_however_large_the_file_is() -> None:
    large = with_segment(a_photo(), 0xFE, bytes(60_000))[:-2] + bytes(20_000_000) + b"\xff\xd9"
    file = io.BytesIO(large)
    tracemalloc.start()

    look_at(file)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
