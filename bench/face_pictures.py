"""Draws the pictures of `faces`, in an environment of its own: what it has is no part of the product.

Run by `uv run` with `face_pictures.txt`. Every picture comes from inside the scikit-image wheel: `astronaut` (NASA,
public domain), crops of 25 x 25 from `lfw_subset` (its photographs have no stated licence: they are used here and kept
nowhere), and things without faces for what lies behind. Faces stand on a dark body over scenes and textures set side by
side, at 2,048 x 1,536; beside each file its faces are written as height wanted, left, upper, width, height.
"""

import json
import random
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from skimage import data

SIZE = (2048, 1536)
TILE = 512
PLACE = (682, 768)
HEIGHTS = (16, 24, 32, 48, 64, 96, 128, 200)
CONDITIONS = ("day", "night", "turned", "blurred")
SMALL_EACH, LARGE_EACH = 25, 3
EMPTY = 20
BEHIND = (
    "brick",
    "grass",
    "gravel",
    "coffee",
    "coins",
    "clock",
    "rocket",
    "hubble_deep_field",
    "page",
    "text",
    "chelsea",
)
Head = tuple[Image.Image, tuple[float, float, float, float]]
"""A picture of a head, and where in it the face is: left, upper, width, height."""


def main(folder: Path) -> None:
    scenes = [Image.fromarray(getattr(data, name)()).convert("L") for name in BEHIND]
    heads = [_small(Image.fromarray((crop * 255).astype("uint8"))) for crop in data.lfw_subset()[:100:4]]
    large: Head = (Image.fromarray(data.astronaut()).convert("L").crop((120, 0, 330, 250)), (58.0, 62.0, 98.0, 125.0))
    told = []
    for condition in CONDITIONS:
        source = random.Random(condition)
        wanted = [(head, height) for head in [*heads[:SMALL_EACH], *[large] * LARGE_EACH] for height in HEIGHTS]
        source.shuffle(wanted)
        sixes = [wanted[first : first + 6] for first in range(0, len(wanted), 6)]
        told += [_drawn(folder, scenes, condition, source, six) for six in sixes]
    for condition in ("day", "night"):
        source = random.Random(f"nobody by {condition}")
        told += [_drawn(folder, scenes, condition, source, []) for _ in range(EMPTY)]
    (folder / "told.json").write_text(json.dumps(told))


def _small(crop: Image.Image) -> Head:
    """A crop that ends at the face, with something as dark as hair round it."""
    side = crop.width
    whole = Image.new("L", (side * 2, side * 2), int(np.asarray(crop).mean() / 2))
    whole.paste(crop, (side // 2, side // 2))
    return whole, (side // 2, side // 2, side, side)


def _drawn(
    folder: Path, scenes: list[Image.Image], condition: str, source: random.Random, wanted: list[tuple[Head, int]]
) -> dict[str, object]:
    whole = _behind(scenes, source)
    faces = [_put(whole, n, head, height, condition, source) for n, (head, height) in enumerate(wanted)]
    noise = np.random.default_rng(source.randrange(2**32))
    light = np.asarray(whole, dtype=float)
    light = (
        light * 0.28 + noise.normal(0, 9, light.shape)
        if condition == "night"
        else light + noise.normal(0, 3, light.shape)
    )
    file = folder / f"{source.randrange(2**64):016x}.jpg"
    Image.fromarray(light.clip(0, 255).astype("uint8")).save(file, quality=80)
    return {"file": file.name, "condition": condition, "faces": faces}


def _behind(scenes: list[Image.Image], source: random.Random) -> Image.Image:
    whole = Image.new("L", SIZE)
    for x in range(0, SIZE[0], TILE):
        for y in range(0, SIZE[1], TILE):
            scene = source.choice(scenes)
            scale = max(1, TILE / scene.width, TILE / scene.height)
            scene = scene.resize((round(scene.width * scale), round(scene.height * scale)))
            left, upper = source.randint(0, scene.width - TILE), source.randint(0, scene.height - TILE)
            whole.paste(scene.crop((left, upper, left + TILE, upper + TILE)), (x, y))
    return whole


def _put(
    whole: Image.Image, n: int, head: Head, height: int, condition: str, source: random.Random
) -> tuple[int, float, float, float, float]:
    """Pastes the head and a body in the n-th of six places; returns where its face came to lie."""
    picture, face = head
    scale = height / face[3]
    picture = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.BICUBIC)
    left, upper, wide, high = (side * scale for side in face)
    if source.random() < 0.5:
        picture, left = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), picture.width - left - wide
    mask = Image.new("L", picture.size)
    hair = (left - wide * 0.3, upper - high * 0.4, left + wide * 1.3, upper + high * 1.1)
    ImageDraw.Draw(mask).ellipse(hair, fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(max(1, height * 0.04)))
    if condition == "turned":
        angle, middle = source.choice([-20, -12, 12, 20]), (left + wide / 2, upper + high / 2)
        picture = picture.rotate(angle, Image.Resampling.BICUBIC, center=middle)
        mask = mask.rotate(angle, center=middle)
    if condition == "blurred":
        picture = picture.filter(ImageFilter.GaussianBlur(max(0.8, height / 20)))
    x = n % 3 * PLACE[0] + source.randrange(60, max(61, PLACE[0] - picture.width - 60))
    y = n // 3 * PLACE[1] + source.randrange(20, max(21, PLACE[1] - 268 - picture.height))
    across, chin = x + left + wide / 2, y + upper + high
    body = (across - high, chin + high * 0.1, across + high, chin + high * 5)
    ImageDraw.Draw(whole).rounded_rectangle(body, high / 2, source.randrange(30, 120))
    whole.paste(picture, (x, y), mask)
    return height, x + left, y + upper, wide, high


main(Path(sys.argv[1]))
