"""Files that claim more pixels than anybody may decode are refused before anything decodes them."""

from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from tests.imaging.hostile import heic_of, one_bit_png, sized, webp_canvas
from tests.imaging.makers import a_photo, saved
from tests.web.phones import Evening
from trygghetsvandring.domain.photos import PhotoState
from trygghetsvandring.imaging import child
from trygghetsvandring.imaging.decoder import THE_DECODER, Decoder
from trygghetsvandring.imaging.inspection import inspect

pytest_plugins = ["tests.web.evenings"]

SIZES = ((13_344, 13_344), (20_000, 20_000), (65_500, 65_500))
BOMBS = {
    **{f"jpeg {width}": sized(a_photo(), width, height) for width, height in SIZES},
    **{f"png {width}": one_bit_png(width, height) for width, height in SIZES},
    "png that is whole": saved(Image.new("1", (13_344, 13_344)), "PNG"),
    "webp": webp_canvas(16_383, 16_383),
}


@pytest.fixture
def nobody_decodes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask(_: Decoder, *__: Any, **___: Any) -> None:
        raise AssertionError("a bomb came as far as a decoder")

    monkeypatch.setattr(Decoder, "ask", ask)


@pytest.mark.usefixtures("nobody_decodes")
@pytest.mark.parametrize("bomb", BOMBS)
async def test_the_header_alone_refuses_it(bomb: str) -> None:
    it = await inspect(BOMBS[bomb])

    assert (it.is_accepted, it.code, it.peak_mb) == (False, "too_many_pixels", 0)


@pytest.mark.usefixtures("nobody_decodes")
@pytest.mark.parametrize("bomb", BOMBS)
async def test_handed_in_it_is_refused_with_its_last_byte(evening: Evening, bomb: str) -> None:
    phone = await evening.phone()
    photo = await phone.declare(BOMBS[bomb])
    await phone.create(photo, BOMBS[bomb])

    answer = await phone.send(photo, 0, BOMBS[bomb])

    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_pixels")
    assert (await evening.photo(photo)).state is PhotoState.REFUSED


def test_that_nobody_decodes_would_be_seen(nobody_decodes: None) -> None:
    with pytest.raises(AssertionError):
        THE_DECODER.ask(b"", (320,), None, may_be_smaller=False).send(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [heic_of, one_bit_png])
def test_the_child_refuses_what_only_it_can_tell_before_it_decodes(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[int, int], bytes]
) -> None:
    def shrink(*_: Any, **__: Any) -> None:
        raise AssertionError("a bomb was decoded")

    monkeypatch.setattr(child, "shrink", shrink)

    for size in SIZES:
        assert child.answer(make(*size), (320,)) == ({"code": "too_many_pixels"}, [])
