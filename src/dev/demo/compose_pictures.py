#!/usr/bin/env python3
"""Composes the product pictures of the demonstration: each product's emoji on a calm background of its category.

How to run it, in this folder, with Pillow and numpy installed:

    npm pack @lobehub/fluent-emoji-3d@1.1.0
    tar xzf lobehub-fluent-emoji-3d-1.1.0.tgz
    python3 compose_pictures.py package

It reads products-*.json and writes pictures/{slug}-{width}.webp. The same input gives the same pictures.
Licence of the emoji: pictures/LICENSE.txt.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

HERE = Path(__file__).resolve().parent
WIDTHS = (320, 640)
LARGE_WIDTH = 960
LARGE_SOURCE = 400  # The large width is only made of a source at least this wide.
SHARE = 0.62  # Of the picture's width, for the longer side of the emoji.
MIDDLE = 0.485  # Where the middle of the emoji is; a little above the geometric one looks centred.
QUALITY = 85

# Hue in degrees and saturation of each category's background.
COLOURS = {
    "electronics": (224, 0.24),
    "office": (44, 0.27),
    "home": (118, 0.17),
    "food-drink": (24, 0.29),
    "health-wellness": (172, 0.21),
    "apparel": (268, 0.19),
    "gift-cards": (342, 0.21),
    "experiences": (201, 0.27),
}


def variation(slug):
    """Four numbers from -1 to 1 that belong to this product alone."""
    digest = hashlib.sha256(slug.encode()).digest()
    return [byte / 127.5 - 1 for byte in digest[:4]]


def rgb(hue, saturation, value):
    """An RGB colour, each channel 0 to 1, of hue, saturation and value."""
    n = (np.array([5, 3, 1]) + hue / 60) % 6
    return value * (1 - saturation * np.clip(np.minimum(n, 4 - n), 0, 1))


def background(category, slug, width):
    """A gradient from light to a little deeper, with a gentle light behind the emoji."""
    hue, saturation = COLOURS[category]
    turn, tilt, left, deep = variation(slug)
    hue += 7 * turn
    light = rgb(hue - 6, saturation * 0.42, 0.985)
    dark = rgb(hue + 6, saturation * (1 + 0.12 * deep), 0.895)
    y, x = np.mgrid[0:width, 0:width] / (width - 1)
    slope = np.clip(0.5 + (y - 0.5) * 0.85 + (x - 0.5) * 0.45 * tilt, 0, 1)[..., None]
    picture = light * (1 - slope) + dark * slope
    distance = np.hypot(x - 0.5 - 0.06 * left, y - 0.44)
    glow = 0.55 * np.exp(-((distance / 0.34) ** 2))[..., None]
    picture += (1 - picture) * glow
    # A grain too fine to see keeps the gradient from showing bands.
    grain = np.random.default_rng(width).normal(0, 0.4, (width, width, 1))
    return np.clip(picture * 255 + grain, 0, 255), dark


def load_emoji(path, width):
    """The emoji without its empty margins, its longer side at the share of the width, and where it goes."""
    emoji = Image.open(path).convert("RGBA")
    emoji = emoji.crop(emoji.getchannel("A").point(lambda a: 255 if a > 8 else 0).getbbox())
    factor = SHARE * width / max(emoji.size)
    size = [max(1, round(side * factor)) for side in emoji.size]
    # Premultiplied, so that no dark fringe appears at the edges.
    emoji = emoji.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
    # Between the middle of its frame and the middle of its mass.
    alpha = np.asarray(emoji.getchannel("A"), dtype=float)
    mass = (alpha.sum(0) @ np.arange(size[0])) / alpha.sum()
    middle = 0.6 * (size[0] / 2) + 0.4 * mass
    place = round(width / 2 - middle), round(MIDDLE * width - size[1] / 2)
    return emoji, place


def shadow(emoji, place, width):
    """How dark the ground is, 0 to 1: a wide soft shadow and a narrow one where the emoji touches the ground."""
    alpha = np.asarray(emoji.getchannel("A"), dtype=float) / 255
    ground = place[1] + emoji.height
    # What is near the ground is what casts the contact shadow.
    foot = alpha[-max(2, emoji.height // 5) :].max(0)
    columns = np.flatnonzero(foot > 0.5)
    whole = np.flatnonzero(alpha.max(0) > 0.5)
    y, x = np.mgrid[0:width, 0:width].astype(float)
    dark = np.zeros((width, width))
    for span, height, drop, strength in ((whole, 0.040, 0.012, 0.27), (columns, 0.016, 0.002, 0.50)):
        middle = place[0] + (span[0] + span[-1]) / 2
        radius = max((span[-1] - span[0]) / 2, 0.05 * width) * 0.92
        far = ((x - middle) / radius) ** 2 + ((y - ground - drop * width) / (height * width)) ** 2
        dark = 1 - (1 - dark) * (1 - strength * np.exp(-1.1 * far))
    return dark[..., None]


def compose(product, path, width):
    """The finished picture."""
    picture, tone = background(product["category"], product["slug"], width)
    emoji, place = load_emoji(path, width)
    dark = shadow(emoji, place, width)
    picture = picture * (1 - dark) + tone * 255 * 0.38 * dark
    picture = Image.fromarray(np.round(picture).astype(np.uint8))
    picture.paste(emoji, place, emoji)
    # Enlarged, the emoji is a little soft. Sharpened in place, its edge meets the background and gets no fringe.
    sharp = picture.filter(ImageFilter.UnsharpMask(radius=width / 450, percent=60, threshold=2))
    picture.paste(sharp.crop((*place, place[0] + emoji.width, place[1] + emoji.height)), place, emoji)
    return picture


def main():
    assets = Path(sys.argv[1]) / "assets"
    pictures = HERE / "pictures"
    pictures.mkdir(exist_ok=True)
    total = 0
    for file in sorted(HERE.glob("products-*.json")):
        for product in json.loads(file.read_text("utf-8")):
            source = assets / product["emoji"]
            with Image.open(source) as emoji:
                large = emoji.width >= LARGE_SOURCE
            for width in WIDTHS + ((LARGE_WIDTH,) if large else ()):
                target = pictures / f"{product['slug']}-{width}.webp"
                compose(product, source, width).save(target, "WEBP", quality=QUALITY, method=6)
                total += target.stat().st_size
    print(f"{total} bytes in {pictures.name}/")


if __name__ == "__main__":
    main()
