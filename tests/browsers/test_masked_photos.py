"""After *Klar* nothing of what was hidden is left: not on the phone, not on the wire, not on the server."""

import io
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageColor, ImageStat
from playwright.sync_api import Page

from tests.browsers.conftest import NewContext
from tests.browsers.phone import Phone, Tab
from tests.browsers.site import Site

SIZE = (1200, 1600)
PEOPLE = (0, 320, 1200, 1280)
"""Left, upper, right, lower: a group from one edge to the other, so that their bytes in a JPEG lie together."""
CORNER = (0, 0, 400, 560)
OTHERS = {(1190, 10): "red", (10, 1590): "green", (1190, 1590): "blue"}
"""A colour in each of the other corners, by a pixel there."""
Region = tuple[int, int, int, int]
MARKS = (b"planted-maker", b"planted-comment", b"planted-trailer")


@dataclass(frozen=True)
class Camera:
    """What somebody chose from the phone: a picture with people, and all a camera writes beside one."""

    file: Path
    content: bytes


@pytest.fixture
def camera(tmp_path: Path) -> Camera:
    source = random.Random(5)
    street = Image.effect_noise(SIZE, 25).convert("RGB")
    wide, high = PEOPLE[2] - PEOPLE[0], PEOPLE[3] - PEOPLE[1]
    people = Image.frombytes("RGB", (wide, high), source.randbytes(wide * high * 3))
    street.paste(people, PEOPLE[:2])
    exif = Image.Exif()
    exif[0x010F] = MARKS[0].decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (58.0, 29.0, 42.0), 3: "E", 4: (13.0, 10.0, 35.0)})
    out = io.BytesIO()
    street.save(out, "JPEG", quality=92, exif=exif, comment=MARKS[1])
    content = out.getvalue() + MARKS[2]
    file = tmp_path / "IMG_0001.jpg"
    file.write_bytes(content)
    assert all(mark in content for mark in MARKS)
    return Camera(file, content)


@pytest.fixture
def turned(tmp_path: Path) -> Camera:
    """Held upright: the sensor's picture lies down, and the file says how it is turned."""
    shown = Image.new("RGB", SIZE, "white")
    for (x, y), colour in OTHERS.items():
        shown.paste(colour, (x // 800 * 800, y // 1000 * 1000, x // 800 * 800 + 400, y // 1000 * 1000 + 600))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    shown.transpose(Image.Transpose.ROTATE_90).save(out, "JPEG", quality=92, exif=exif)
    file = tmp_path / "IMG_0006.jpg"
    file.write_bytes(out.getvalue())
    return Camera(file, out.getvalue())


HEAD = Path(__file__).with_name("astronaut.jpg")
"""Eileen Collins's portrait by NASA, in the public domain; a cut of the copy that scikit-image carries."""


@pytest.fixture
def portrait(tmp_path: Path) -> Camera:
    """Somebody so near that the whole person is the whole picture but its upper edge."""
    street = Image.frombytes("L", SIZE, random.Random(5).randbytes(SIZE[0] * SIZE[1])).convert("RGB")
    with Image.open(HEAD) as head:
        street.paste(head.resize((head.width * 4, head.height * 4)), (180, 60))
    out = io.BytesIO()
    street.save(out, "JPEG", quality=92)
    file = tmp_path / "IMG_0007.jpg"
    file.write_bytes(out.getvalue())
    return Camera(file, out.getvalue())


def _counts_what_the_page_draws(page: Page, has_worker: bool) -> None:
    page.add_init_script(_COUNTS + ("" if has_worker else _NO_WORKER))


_COUNTS = """
    const own = HTMLCanvasElement.prototype.toDataURL;
    self.drawnHere = 0;
    HTMLCanvasElement.prototype.toDataURL = function (...how) { self.drawnHere++; return own.apply(this, how); };
"""
_NO_WORKER = "self.Worker = class { constructor() { throw new Error('refused'); } };"
_HAS_BEGUN = "() => new Promise((y) => { const look = () => (self.onmessage ? y() : setTimeout(look, 20)); look(); })"


def _hears(site: Site) -> dict[int, bytearray]:
    """What the phone says from now on, by connection."""
    wire: dict[int, bytearray] = {}
    site.proxy.hears = lambda connection, piece: wire.setdefault(connection, bytearray()).extend(piece)
    return wire


def _is_chosen(phone: Phone, page: Page, camera: Camera, has_worker: bool = True) -> bytes:
    """Returns the bytes the app keeps of it before anything is hidden."""
    phone.screen.go(phone.home + "kamera")
    page.locator("input[type=file]").first.wait_for(state="attached")
    if has_worker:
        phone.waits(lambda: any("/darkroom" in worker.url for worker in page.workers), "no worker")
        next(worker for worker in page.workers if "/darkroom" in worker.url).evaluate(_HAS_BEGUN)
    page.locator("input[type=file]").first.set_input_files(camera.file)
    page.get_by_role("heading", name="Vad är det?").wait_for()
    [kept] = _pictures(phone.everything()).values()
    return kept


def _opens_the_mask(page: Page) -> None:
    page.get_by_role("button", name="Ljus", exact=True).click()
    page.get_by_role("link", name="Dölj eller ta om").click()
    page.locator(".maskpicture img").evaluate("(photo) => photo.decode()")


def _drags(page: Page, region: Region = PEOPLE) -> None:
    shown = page.locator(".maskpicture svg").bounding_box()
    assert shown is not None
    scale = shown["width"] / SIZE[0]
    left, upper, right, lower = region
    page.mouse.move(shown["x"] + left * scale + 1, shown["y"] + max(1, upper * scale - 4))
    page.mouse.down()
    page.mouse.move(shown["x"] + right * scale + 4, shown["y"] + lower * scale + 4, steps=8)
    page.mouse.up()


def _hides(page: Page, region: Region = PEOPLE) -> None:
    _opens_the_mask(page)
    _drags(page, region)
    page.get_by_role("button", name="Klar. Dölj 1 ruta").click()
    page.get_by_text("1 ruta döljer.").wait_for()


def _pictures(found: dict[str, bytes]) -> dict[str, bytes]:
    """The photos among them; the app's own icons are no photos."""
    return {where: content for where, content in found.items() if content.startswith(b"\xff\xd8")}


def _brightest(content: bytes, region: Region = PEOPLE) -> int:
    """The lightest value anywhere over the people, whatever size the copy has."""
    with Image.open(io.BytesIO(content)) as picture:
        scale = picture.width / SIZE[0]
        assert picture.height == round(SIZE[1] * scale)
        left, upper, right, lower = (round(side * scale) for side in region)
        people = picture.convert("RGB").crop((left, upper, right, lower))
        return int(max(high for _, high in ImageStat.Stat(people).extrema))


def _tells(content: bytes | bytearray, unmasked: Iterable[bytes]) -> list[str]:
    """What of the originals is in there: a mark, or of the middle half, which is people only, any 64 bytes in a row."""
    told = [mark.decode() for mark in MARKS if mark in content]
    middle = ((whole, len(whole) // 4, len(whole) * 3 // 4) for whole in unmasked)
    pieces = [whole[at : at + 64] for whole, start, end in middle for at in range(start, end, 1_024)]
    return told + ["people" for piece in pieces if piece in content][:1]


@pytest.mark.journey
@pytest.mark.parametrize("has_worker", [True, False], ids=["worker", "page"])
def test_nothing_of_what_was_hidden_is_on_the_phone_on_the_wire_or_on_the_server(
    site: Site, a_context: NewContext, camera: Camera, has_worker: bool
) -> None:
    page = a_context().new_page()
    _counts_what_the_page_draws(page, has_worker)
    phone = Phone(Tab(page))
    phone.joins(site.link)
    wire = _hears(site)
    unmasked = _is_chosen(phone, page, camera, has_worker)
    assert _brightest(unmasked) > 200
    assert any(_tells(content, [unmasked]) for content in phone.everything().values()), "the search finds nothing"
    assert not any(_tells(content, [camera.content]) for content in phone.everything().values())

    _hides(page)
    assert (page.evaluate("self.drawnHere") == 0) is has_worker
    here = phone.everything()
    phone.hands_in()
    phone.waits_until_received()
    phone.waits(lambda: site.rows("select state from photos")[0]["state"] == "accepted", "the photo was not accepted")

    for where, content in [*here.items(), *phone.everything().items()]:
        assert _tells(content, [unmasked, camera.content]) == [], where
    assert [_brightest(content) for content in _pictures(here).values()] == [0]
    [masked] = _pictures(here).values()
    for end in (masked[:4_096], masked[-4_096:]):
        assert any(end in said for said in wire.values()), "the wire was not heard"
    for said in wire.values():
        assert _tells(said, [unmasked, camera.content]) == []
    [photo] = site.docs("photos")
    assert (photo["masks"], photo["checked"], photo["is_sealed"]) == (1, True, False)
    files = {str(file): file.read_bytes() for file in site.server.data.rglob("*") if file.is_file()}
    for where, content in files.items():
        assert _tells(content, [unmasked, camera.content]) == [], where
    assert masked in files.values()
    assert {_brightest(content) for content in _pictures(files).values()} <= {0, 1, 2}


@pytest.mark.journey
def test_a_photo_nobody_answered_for_stays_on_the_phone(site: Site, a_context: NewContext, camera: Camera) -> None:
    page = a_context().new_page()
    phone = Phone(Tab(page))
    phone.joins(site.link)
    wire = _hears(site)
    unmasked = _is_chosen(phone, page, camera)
    page.get_by_role("button", name="Ljus", exact=True).click()
    phone.fills(findings=1, photos=0)
    phone.hands_in()
    phone.waits(lambda: len(site.rows("select id from observations")) == 1, "the other finding was not sent")

    assert wire, "the wire was not heard"
    for said in wire.values():
        assert _tells(said, [unmasked, camera.content]) == []
    assert site.rows("select id from photos") == []
    assert [row["passage"] for row in phone.read().photos.values()] == ["draft"]


@pytest.mark.journey
@pytest.mark.parametrize("has_worker", [True, False], ids=["worker", "page"])
def test_a_box_in_a_corner_of_a_turned_photo_hides_that_corner(
    site: Site, a_context: NewContext, turned: Camera, has_worker: bool
) -> None:
    page = a_context().new_page()
    _counts_what_the_page_draws(page, has_worker)
    phone = Phone(Tab(page))
    phone.joins(site.link)
    unmasked = _is_chosen(phone, page, turned, has_worker)
    assert _brightest(unmasked, CORNER) > 200
    _hides(page, CORNER)

    [masked] = _pictures(phone.everything()).values()
    assert _brightest(masked, CORNER) == 0
    with Image.open(io.BytesIO(masked)) as picture:
        assert picture.size == SIZE
        assert picture.getexif().get(0x0112, 1) == 1
        for at, colour in OTHERS.items():
            is_, said = picture.convert("RGB").getpixel(at), ImageColor.getrgb(colour)
            assert isinstance(is_, tuple)
            assert all(abs(one - other) < 20 for one, other in zip(is_, said, strict=True)), (at, is_)
        middle = picture.convert("L").getpixel((600, 800))
        assert isinstance(middle, int | float) and middle > 230


@pytest.mark.journey
def test_the_phone_suggests_a_person_hides_nobody_by_itself_and_leaves_nothing_of_who_is_confirmed(
    site: Site, a_context: NewContext, portrait: Camera
) -> None:
    page = a_context().new_page()
    phone = Phone(Tab(page))
    phone.joins(site.link)
    unmasked = _is_chosen(phone, page, portrait)
    _opens_the_mask(page)
    yes = page.get_by_role("button", name="Ja, dölj personen")
    yes.wait_for()
    assert page.locator(".suggested").count() == 1
    assert page.locator(".maskpicture .box").count() == 0
    assert page.get_by_role("button", name=re.compile("Klar|Ingen person")).count() == 0
    assert phone.read().photos.popitem()[1]["passage"] == "draft"
    assert _pictures(phone.everything()).popitem()[1] == unmasked

    page.get_by_role("button", name="Nej", exact=True).click()
    page.get_by_role("button", name="Ingen person i bilden").wait_for()
    assert page.locator(".suggested, .maskpicture .box").count() == 0
    page.reload()
    yes.click()
    page.locator(".maskpicture").focus()
    page.keyboard.press("Shift+ArrowDown")
    page.get_by_role("button", name="Klar. Dölj 1 ruta").click()
    page.get_by_text("1 ruta döljer.").wait_for()
    everything = phone.everything()
    [masked] = _pictures(everything).values()
    assert _brightest(masked, (0, 240, *SIZE)) == 0
    assert [where for where, content in everything.items() if _tells(content, [unmasked])] == []


_HOLDS_THE_WORKER = """() => {
    const own = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (...said) { self.letsGo = () => own.apply(this, said); };
}"""
_IS_FULL = """() => {
    const own = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
    self.hasRoom = () => { IDBObjectStore.prototype.put = own; };
}"""


@pytest.mark.journey
def test_while_people_are_hidden_no_box_is_taken_and_whoever_leaves_is_led_nowhere(
    site: Site, a_context: NewContext, camera: Camera
) -> None:
    page = a_context().new_page()
    phone = Phone(Tab(page))
    phone.joins(site.link)
    _is_chosen(phone, page, camera)
    _opens_the_mask(page)
    _drags(page)
    page.evaluate(_HOLDS_THE_WORKER)
    page.get_by_role("button", name="Klar. Dölj 1 ruta").click()
    page.locator("main[inert][aria-busy=true]").wait_for()
    page.get_by_text("Sparar. Vänta lite.").first.wait_for()
    _drags(page, CORNER)
    assert page.locator(".maskpicture rect").count() == 1
    page.locator("button.back").click()
    page.get_by_role("link", name="Dölj eller ta om").wait_for()
    before = page.url
    page.wait_for_function("self.letsGo !== undefined")
    page.evaluate("self.letsGo()")
    page.get_by_text("1 ruta döljer.").wait_for()

    page.evaluate("new Promise((y) => setTimeout(y, 200))")
    assert page.url == before


@pytest.mark.journey
def test_a_full_phone_says_so_and_the_boxes_are_there_and_one_is_chosen(
    site: Site, a_context: NewContext, camera: Camera
) -> None:
    page = a_context().new_page()
    phone = Phone(Tab(page))
    phone.joins(site.link)
    unmasked = _is_chosen(phone, page, camera)
    _opens_the_mask(page)
    _drags(page)
    page.evaluate(_IS_FULL)
    page.get_by_role("button", name="Klar. Dölj 1 ruta").click()
    page.get_by_text("Telefonen är full. Det sista sparades inte.").wait_for()
    assert _pictures(phone.everything()).popitem()[1] == unmasked

    page.reload()
    page.get_by_role("button", name="Ta bort rutan").wait_for()
    page.get_by_role("button", name="Klar. Dölj 1 ruta").click()
    page.get_by_text("1 ruta döljer.").wait_for()
    [masked] = _pictures(phone.everything()).values()
    assert _brightest(masked) == 0
