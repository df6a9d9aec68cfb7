"""The letters of figures: those of the data, embedded, and shaped."""

from __future__ import annotations

import csv
import re
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import pytest
from fontTools.ttLib import TTFont
from matplotlib.font_manager import fontManager
from poppler import pages_of

from borders.files.bundle import BUNDLED
from maps.print.figure import save_figure
from maps.print.sheet import Sheet, page_format, plain
from maps.report.gallery import draw

FOLDER = BUNDLED.folder / "fonts"
SERIF = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"
FAMILIES = ("NotoSans", "Vazirmatn")
LANGUAGES = ("en", "tr", "az", "hy", "ka", "ru", "fa")


def letters(style):
    return {
        chr(code) for name in FAMILIES for code in TTFont(FOLDER / f"{name}-{style}.ttf")["cmap"]
        .getBestCmap()
    }  # fmt: skip


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_the_typeface_holds_every_letter_of_the_words_and_of_the_names_of_places(style):
    texts = []
    for name in ("context/words.csv", "places.csv"):
        with (BUNDLED.folder / name).open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        texts += [row[key] for row in rows for key in row if key in LANGUAGES or "name" in key]
    used = {letter for text in texts for letter in text if letter.isprintable()}
    assert len(used) > 300
    assert used <= letters(style) | {"\n"}


@pytest.mark.parametrize("language", ["hy", "ka", "ru", "fa"])
def test_a_pdf_embeds_the_typeface_as_outlines_that_can_be_searched(language):
    stream = BytesIO()
    save_figure(draw("zangezur-tripp", language=language, width="85"), stream, suffix=".pdf")
    file = stream.getvalue()
    fonts = set(re.findall(rb"/FontName /[A-Z]{6}\+([A-Za-z-]+)", file))
    assert fonts <= {b"NotoSans-Regular", b"NotoSans-Bold", b"Vazirmatn-Regular",
                     b"Vazirmatn-Bold"}  # fmt: skip
    assert (b"Vazirmatn-Bold" in fonts) is (language == "fa")
    assert b"/Subtype /CIDFontType2" in file  # TrueType, not Type 3
    assert b"/Type3" not in file


def test_two_files_of_one_family_are_told_apart_in_one_another_and_after_one_another(tmp_path):
    wide = tmp_path / "wide.ttf"
    font = TTFont(SERIF)
    for name, (width, bearing) in font["hmtx"].metrics.items():
        font["hmtx"].metrics[name] = 2 * width, bearing
    font.save(wide)
    formats = [page_format("85", font=file) for file in (SERIF, wide)]
    assert formats[0].face.family == formats[1].face.family
    own = fontManager.findfont

    def width(paper):
        with plain(paper.face):
            return Sheet(paper).width_of("Nakhchivan", 8.0)

    narrow, broad = map(width, formats)
    with plain(formats[0].face):
        assert width(formats[1]) == broad
        assert width(formats[0]) == narrow
    assert broad > 1.5 * narrow
    assert fontManager.findfont == own


def test_a_search_finds_persian_words_in_a_pdf(tmp_path):
    figure = draw("zangezur-tripp", language="fa", width="85")
    save_figure(figure, tmp_path / "a.pdf")
    (shown,) = pages_of(tmp_path / "a.pdf")
    names = {label.get_text() for label in figure.axes[0].texts if label.get_label() == "country"}
    assert names
    assert all(word in shown for name in names for word in name.split())


def test_an_svg_keeps_text_as_text_and_names_the_family():
    stream = BytesIO()
    save_figure(draw("zangezur-tripp", language="fa", width="85"), stream, suffix=".svg")
    file = stream.getvalue().decode()
    families = set(re.findall(r"font-family: ([^;\"]+)", file))
    assert families == {"'Noto Sans', 'Vazirmatn', 'DejaVu Sans', sans-serif"}
    assert "ارمنستان" in file
