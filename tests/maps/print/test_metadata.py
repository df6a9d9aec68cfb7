"""What a figure's file says of itself, read by other libraries."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import geopandas as gpd
import pytest
from matplotlib.figure import Figure
from PIL import Image
from poppler import told
from shapely import LineString

from corridors import system
from maps.charts.lengths import lengths_chart
from maps.print.figure import save_figure, static

DC = "{http://purl.org/dc/elements/1.1/}"
TITLE = "Kars & <Tiflis> – Şuşa"


@pytest.fixture(scope="module")
def figure():
    own = gpd.GeoDataFrame(
        {"name": ["Road"], "source": ["my survey\x07"]},
        geometry=[LineString([(43.1, 40.6), (43.8, 40.8)])], crs=4326,
    )  # fmt: skip
    return static(system("btk"), own, title=TITLE, width="85", language="tr")


def texts(element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_a_png_says_title_sources_and_licences(figure, tmp_path):
    save_figure(figure, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        said = dict(picture.text)
    assert said["Title"] == TITLE
    assert "OpenStreetMap contributors" in said["Copyright"]
    assert "ODbL-1.0" in said["Copyright"]
    assert "scgraph-data" in said["Source"]
    assert "my survey" in said["Source"]


def test_an_svg_says_title_sources_and_licences(figure, tmp_path):
    save_figure(figure, tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    said = {key: texts(root.find(f".//{DC}{key}")) for key in ("title", "source", "rights")}
    assert said["title"] == TITLE
    assert "ODbL-1.0" in said["rights"]
    assert "my survey" in said["source"]
    assert root.find(f".//{DC}language").text == "tr"
    assert root.find(f".//{DC}date") is None


def test_a_pdf_says_title_author_and_licences_twice_and_its_table_holds(figure, tmp_path):
    save_figure(figure, tmp_path / "a.pdf")
    pdf = (tmp_path / "a.pdf").read_bytes()
    packet = re.search(rb"<x:xmpmeta.*?</x:xmpmeta>", pdf, re.DOTALL)[0]
    root = ET.fromstring(packet)
    said = {key: texts(root.find(f".//{DC}{key}")) for key in ("title", "creator", "rights")}
    assert (said["title"], said["creator"]) == (TITLE, "Araxes")
    assert "ODbL-1.0" in said["rights"]
    info = {key: re.search(rb"/%s\s*[(<]" % key, pdf) for key in (b"Title", b"Author", b"Subject")}
    assert all(info.values()), info
    # Every entry of every table of cross-references leads to its object (ISO 32000-1, 7.5.4).
    start, objects = int(re.search(rb"startxref\s+(\d+)\s+%%EOF\s*\Z", pdf)[1]), {}
    while start:
        table, _, trailer = pdf[start:].partition(b"trailer")
        lines = table.split(b"\n")[1:]
        while lines and lines[0]:
            first, count = map(int, lines[0].split())
            for n, line in enumerate(lines[1 : count + 1], first):
                assert re.fullmatch(rb"\d{10} \d{5} [nf] ", line)
                if line.endswith(b"n "):
                    objects.setdefault(n, int(line[:10]))
            lines = lines[count + 1 :]
        before = re.search(rb"/Prev (\d+)", trailer.partition(b"%%EOF")[0])
        start = int(before[1]) if before else 0
    assert all(pdf[at:].startswith(b"%d 0 obj" % n) for n, at in objects.items())
    catalogue = pdf[objects[1] :].partition(b"endobj")[0]
    metadata = int(re.search(rb"/Metadata (\d+) 0 R", catalogue)[1])
    length = int(re.search(rb"/Length (\d+)", pdf[objects[metadata] :])[1])
    stream = pdf[objects[metadata] :].partition(b"stream\n")[2]
    assert stream[length:].startswith(b"\nendstream")
    assert stream[:length].endswith(b'<?xpacket end="w"?>')


def test_a_chart_says_its_title_too(tmp_path):
    row = {"from": "Kars", "to": "Baku", "scenario": "today", "modes": ["rail"], "km": 800.0,
           "low_km": 790.0, "high_km": 810.0, "unbuilt_km": 0.0, "best": True,
           "reason": None}  # fmt: skip
    save_figure(lengths_chart([row], title=TITLE), tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.text["Title"] == TITLE


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "jpg"])
def test_a_plain_figure_of_matplotlib_is_saved_too(tmp_path, suffix):
    save_figure(Figure(), tmp_path / f"a.{suffix}")
    assert (tmp_path / f"a.{suffix}").stat().st_size > 500


def test_a_pdf_is_tagged_as_one_figure_with_a_text_for_those_who_do_not_see_it(figure, tmp_path):
    save_figure(figure, tmp_path / "a.pdf")
    assert re.search(r"Tagged:\s+yes", told("pdfinfo", tmp_path / "a.pdf"))
    tree = told("pdfinfo", "-struct", tmp_path / "a.pdf")
    assert [line.strip() for line in tree.splitlines()] == ["Document", "Figure"]
    # All that is written on the page is in the figure.
    labels = [text.get_text() for text in figure.axes[0].texts if text.get_label() == "place"]
    assert labels
    assert all(label in told("pdfinfo", "-struct-text", tmp_path / "a.pdf") for label in labels)
    pdf = (tmp_path / "a.pdf").read_bytes()
    alternative = bytes.fromhex(re.search(rb"/Alt <([0-9a-f]+)>", pdf)[1].decode())
    assert alternative.decode("utf-16").startswith(f"{figure.metadata.title}. ")
    assert b"/Lang (tr)" in pdf
