"""What a user waits for a figure: each of its forms and sizes, drawn and written."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridors.model.registry import systems
from maps.layers.model import REGION
from maps.print.figure import save_figure, static
from maps.report.gallery import GALLERY, draw

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT_S = 3.0
FORMS = (("180", ".png"), ("180", ".svg"), ("85", ".pdf"), ("slide", ".png"))


def benches() -> Iterator[dict[str, Any]]:
    """Yield one result for each form."""
    every = systems()
    with tempfile.TemporaryDirectory() as folder:
        for width, suffix in FORMS:
            target = Path(folder) / f"map{suffix}"
            times = []
            for _ in range(3):
                begin = time.perf_counter()
                save_figure(static(*every, bounds=REGION, width=width), target)
                times.append(time.perf_counter() - begin)
            yield {
                "bench": f"figure of all systems, {width}, {suffix}",
                "ours": min(times),
                "theirs": None,
                "ratio": None,
                "unit": "s",
                "bar": LIMIT_S,
                "ok": min(times) <= LIMIT_S,
            }
    yield _gallery()


def _gallery() -> dict[str, Any]:
    """Return the time of the slowest figure of the gallery, drawn and written."""
    slowest, key = 0.0, ""
    with tempfile.TemporaryDirectory() as folder:
        for one in GALLERY:
            times = []
            for _ in range(2):
                begin = time.perf_counter()
                save_figure(draw(one), Path(folder) / "map.png")
                times.append(time.perf_counter() - begin)
            slowest, key = max((slowest, key), (min(times), one))
    return {"bench": f"slowest figure of the gallery ({key}), 180, .png", "ours": slowest,
            "theirs": None, "ratio": None, "unit": "s", "bar": LIMIT_S,
            "ok": slowest <= LIMIT_S}  # fmt: skip


if __name__ == "__main__":
    import json

    for result in benches():
        print(json.dumps(result))
