"""Small copies: upright, clean, and made where a broken decoder hurts nobody."""

import asyncio
import io
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import piexif
import pillow_heif
import pytest
from PIL import Image

from tests.imaging.hostile import DAMAGED
from tests.imaging.makers import (
    PHOTOS,
    PLANT,
    PLANTED,
    a_photo,
    an_exif_block,
    kb_in_use,
    picture,
    saved,
    seen,
    with_segment,
)
from tests.imaging.outcomes import promised
from trygghetsvandring.imaging import child
from trygghetsvandring.imaging.conceal import Concealed, conceal
from trygghetsvandring.imaging.decoder import THE_DECODER, DecoderGone
from trygghetsvandring.imaging.derivatives import TOO_SLOW, Made, Unmade, decode, make
from trygghetsvandring.imaging.inspection import inspect

FLOOD = saved(Image.new("L", (7_000, 7_000)), "PNG")
"""A while to decode, within every limit."""


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
async def test_a_pixel_flood_is_refused_by_the_child_too(edge: int) -> None:
    assert await decode(saved(Image.new("1", (edge, edge)), "PNG"), (320,)) == Unmade("too_many_pixels")


async def test_the_server_keeps_its_memory_when_a_flood_comes() -> None:
    flood = saved(Image.new("1", (7_000, 7_000)), "PNG")
    await decode(flood, (320,))
    before = kb_in_use()

    for _ in range(3):
        await decode(flood, (320, 2048))

    assert kb_in_use() - before < 50 * 1024


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


@pytest.mark.parametrize("damaged", DAMAGED)
async def test_a_damaged_photo_has_the_one_outcome_that_is_promised(damaged: str) -> None:
    seen = await inspect(DAMAGED[damaged]())

    assert {("accepted" if seen.is_accepted else "refused", seen.code)} == promised("Damaged in one place")[damaged]


def test_every_promise_of_a_damaged_photo_is_tried() -> None:
    assert list(promised("Damaged in one place")) == list(DAMAGED)


def children() -> set[str]:
    """Those that are decoding just now."""
    assert THE_DECODER.keeper is not None
    keeper = THE_DECODER.keeper.pid
    return set(Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split())


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never was so")


async def test_a_child_that_takes_too_long_is_ended() -> None:
    await made(a_photo())

    assert await decode(FLOOD, (2048,), wall_seconds=0.1) == Unmade(TOO_SLOW)
    await until(lambda: not children())


async def test_a_caller_who_gives_up_leaves_no_child_behind() -> None:
    await made(a_photo())
    decoding = asyncio.create_task(decode(FLOOD, (2048,)))
    await until(lambda: len(children()) == 1)

    decoding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await decoding

    await until(lambda: not children())


async def test_many_photos_are_decoded_at_once_and_none_is_mixed_up() -> None:
    asked = [(40 + n, 30 + n) for n in range(12)]

    answers = await asyncio.gather(*(made(a_photo(*size)) for size in asked))

    assert [(answer.width, answer.height) for answer in answers] == asked


async def test_a_keeper_ended_from_outside_says_nothing_about_the_photo_and_the_next_one_is_decoded() -> None:
    await made(a_photo())
    before = THE_DECODER.keeper
    assert before is not None
    decoding = asyncio.create_task(decode(FLOOD, (2048,)))
    await until(lambda: len(children()) == 1)

    before.kill()
    with pytest.raises(DecoderGone):
        await decoding

    assert (await made(a_photo())).width == 640
    assert THE_DECODER.keeper is not before


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
async def test_a_child_ended_from_outside_says_nothing_about_the_photo(by: signal.Signals) -> None:
    await made(a_photo())
    decoding = asyncio.create_task(decode(FLOOD, (2048,)))
    await until(lambda: len(children()) == 1)

    os.kill(int(children().pop()), by)

    with pytest.raises(DecoderGone):
        await decoding


async def test_a_child_that_used_up_its_cpu_is_too_slow() -> None:
    await made(a_photo())
    decoding = asyncio.create_task(decode(FLOOD, (2048,)))
    await until(lambda: len(children()) == 1)

    os.kill(int(children().pop()), signal.SIGXCPU)

    assert await decoding == Unmade(TOO_SLOW)


def test_a_lower_limit_that_somebody_has_set_already_stands() -> None:
    # 0 is RLIMIT_CPU.
    said = subprocess.run(
        [
            *("prlimit", "--cpu=5:5", "--core=0:0", sys.executable, "-c"),
            "from trygghetsvandring.imaging.child import *; limit_ourselves(); print(resource.getrlimit(0))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout == "(5, 5)\n"


async def test_a_keeper_that_cannot_fork_goes_on_and_says_nothing_about_the_photo() -> None:
    await made(a_photo())
    before = THE_DECODER.keeper
    assert before is not None
    files = resource.prlimit(before.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(before.pid, resource.RLIMIT_NOFILE, (0, files[1]))

    with pytest.raises(DecoderGone):
        await decode(a_photo(), (320,))
    resource.prlimit(before.pid, resource.RLIMIT_NOFILE, files)

    assert (await made(a_photo())).width == 640
    assert THE_DECODER.keeper is before


async def test_callers_who_give_up_at_any_moment_disturb_no_other_photo() -> None:
    for moment in range(40):
        given_up = asyncio.create_task(decode(a_photo(), (320,)))
        other = asyncio.create_task(made(a_photo(40 + moment, 30)))
        await asyncio.sleep(moment / 2_000)
        given_up.cancel()
        assert (await other).width == 40 + moment
    await until(lambda: not children())


def test_a_tall_photo_is_decoded_no_larger_than_a_wide_one() -> None:
    sizes = []
    for size in ((6_000, 3_000), (3_000, 6_000)):
        image = child.read_photo(a_photo(*size))
        sizes.append((child.shrink(image, 2048, may_be_smaller=True).size, image.size))

    assert sizes == [((2048, 1024), (3_000, 1_500)), ((1024, 2048), (1_500, 3_000))]


async def test_who_makes_a_child_crash_meets_another_memory_layout_next_time() -> None:
    await made(a_photo())
    before = THE_DECODER.keeper
    decoding = asyncio.create_task(decode(FLOOD, (2048,)))
    await until(lambda: len(children()) == 1)

    os.kill(int(children().pop()), signal.SIGSEGV)

    assert await decoding == Unmade("not_a_photo")
    assert (await made(a_photo())).width == 640
    assert THE_DECODER.keeper is not before


async def test_what_a_decoder_halves_to_is_kept_without_scaling_when_it_is_near_enough() -> None:
    concealed = await conceal(with_segment(a_photo(4000, 3000), 0xFE, PLANT))
    other = await conceal(with_segment(a_photo(2900, 2000), 0xFE, PLANT))

    assert isinstance(concealed, Concealed)
    assert isinstance(other, Concealed)
    assert (concealed.copy.width, concealed.copy.height) == (2000, 1500)
    assert (other.copy.width, other.copy.height) == (2048, 1412)


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (40_000, 156), (65_535, 255)])
async def test_sixteen_bits_a_pixel_keep_their_brightness(value: int, shown: int) -> None:
    copy = (await made(saved(Image.new("I;16", (64, 64), value), "PNG"))).copies[0]

    assert Image.open(io.BytesIO(copy.content)).getpixel((5, 5)) == pytest.approx((shown,) * 3, abs=2)


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
