"""The gallery: figures of the region's borders, corridors and routes, in one table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from borders import __version__
from maps.i18n import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from corridors.analysis.compare import Row
    from maps.print.sheet import Sheet

__all__ = ["FORMS", "GALLERY", "draw", "gallery"]

FORMS = ("png", "svg", "pdf")
# The day up to which statuses were collected.
_DAY = "2026-06-01"
_RAIL = ("rail", "ferry")
_SCENARIOS = ("status-quo", "tripp-open", "tripp-and-kars-dilucu", "iran-rail", "all-open")


def _systems(*keys: str, bounds: Any = None, on: str | None = None, **look: Any) -> Sheet:
    from corridors.model.registry import system, systems
    from maps.print.figure import static

    things = [system(key) for key in keys] if keys else systems()
    return static(*things, bounds=bounds, on=on, **look)


def _routes(*queries: tuple[str, str, str, str, tuple[str, ...]], **look: Any) -> Sheet:
    """Draw routes: each from, to, under a scenario, through a place or none (""), by modes."""
    from corridors.network.load import load_network
    from corridors.routing.find import route
    from corridors.scenarios.terms import Terms
    from maps.layers.routes import route_layers
    from maps.print.figure import static

    network = load_network()
    routes = [
        route(start, end, scenario=scenario, via=[via] if via else [],
              terms=Terms(modes=modes), network=network)
        for start, end, scenario, via, modes in queries
    ]  # fmt: skip
    return static(*route_layers(routes, look["language"]), **look)


def _lengths(**look: Any) -> Sheet:
    from corridors.analysis.compare import compare
    from corridors.scenarios.scenario import read_scenario
    from corridors.scenarios.terms import Terms
    from maps.charts.lengths import lengths_chart

    pairs = [("Kars", "Baku"), ("Nakhchivan", "Baku")]
    scenarios = [read_scenario(key) for key in _SCENARIOS]
    rows = compare(pairs, scenarios, terms=Terms(modes=_RAIL))
    cited = dict.fromkeys(key for row in rows if row.way for key in row.way.sources)
    return lengths_chart([_unrounded(row) for row in rows], sources=tuple(cited), **look)


def _unrounded(row: Row) -> dict[str, Any]:
    """Return the values of a row with its lengths unrounded.

    The chart rounds them itself; rounded twice, they would differ from those of tables.
    """
    values = row.row()
    if row.way is not None:
        length = row.way.length
        metres = {"km": length.value, "low_km": length.low, "high_km": length.high}
        values |= {key: value / 1000 for key, value in metres.items()}
    return values


def _timeline(**look: Any) -> Sheet:
    from corridors.model.registry import systems
    from maps.charts.timeline import timeline_chart

    return timeline_chart(systems(), **look)


def _scale(*keys: str, **look: Any) -> Sheet:
    from maps.charts.border_scale import scale_chart

    return scale_chart(keys, **look)


def _claims(**look: Any) -> Sheet:
    from corridors.analysis.verdicts import verdicts
    from maps.charts.claims import claims_chart

    return claims_chart(verdicts(), **look)


# File name → the function that draws it; titles are the words `figure-…` of
# data/context/words.csv.
GALLERY: dict[str, Callable[..., Sheet]] = {
    "systems": partial(_systems, bounds=(40.4, 38.2, 50.4, 42.4)),
    "kars-line": partial(_systems, "kars-1921"),
    "annex-iii": partial(_systems, "nakhchivan-1921", "nakhchivan-moscow-1921", "nakhchivan"),
    "lachin": partial(_systems, "lachin-2020", "lachin-2022"),
    "zangezur-tripp": partial(
        _systems, "horadiz-aghband", "zangezur-tripp", "nakhchivan-railway", on=_DAY
    ),
    "kars-igdir-dilucu": partial(_systems, "kars-igdir-dilucu", "kars-gyumri", on=_DAY),
    "btk-zangezur": partial(
        _routes,
        ("Kars", "Baku", "status-quo", "", _RAIL),
        ("Kars", "Baku", "tripp-and-kars-dilucu", "Nakhchivan", _RAIL),
    ),
    "middle-corridor": partial(
        _routes,
        ("Aktau", "Istanbul", "middle-corridor", "", _RAIL),
        ("Aktau", "Istanbul", "middle-corridor-zangezur", "Nakhchivan", _RAIL),
    ),
    "pipelines": partial(_systems, "btc", "bte", "tanap"),
    "baku-ways": partial(
        _routes,
        ("Kars", "Baku", "status-quo", "", _RAIL),
        ("Nakhchivan", "Baku", "tripp-open", "", _RAIL),
        ("Nakhchivan", "Baku", "status-quo", "", ("road",)),
    ),
    "baku-lengths": _lengths,
    "timeline": _timeline,
    "scale-curve": partial(_scale, "tur-arm", "tur-geo"),
    "claims": _claims,
}


def draw(key: str, *, language: str = "en", width: str | int = "180") -> Sheet:
    """Return one figure of the gallery.

    Parameters
    ----------
    key : one of `GALLERY`.
    language : of title, names and words: en, tr, az, hy, ka, ru or fa.
    width : of the page: 85, 120 or 180 mm, or ``slide`` (16:9).

    Raises
    ------
    AraxesError : there is no such width.
    KeyError : there is no such figure.

    Examples
    --------
    >>> draw("lachin", width=85).extent.kind
    'conformal-conic'
    """
    return GALLERY[key](title=word(f"figure-{key}", language), language=language, width=width)


def gallery(
    folder: str | Path,
    *,
    language: str = "en",
    form: str = "png",
    width: str | int = "180",
    command: str = "",
) -> list[Path]:
    """Write every figure of the gallery with its caption, and `index.md`, which shows them all.

    Parameters
    ----------
    folder : created if need be; files of an earlier run are replaced, each whole or not at all.
    form : png, svg or pdf.
    command : the command line that makes the figures, for their captions.

    Returns
    -------
    The paths of the figures and of the index.

    Raises
    ------
    AraxesError : there is no such form or width.
    FileFormatError : the folder cannot be written to; says why.
    """
    from borders.errors import AraxesError
    from borders.files.atomic import check_free, output_folder, write_text
    from maps.print.figure import beside, save_caption, save_figure
    from maps.print.sheet import page_format
    from maps.progress import steps

    if form not in FORMS:
        message = f"the form is '{form}'; known: {', '.join(FORMS)}"
        raise AraxesError(message)
    page_format(width)
    out = output_folder(folder)
    paths = [out / f"{key}.{form}" for key in GALLERY]
    index = out / "index.md"
    check_free(*paths, *map(beside, paths), index)
    with steps(len(GALLERY)) as step:
        for key, target in zip(GALLERY, paths, strict=True):
            step(target.name)
            figure = draw(key, language=language, width=width)
            save_figure(figure, target)
            save_caption(figure, target, command=command)
    write_text(index, "\n".join(_index(paths, language)))
    return [*paths, index]


def _index(paths: Sequence[Path], language: str) -> list[str]:
    """Return the page that shows the figures, in Markdown."""
    lines = [f"# {word('figure-systems', language)}", ""]
    for n, path in enumerate(paths, 1):
        title = word(f"figure-{path.stem}", language)
        # A browser shows no PDF as a picture, so it gets a link.
        mark = "" if path.suffix == ".pdf" else "!"
        lines += [f"## {n}. {title}", "", f"{mark}[{title}]({path.name})", "",
                  f"[{path.stem}.caption.md]({path.stem}.caption.md)", ""]  # fmt: skip
    return [*lines, f"Araxes {__version__}", ""]
