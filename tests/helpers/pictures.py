"""Pictures that are kept: those that tests compare with, and those that the README shows.

``python tests/helpers/pictures.py`` draws all of them anew; look at them before you commit them.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
DOTS = 100
# Figures whose data seldom change, each in another language.
BASELINES = {
    "annex-iii": "en",
    "lachin": "hy",
    "zangezur-tripp": "fa",
    "kars-igdir-dilucu": "ka",
    "timeline": "tr",
    "scale-curve": "ru",
}
# The README's figures by the names of the gallery, with their width there in pixels.
SHOWN = {"systems": "map"}
WIDE = 1200
COMPARED = ["--pair", "Kars:Baku", "--pair", "Nakhchivan:Baku", "--pair", "Iğdır:Baku", "--modes",
            "rail", "--scenario", "status-quo", "--scenario", "tripp-and-kars-dilucu"]  # fmt: skip


def greys(figure):
    """Return a figure as it is compared: rows of greys from 0 to 255."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DOTS)
    return np.asarray(Image.open(stream).convert("L"), float)


def baseline(key):
    """Return the picture that is kept of a figure."""
    return np.asarray(Image.open(GOLDEN / f"{key}.png").convert("L"), float)


def small(source, target):
    """Write a picture as few bytes, no wider than a README shows it."""
    picture = Image.open(source).convert("RGB")
    high = round(picture.height * WIDE / picture.width)
    picture = picture.resize((WIDE, high), Image.Resampling.LANCZOS)
    # Other ways of choosing 256 colours give thin lines the colour of their neighbours.
    few = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=3,
                           dither=Image.Dither.NONE)  # fmt: skip
    few.save(target, optimize=True)


def renew():
    """Draw every picture anew."""
    from maps.cli.main import main
    from maps.print.figure import save_figure
    from maps.report.gallery import draw

    for key, language in BASELINES.items():
        picture = greys(draw(key, language=language, width="85")).astype(np.uint8)
        Image.fromarray(picture).save(GOLDEN / f"{key}.png", optimize=True)
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.png"
        for key, name in SHOWN.items():
            save_figure(draw(key), large)
            small(large, ROOT / "docs" / f"{name}.png")
        code = main(["map", *COMPARED, "--out", str(large)])
        small(large, ROOT / "docs" / "compare.png")
    return code


if __name__ == "__main__":
    sys.exit(renew())
