"""Pages of a study without the base: nothing of the bundled map is there, and they work."""

from __future__ import annotations

import pytest

from corridors.study.study import Study
from corridors.study.template import new_study
from maps.report.study_report import study_report

pytestmark = pytest.mark.browser


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
        drawn = page.evaluate(
            "() => { const c = document.querySelector('.leaflet-araxes-lines-pane canvas');"
            " return c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
            ".some((v) => v > 0); }"
        )
        assert drawn
        assert not opened.complaints
