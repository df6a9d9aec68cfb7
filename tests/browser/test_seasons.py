"""The day of a page knows seasons: a pass that is closed in winter is closed on a winter's day."""

from __future__ import annotations

import pytest

from corridors.analysis.compare import compare
from corridors.routing.find import route
from corridors.scenarios.terms import Terms
from maps.web.comparison import RouteComparison
from maps.web.interactive import interactive, save

pytestmark = pytest.mark.browser

ROAD = Terms(modes=("road",))
STATUS = """
([day, title]) => {
  const { model } = araxes.app;
  araxes.app.change({ day });
  for (const layer of model.facts.layers) {
    for (let n = 0; n < layer.count; n++) {
      if (layer.t(n) >= 0 && model.titleOf(layer, n) === title) {
        return [model.status(layer, n).word, model.statusText(layer, n)];
      }
    }
  }
}
"""


def test_a_pass_is_closed_on_days_of_its_winter_and_open_on_others(tmp_path, visit) -> None:
    file = tmp_path / "passes.html"
    rows = compare([("rize", "bayburt")], ["status-quo"], terms=ROAD)
    save(interactive(ways=RouteComparison(compared=rows)), file)
    with visit(file) as opened:
        for day in ("2026-01-15", "2024-02-29", "2025-12-10", "2025-12-09", "2026-04-01"):
            found = route("caykara", "bayburt", terms=ROAD, on=day)
            uses = "road-caykara-bayburt" in {link.id for link in found.links}
            told, words = opened.page.evaluate(STATUS, [day, "Çaykara–Bayburt"])
            assert told == ("open" if uses else "closed"), day
            assert "each year 12-10 – 03-31" in words
