"""What lies where on paper, measured on the PDF."""

from __future__ import annotations

import numpy as np
import pytest
from poppler import pages_of, words_of
from pyproj import Transformer
from shapely import Point

from borders.files.catalogue import source
from borders.gazetteer.places import places
from corridors.analysis.compare import compare
from corridors.scenarios.terms import Terms
from maps.i18n import word
from maps.layers.model import Layer, Shape
from maps.report.report import TITLE
from maps.style import Style
from maps.web.comparison import RouteComparison
from maps.web.interactive import interactive, save

pytestmark = pytest.mark.browser

# A4 in millimetres, upright and lying.
SIZES = {False: (210, 297), True: (297, 210)}
TOWNS = ("kars", "tbilisi", "baku", "erzurum", "tabriz", "batumi", "yerevan")
# Degrees by which the marks of the table lie north of the towns.
NORTH = 0.45


COLOUR = "#d000d0"


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Return a page with a mark north of each town."""
    style = Style(colour=COLOUR)
    marks = tuple(
        Shape(geometry=Point(places()[key].lon, places()[key].lat + NORTH), style=style, title=key)
        for key in TOWNS
    )
    layer = Layer(id="marks", name="marks", shapes=marks, sources=(), swatch=style)
    path = tmp_path_factory.mktemp("print") / "marked.html"
    save(interactive(layer, title="Marks", bounds=(38.2, 37.2, 50.4, 43.2)), path)
    return path


def pdf_of(page, path, *, landscape, background):
    page.pdf(path=path, format="A4", landscape=landscape, print_background=background)
    return path


def misplaced_mm(sheet):
    """Return how far marks and the dots of towns lie from their places in Web Mercator, in mm."""
    project = Transformer.from_crs(4326, 3857, always_xy=True).transform
    lon, lat = np.array([(places()[key].lon, places()[key].lat) for key in TOWNS]).T
    # South is down on paper.
    towns, marks = (np.column_stack(project(lon, y)) * (1, -1) for y in (lat, lat + NORTH))
    found = sheet.spots(COLOUR, 1.0, 3.5)
    # The legend has a mark too: below the map, or to its right on paper that lies.
    rows, columns = sheet.pixels.shape[:2]
    found = found[np.argsort(found[:, int(rows > columns)])][: len(TOWNS)]
    assert len(found) == len(TOWNS)
    # From west to east marks stand in the same order on the ground and on paper.
    found, order = found[np.argsort(found[:, 0])], np.argsort(lon)
    towns, marks = towns[order], marks[order]
    # Least squares: paper = scale x ground + shift, the same scale to the east and to the south.
    centred = marks - marks.mean(axis=0)
    scale = np.sum((found - found.mean(axis=0)) * centred) / np.sum(centred**2)
    shift = found.mean(axis=0) - scale * marks.mean(axis=0)
    dots = sheet.spots("#333333", 0.7, 1.8)
    assert len(dots) >= len(TOWNS)
    to_dots = dots[None] - (scale * towns + shift)[:, None]
    off = np.hypot(*(found - scale * marks - shift).T)
    return off.max(), np.hypot(to_dots[..., 0], to_dots[..., 1]).min(axis=1).max()


@pytest.mark.parametrize(("landscape", "background"), [(False, False), (True, True)])
def test_marks_and_dots_lie_where_they_belong_on_paper(
    marked, visit, sheet_of, tmp_path, landscape, background
):
    with visit(marked, 1280, 900) as opened:
        path = pdf_of(opened.page, tmp_path / "map.pdf", landscape=landscape, background=background)
    sheet = sheet_of(path, *SIZES[landscape])
    for off_mm in misplaced_mm(sheet):
        assert off_mm < 0.3


@pytest.mark.parametrize("landscape", [False, True])
def test_marks_and_dots_lie_where_they_belong_when_firefox_prints(
    marked, fox, sheet_of, tmp_path, landscape
):
    fox.open(marked, 1280, 900)
    fox.print(tmp_path / "map.pdf", *SIZES[landscape])
    sheet = sheet_of(tmp_path / "map.pdf", *SIZES[landscape])
    for off_mm in misplaced_mm(sheet):
        assert off_mm < 0.3


def test_a_page_printed_without_a_reader_has_its_map(marked, sheet_of, print_alone):
    # Chromium prints as soon as the page has loaded.
    path = print_alone(marked)
    sheet = sheet_of(path, *SIZES[False])
    for off_mm in misplaced_mm(sheet):
        assert off_mm < 0.3


def assert_two_sheets(pdf, *, landscape):
    """Map and legend stand on the first sheet, the sources whole on the second."""
    first, second = pages_of(pdf)
    assert TITLE in first
    assert word("under construction", "en") in first
    assert word("ui-sources", "en") in second
    assert source("de-wikipedia-bagdadbahn").citation[:20] in second.replace("\n", " ")
    # On paper that lies, the tables are on the sheet of the sources.
    assert ("no way" in second) == landscape
    # What a star beside a scenario means is said as on the screen.
    assert f"* {word('ui-best', 'en')}" in f"{first} {second}".replace("\n", " ")


@pytest.mark.parametrize("landscape", [False, True])
def test_a_report_is_printed_on_two_sheets(made, visit, tmp_path, landscape):
    with visit(made.folder / "map.html", 1280, 900) as opened:
        path = pdf_of(opened.page, tmp_path / "r.pdf", landscape=landscape, background=True)
    assert_two_sheets(path, landscape=landscape)


@pytest.mark.parametrize("language", ["hy", "ka", "ru"])
def test_a_report_that_lies_takes_two_sheets_in_languages_of_long_words_too(
    made, visit, tmp_path, language
):
    with visit(made.folder / "map.html", 1280, 900, at=f"#lang={language}") as opened:
        path = pdf_of(opened.page, tmp_path / "r.pdf", landscape=True, background=True)
    first, second = pages_of(path)
    assert word("figure-systems", language) in first.replace("\n", " ")
    assert word("ui-sources", language) in second
    assert source("de-wikipedia-bagdadbahn").citation[:20] in second.replace("\n", " ")


@pytest.mark.parametrize("language", ["en", "hy", "ka", "ru"])
def test_heads_of_tables_side_by_side_lie_clear_of_one_another(made, visit, tmp_path, language):
    with visit(made.folder / "map.html", 1280, 900, at=f"#lang={language}") as opened:
        path = pdf_of(opened.page, tmp_path / "r.pdf", landscape=True, background=True)
    words = words_of(path, sheet=2)
    # The head has two lines of 9 pixels.
    top = min(word[2] for word in words)
    head = [word for word in words if word[2] < top + 15]
    # Letters over letters are read as one word, or as words that lie over each other.
    heads = sorted((text.lower(), left, right) for text, left, _, right, _ in head)
    firsts = [(left, right) for text, left, right in heads if text == word("scenario", language)]
    assert len(firsts) == 3
    for text, left, right in heads:
        over = [start for start, end in firsts if start < right and end > left]
        assert over == [] or text == word("scenario", language), text


def test_long_words_drive_the_tables_but_not_the_sources_to_a_sheet_of_their_own(
    made, visit, tmp_path
):
    with visit(made.folder / "map.html", 1280, 900, at="#lang=ka") as opened:
        path = pdf_of(opened.page, tmp_path / "r.pdf", landscape=False, background=True)
    first, second = pages_of(path)
    assert word("figure-systems", "ka") in first.replace("\n", " ")
    assert word("ui-sources", "ka") in second


@pytest.mark.parametrize("landscape", [False, True])
def test_firefox_prints_a_report_on_two_sheets(made, fox, tmp_path, landscape):
    fox.open(made.folder / "map.html", 1280, 900)
    fox.print(tmp_path / "r.pdf", *SIZES[landscape])
    assert_two_sheets(tmp_path / "r.pdf", landscape=landscape)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Return a page of routes whose title folds on paper but not in a wide window."""
    pairs = [("Kars", "Baku"), ("Nakhchivan", "Baku"), ("Iğdır", "Baku")]
    terms = Terms(modes="rail")
    rows = compare(pairs, ["status-quo", "tripp-and-kars-dilucu"], terms=terms)
    path = tmp_path_factory.mktemp("compared") / "ways.html"
    title = "Kars – Baku; Nakhchivan city – Baku; Iğdır – Baku: as things stand, and if both open"
    save(interactive(ways=RouteComparison(compared=rows, terms=terms), title=title), path)
    return path


def test_a_title_that_folds_on_paper_drives_no_line_to_a_second_sheet(compared, visit, tmp_path):
    with visit(compared, 1440, 900) as opened:
        path = pdf_of(opened.page, tmp_path / "w.pdf", landscape=False, background=True)
    (only,) = pages_of(path)
    assert word("ui-sources", "en") in only


def test_the_sources_stand_with_their_heading_on_paper_that_lies(compared, visit, tmp_path):
    with visit(compared, 1440, 900) as opened:
        path = pdf_of(opened.page, tmp_path / "w.pdf", landscape=True, background=True)
    first, second = pages_of(path)
    assert word("ui-sources", "en") not in first
    assert second.lstrip().startswith(word("ui-sources", "en"))
