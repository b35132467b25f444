#!/usr/bin/env python3
"""Draw the field app's icons from our own logo, for the telephones' home screens.

    python tools/app_icons.py

They are kept as files, since no telephone draws them itself; run this again when the
logo changes. "maskable" keeps clear of the corners that a telephone may cut away.
"""

import io
import re
import sys
from pathlib import Path

import vl_convert
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
LOGO = ROOT / "rinnalla/shell/static/shell/logo.svg"
ICONS = ROOT / "rinnalla/phone/static/phone/icons"
GROUND = "#FBFAF7"
# Name, size in pixels, the logo's share of the height.
WANTED = [
    ("icon-192.png", 192, 0.62),
    ("icon-512.png", 512, 0.62),
    ("icon-maskable-512.png", 512, 0.48),
]


def main():
    """Draw each icon and say how much it weighs."""
    ICONS.mkdir(parents=True, exist_ok=True)
    for name, size, share in WANTED:
        path = ICONS / name
        write(path, vl_convert.svg_to_png(drawing(size, share), scale=1, ppi=72))
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
    return 0


def drawing(size, share):
    """An SVG of the logo in the middle of a square ground."""
    logo = LOGO.read_text()
    box = re.search(r'viewBox="([^"]+)"', logo)[1]
    left, top, width, height = map(float, box.split())
    inside = re.search(r"<svg[^>]*>(.*)</svg>", logo, re.DOTALL)[1]
    scale = size * share / height
    x, y = (size - width * scale) / 2, (size - height * scale) / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}">'
        f'<rect width="{size}" height="{size}" fill="{GROUND}"/>'
        f'<g transform="translate({x} {y}) scale({scale}) translate({-left} {-top})"'
        f" {attributes(logo)}>{inside}</g></svg>"
    )


def attributes(logo):
    """How the logo's strokes are drawn: the attributes of its svg element."""
    kept = re.findall(r'((?:fill|stroke)[\w-]*="[^"]*")', logo.partition(">")[0])
    return " ".join(kept)


def write(path, png):
    """Keep a picture with as few colours as it needs."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    few = picture.quantize(64, dither=Image.Dither.NONE)
    few.save(path, "PNG", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
