"""Small copies: upright, clean, and made where a broken decoder hurts nobody."""

import asyncio
import io
import os
import resource
import time
from pathlib import Path

import piexif
import pillow_heif
import pytest
from PIL import Image

from tests.imaging.makers import PHOTOS, PLANT, PLANTED, a_photo, an_exif_block, picture, saved, seen, with_segment
from trygghetsvandring.imaging import derivatives
from trygghetsvandring.imaging.conceal import Concealed, conceal
from trygghetsvandring.imaging.derivatives import Made, Unmade, decode, make


async def made(content: bytes, *edges: int) -> Made:
    result = await decode(content, edges or (320,))
    assert isinstance(result, Made), result
    return result


async def test_a_phones_photo_gets_one_small_copy() -> None:
    result = await make(a_photo(2048, 1536), 2048, 1536)

    assert isinstance(result, Made)
    assert [(copy.edge, copy.width, copy.height) for copy in result.copies] == [(320, 320, 240)]


async def test_a_larger_photo_gets_a_copy_of_1600_too() -> None:
    result = await make(a_photo(4000, 3000), 4000, 3000)

    assert isinstance(result, Made)
    assert [(copy.edge, copy.width, copy.height) for copy in result.copies] == [(320, 320, 240), (1600, 1600, 1200)]


async def test_a_photo_smaller_than_its_copy_keeps_its_size() -> None:
    result = await made(a_photo(100, 60))

    assert (result.copies[0].width, result.copies[0].height) == (100, 60)


@pytest.mark.parametrize(("orientation", "corner"), [(3, (255, 199)), (6, (199, 0)), (8, (0, 255))])
async def test_a_turned_photo_stands_upright_in_its_copy(orientation: int, corner: tuple[int, int]) -> None:
    turned = with_segment(saved(picture(256, 200)), 0xE1, an_exif_block(orientation))

    copy = (await made(turned)).copies[0]

    red, _, blue = Image.open(io.BytesIO(copy.content)).getpixel(corner)  # type: ignore[misc]
    assert (red > 180, blue < 80) == (True, True)


@pytest.mark.parametrize("plant", PLANTED)
async def test_nothing_planted_is_found_in_any_copy(plant: str) -> None:
    photo = PLANTED[plant]()

    for copy in (await made(photo, 320, 2048)).copies:
        assert PLANT not in copy.content
        assert PLANT.decode().encode("utf-16-be") not in copy.content
        assert seen(copy.content).is_inside
        assert not Image.open(io.BytesIO(copy.content)).getexif()


@pytest.mark.parametrize("format", ["PNG", "WEBP", "HEIF"])
async def test_other_formats_are_shown_through_a_jpeg_copy(format: str) -> None:
    pillow_heif.register_heif_opener()

    copy = (await made(saved(picture(), format))).copies[0]

    assert seen(copy.content).is_inside
    assert (copy.width, copy.height) == (320, 240)


async def test_what_was_transparent_becomes_white_and_not_black() -> None:
    copy = (await made(saved(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG"))).copies[0]

    assert Image.open(io.BytesIO(copy.content)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("edge", [13_344, 20_000])
async def test_a_pixel_flood_is_refused_within_a_second(edge: int) -> None:
    flood = saved(Image.new("1", (edge, edge)), "PNG")
    started = time.monotonic()
    await decode(b"hej", (320,))  # what starting a child costs on this machine just now
    between = time.monotonic()

    assert await decode(flood, (320,)) == Unmade("too_many_pixels")
    assert time.monotonic() - between < 1 + 2 * (between - started)


async def test_the_server_keeps_its_memory_when_a_flood_comes() -> None:
    flood = saved(Image.new("1", (7_000, 7_000)), "PNG")
    await decode(flood, (320,))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    for _ in range(3):
        await decode(flood, (320, 2048))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


async def test_a_turned_photo_of_fifty_million_pixels_fits_in_the_childs_memory() -> None:
    # 512 MiB would be too little for this one.
    plain = saved(Image.effect_noise((1020, 765), 40).resize((8160, 6120)).convert("RGB"), quality=60)
    turned = with_segment(plain, 0xE1, piexif.dump({"0th": {piexif.ImageIFD.Orientation: 6}}))

    assert [(copy.width, copy.height) for copy in (await made(turned, 320, 2048)).copies] == [(240, 320), (1536, 2048)]


@pytest.mark.parametrize(
    "content",
    [b"", b"hej", a_photo()[:-200], b"GIF89a" + bytes(100), b"\0\0\0\x18ftypheic" + bytes(500), b"BM" + bytes(2000)],
)
async def test_what_cannot_be_decoded_is_a_code_and_never_an_exception(content: bytes) -> None:
    assert isinstance(await decode(content, (320,)), Unmade)


async def test_a_cut_photo_says_that_it_is_cut() -> None:
    assert await decode(a_photo(1200, 900)[:-2000], (320,)) == Unmade("truncated")


@pytest.mark.parametrize("name", sorted(path.name for path in PHOTOS.glob("corrupt_[125ou]*.jpg")))
async def test_no_damaged_file_of_the_collection_gives_a_picture(name: str) -> None:
    assert isinstance(await decode((PHOTOS / name).read_bytes(), (320,)), Unmade)


async def test_a_child_that_takes_too_long_is_ended() -> None:
    started = time.monotonic()

    assert await decode(a_photo(), (320,), wall_seconds=0.01) == Unmade(derivatives.TOO_SLOW)
    assert time.monotonic() - started < 5


def children() -> set[str]:
    """Also those of others: the test run's own PostgreSQL is one."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


async def test_a_caller_who_gives_up_leaves_no_child_behind() -> None:
    before = children()
    decoding = asyncio.create_task(decode(saved(Image.new("L", (7_000, 7_000)), "PNG"), (2048,)))
    await asyncio.sleep(0.3)
    assert children() > before

    decoding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await decoding

    assert children() <= before


async def test_a_sealed_photo_keeps_two_digests_apart() -> None:
    photo = (PHOTOS / "fuji_gps.jpg").read_bytes()

    concealed = await conceal(photo)

    assert isinstance(concealed, Concealed)
    assert concealed.received_sha256 != concealed.stored_sha256
    assert b"Exif" in photo
    assert b"Exif" not in concealed.copy.content
    assert seen(concealed.copy.content).is_inside


async def test_a_sealed_photo_that_nobody_can_decode_is_a_code() -> None:
    assert await conceal(b"\xff\xd8\xff\xe1\0\x04hej") == Unmade("not_a_photo")
