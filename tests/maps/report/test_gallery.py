"""The gallery: every figure is whole, with its caption, and everything on it is in its place."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations, cycle, product

import pytest
from figures import box_of

from borders.errors import AraxesError
from borders.files.bundle import BUNDLED
from borders.gazetteer.places import LANGUAGES
from maps.print.figure import save_figure
from maps.print.scale_bar import SCALE_ORDER
from maps.print.sheet import plain
from maps.report.gallery import FORMS, GALLERY, draw, gallery

WIDTHS = ("85", "120", "180", "slide")
# What the seeds call for, by the figure that answers it.
CALLED_FOR = {
    "kars-line": "Treaty of Kars",
    "annex-iii": "Annex III",
    "lachin": "2020 and 2022",
    "zangezur-tripp": "status",
    "kars-igdir-dilucu": "Dilucu",
    "btk-zangezur": "BTK",
    "middle-corridor": "Middle Corridor",
    "pipelines": "Pipelines",
    "baku-ways": "Nakhchivan to Baku",
    "baku-lengths": "by scenario",
    "timeline": "What stood when",
    "scale-curve": "by scale",
    "claims": "Published",
}
NAMES = ("place", "country", "water", "key", "exit")
drawn = cache(draw)


def inside(box, frame, slack=0.5):
    return (
        frame.x0 - slack <= box.x0 < box.x1 <= frame.x1 + slack
        and frame.y0 - slack <= box.y0 < box.y1 <= frame.y1 + slack
    )


def clashes(boxes):
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]


def shown(axis, limits):
    """Return the names of the ticks that are drawn."""
    low, high = sorted(limits)
    ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
    return [text for at, text in ticks if low <= at <= high]


def boxes_of(figure):
    """Return every text of a figure, and the locator of a map, with their boxes."""
    renderer = figure.canvas.get_renderer()
    main = figure.axes[0]
    words = [*figure.texts, *main.texts]
    if main.get_label() == "chart":
        words += [*shown(main.xaxis, main.get_xlim()), *shown(main.yaxis, main.get_ylim())]
        words += [main.xaxis.label, main.yaxis.label]
    boxes = [(word.get_text(), box_of(word)) for word in words if word.get_text()]
    arrow = [patch for patch in main.patches if patch.get_zorder() == SCALE_ORDER]
    boxes += [("arrow", box_of(patch)) for patch in arrow[:1]]
    locators = [axes for axes in figure.axes if axes.get_label() == "locator"]
    return [*boxes, *(("locator", axes.get_window_extent(renderer)) for axes in locators)]


def slack(name, box):
    """Return a box without what lines of one paragraph share: descenders and ascenders."""
    return box.padded(-0.14 * min(box.width, box.height) / (name.count("\n") + 1))


def faults(figure):
    """Return what lies off the page or the map, and what lies on something else."""
    with plain():
        return _faults(figure)


def _faults(figure):
    main = figure.axes[0]
    if main.get_label() == "chart":
        # The names of axes find their places while they are drawn.
        figure.canvas.draw()
    boxes = boxes_of(figure)
    found = [name for name, box in boxes if not inside(box, figure.bbox)]
    frame = main.get_window_extent()
    if main.get_label() == "map":
        found += [t.get_text() for t in main.texts
                  if t.get_label() in NAMES and not inside(box_of(t), frame)]  # fmt: skip
    return found + clashes([(name, slack(name, box)) for name, box in boxes])


def test_the_gallery_has_the_figures_that_are_called_for():
    assert len(GALLERY) >= 12
    titles = {
        key: drawn(key, language="en", width="180").caption.split("**")[1] for key in CALLED_FOR
    }
    assert [key for key, part in CALLED_FOR.items() if part not in titles[key]] == []


def test_every_figure_has_a_title_in_every_language():
    rows = {row["id"]: row for row in BUNDLED.rows("context/words.csv")}
    for key in GALLERY:
        titles = {rows[f"figure-{key}"][language] for language in LANGUAGES}
        assert len(titles) == len(LANGUAGES), key


OTHERS = [language for language in LANGUAGES if language != "en"]
# English everywhere, and each other language at several widths: all of them would take minutes.
CASES = [
    (key, width, language)
    for n, (key, width) in enumerate(product(GALLERY, WIDTHS))
    for language in ("en", OTHERS[n % len(OTHERS)])
]


@pytest.mark.parametrize(("key", "width", "language"), CASES)
def test_all_that_is_written_lies_in_its_place_and_on_nothing_else(key, width, language):
    figure = drawn(key, language=language, width=width)
    assert figure.missing == set()
    assert len(boxes_of(figure)) > 10
    assert faults(figure) == []


def test_a_name_moved_onto_another_is_found():
    figure = draw("lachin", width="85")
    one, other = [text for text in figure.axes[0].texts if text.get_label() == "place"][:2]
    assert faults(figure) == []
    one.set_position(other.get_position())
    assert (one.get_text(), other.get_text()) in faults(figure)
    one.set_position((-40, 0))
    assert one.get_text() in faults(figure)


@pytest.mark.parametrize("form", FORMS)
def test_the_command_writes_every_figure_with_its_caption_and_a_page(
    form, araxes, tmp_path, monkeypatch
):
    if form != "png":
        few = {key: GALLERY[key] for key in ("lachin", "timeline")}
        monkeypatch.setattr("maps.report.gallery.GALLERY", few)
    keys = GALLERY if form == "png" else few
    told = araxes("gallery", "--out", tmp_path / form, "--format", form, "--width", "85")
    assert (told.code, told.err) == (0, "")
    wanted = {"index.md"}
    wanted |= {f"{key}{end}" for key in keys for end in (f".{form}", ".caption.md")}
    assert {path.name for path in (tmp_path / form).iterdir()} == wanted
    assert all(f"{key}.{form}" in told.out for key in keys)
    page = (tmp_path / form / "index.md").read_text("utf-8")
    links = re.findall(r"\]\(([^)]+)\)", page)
    assert set(links) == wanted - {"index.md"}
    caption = (tmp_path / form / "lachin.caption.md").read_text("utf-8")
    assert "araxes gallery --out" in caption
    assert "Licences of the data" in caption


@pytest.mark.parametrize(("key", "form"), list(zip(GALLERY, cycle(FORMS), strict=False)))
def test_a_figure_drawn_again_has_the_same_bytes(key, form, tmp_path):
    for name in "ab":
        save_figure(draw(key, language="ka", width="85"), tmp_path / f"{name}.{form}")
    one, two = ((tmp_path / f"{name}.{form}").read_bytes() for name in "ab")
    assert one == two
    assert len(one) > 10_000


def test_what_no_gallery_has_is_refused_with_what_it_has(araxes, tmp_path):
    told = araxes("gallery", "--out", tmp_path / "x", "--format", "bmp")
    assert (told.code, told.err) == (2, "araxes: the form is 'bmp'; known: png, svg, pdf\n")
    told = araxes("gallery", "--out", tmp_path / "x", "--width", "90")
    assert told.code == 2
    assert "known: 85, 120, 180, slide" in told.err
    told = araxes("gallery", "--out", tmp_path / "x", "--only", "lachin,lachine")
    assert told.code == 2
    assert told.err.startswith("araxes: no figure 'lachine'; known: systems, kars-line")
    assert not (tmp_path / "x").exists()
    with pytest.raises(AraxesError):
        gallery(tmp_path / "x", form="gif")


def test_some_figures_are_written_alone(araxes, tmp_path):
    told = araxes("gallery", "--out", tmp_path, "--only", "timeline", "--width", "85")
    assert told.code == 0
    written = {"index.md", "timeline.caption.md", "timeline.png"}
    assert {path.name for path in tmp_path.iterdir()} == written
    assert "--only timeline" in (tmp_path / "timeline.caption.md").read_text("utf-8")
    assert (tmp_path / "index.md").read_text("utf-8").count("## ") == 1
