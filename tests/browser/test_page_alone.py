"""Pages of a study without the base: nothing of the bundled map is there, and they work."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest

from corridors.model.registry import system
from corridors.study.study import Study
from corridors.study.template import new_study
from maps.report.study_report import study_report
from maps.style import BASEMAP
from maps.web.interactive import interactive, save

pytestmark = pytest.mark.browser
LAKES = Path(__file__).parents[1] / "studies" / "north-america"
# The colour of the base map at a longitude and latitude.
COLOUR = """([lon, lat]) => {
  const c = document.querySelector(".leaflet-araxes-base-pane canvas");
  const r = c.getBoundingClientRect(), m = araxes.app.map.getContainer().getBoundingClientRect();
  const p = araxes.app.map.latLngToContainerPoint([lat, lon]), scale = c.width / r.width;
  const at = [(p.x + m.left - r.left) * scale, (p.y + m.top - r.top) * scale];
  const [red, green, blue, alpha] = c.getContext("2d").getImageData(...at, 1, 1).data;
  return alpha ? "#" + [red, green, blue].map((v) => v.toString(16).padStart(2, "0")).join("") : "";
}"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone") / "mine"
    new_study(folder, base="none")
    with Study.open(folder).active() as study:
        study_report(study, folder / "out")
    return folder / "out"


@pytest.mark.parametrize("name", ["map.html", "story.html"])
def test_a_page_without_a_base_map_opens_and_draws(report, visit, name, screenshots):
    with visit(report / name) as opened:
        page = opened.page
        page.wait_for_selector(".araxes-ready")
        page.screenshot(path=screenshots / f"alone-{name}.png")
        # Nothing ends where there is no base map, so that the ground is paper, not grey.
        ground = "getComputedStyle(document.querySelector('.leaflet-container')).backgroundColor"
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        drawn = page.evaluate(
            "() => { const c = document.querySelector('.leaflet-araxes-lines-pane canvas');"
            " return c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
            ".some((v) => v > 0); }"
        )
        assert drawn
        assert not opened.complaints


def test_its_own_countries_are_the_land_and_what_is_beyond_is_no_sea(tmp_path, visit):
    with Study.open(LAKES).active():
        page = interactive(system("niagara"), title="Niagara", bounds=(-87, 39, -73, 47))
        save(page, tmp_path / "lakes.html")
    countries = geopandas.read_file(LAKES / "countries.geojson")
    west, _, _, north = countries.total_bounds
    inside = [shape.representative_point() for shape in countries.geometry]
    with visit(tmp_path / "lakes.html") as opened:
        page = opened.page
        page.evaluate(f"araxes.app.map.setView([{north}, {west}], 5, {{ animate: false }})")
        page.wait_for_timeout(200)
        # Reading its pixels makes the browser complain.
        assert not opened.complaints
        for point in inside:
            page.evaluate(f"araxes.app.map.panTo([{point.y}, {point.x}], {{ animate: false }})")
            page.wait_for_timeout(100)
            assert page.evaluate(COLOUR, [point.x, point.y]) == BASEMAP["land"]
        page.evaluate(f"araxes.app.map.panTo([{north}, {west}], {{ animate: false }})")
        page.wait_for_timeout(100)
        assert page.evaluate(COLOUR, [west - 1, north + 1]) == ""
