"""A file whose suffix no command can write is refused in the same words by all of them."""

from __future__ import annotations

import pytest

CHART = ".png, .svg, .pdf"
MAP = f".html, {CHART}"
ASKED = {
    "claims": (("claims", "--out"), CHART),
    "compare": (("compare", "--pair", "Kars:Baku", "--out"), CHART),
    "compare, hours": (("compare", "--pair", "Kars:Baku", "--chart"), CHART),
    "route, hours": (("route", "Kars", "Baku", "--chart"), CHART),
    "series": (("series", "Kars", "Baku", "--on", "2020-01-01:2021-01-01", "--out"), CHART),
    "robust": (("robust", "Kars", "Baku", "--chart"), CHART),
    "sweep": (("sweep", "--vary", "speed_kmh.road=40:60:2", "--pair", "Kars:Baku", "--out", "a.csv",
               "--chart"), CHART),
    "access, gains": (("access", "Kars", "--within", "5", "--chart"), CHART),
    "profile": (("profile", "btk", "--out"), MAP),
    "map": (("map", "btk", "--out"), MAP),
    "access": (("access", "Kars", "--within", "5", "--out"), f"{MAP}, .geojson"),
    "reach": (("reach", "Kars", "--within", "5", "--out"), f"{MAP}, .geojson"),
    "events": (("events", "--out"), f"{MAP}, .geojson"),
    "districts": (("districts", "--out"), f"{MAP}, .geojson"),
    "import": (("network", "import", "a.osm.pbf", "--out"), ".npz, .geojson"),
    "refine": (("network", "refine", "--osm", "a.osm.pbf", "--out"), ".npz, .geojson"),
    "refine, report": (("network", "refine", "--osm", "a.osm.pbf", "--out", "a.npz", "--report"),
                       f"{MAP}, .geojson"),
}  # fmt: skip


@pytest.mark.parametrize("command", ASKED)
@pytest.mark.parametrize(
    ("file", "shown"), [("x.docx", "'.docx'"), ("x", "a file without a suffix")]
)
def test_a_suffix_that_a_command_does_not_know_is_refused_in_one_way(araxes, command, file, shown):
    words, known = ASKED[command]
    told = araxes(*words, file)
    assert told.code == 2
    message = f"araxes: {file}: cannot write {shown}; known suffixes: {known}"
    assert told.err.startswith(message)
    # Formats of geometry follow, of which there are many.
    assert told.err == f"{message}\n" or known.endswith(".geojson")
