"""The gallery: figures of the region's borders, corridors and routes, in one table."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from borders import __version__
from maps.i18n import word
from maps.layers.model import REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from maps.layers.model import Layer
    from maps.print.projection import Bounds
    from maps.print.sheet import Sheet

__all__ = ["FORMS", "GALLERY", "draw", "gallery", "write_gallery"]

FORMS = ("png", "svg", "pdf")
# Figures of one border, which may have a table of its legs.
_OF_ONE_BORDER = frozenset({"kars-line"})
# The day up to which statuses were collected.
_DAY = "2026-06-01"
# How far around the Lachin strips roads are drawn, in degrees.
_AROUND_DEG = 0.2
_RAIL = ("rail", "ferry")
# At the scale of all systems these lie on the border of the Treaty of Kars, or west of the frame.
_NOT_TOLD_APART = frozenset(
    {"moscow-1921", "gumru-1920", "brest-litovsk-1918", "berlin-1878", "elviye-i-selase", "tap"}
)
_SCENARIOS = ("status-quo", "tripp-open", "tripp-and-kars-dilucu", "iran-rail", "all-open")


def _systems(*keys: str, bounds: Any = None, on: str | None = None, **look: Any) -> Sheet:
    """Draw systems.

    Parameters
    ----------
    look : as for `maps.static`, such as ``legs`` for a table of a border's legs.
    """
    from corridors.model.registry import system
    from maps.print.figure import static

    return static(*map(system, keys), bounds=bounds, on=on, **look)


def _panels(*, title: str, language: str, width: str | int) -> Sheet:
    """Draw systems as small multiples: borders, railways, roads, pipelines and ferries."""
    from borders.compiler.boundary import Boundary
    from corridors.model.registry import systems
    from maps.print.panels import Panel, panels

    words = {"border": "ui-borders", "rail": "ui-network-rail", "road": "ui-network-road",
             "pipeline": "figure-panel-pipelines", "ferry": "figure-panel-pipelines"}  # fmt: skip
    groups: dict[str, list[Any]] = {}
    for system in systems():
        if system.id in _NOT_TOLD_APART:
            continue
        mode = "border" if isinstance(system, Boundary) else system.mode
        groups.setdefault(word(words[mode], language), []).append(system)
    several = [Panel(title=name, things=tuple(group)) for name, group in groups.items()]
    return panels(several, title=title, language=language, bounds=REGION, width=width)


def _with_roads(*keys: str, **look: Any) -> Sheet:
    """Draw systems with the roads of the network around them."""
    from corridors.model.registry import system
    from maps.layers.build import layers
    from maps.layers.model import bounds_of
    from maps.print.figure import static

    things = [system(key) for key in keys]
    bounds = bounds_of(layers(things))
    return static(*things, _roads(bounds, look["language"]), **look)


def _roads(bounds: Bounds, language: str) -> Layer:
    """Return the roads of the network around bounds, as thin lines behind the subject."""
    import shapely

    from corridors.network.load import load_network
    from corridors.scenarios.scenario import read_scenario
    from corridors.scenarios.terms import Terms
    from maps.layers.network import network_layers
    from maps.style import NETWORK_ROAD

    terms = Terms(modes=("road",))
    every = network_layers(load_network(), [read_scenario("status-quo")], terms=terms)
    layer = next(layer for layer in every if layer.id == "network-road")
    around = shapely.box(*bounds).buffer(_AROUND_DEG)
    shapes = tuple(
        replace(shape, style=NETWORK_ROAD)
        for shape in layer.shapes
        if shape.geometry.intersects(around)
    )
    cited = dict.fromkeys(key for shape in shapes for key in shape.sources)
    return replace(layer, name=word("ui-network-road", language), shapes=shapes,
                   sources=tuple(cited), swatch=NETWORK_ROAD)  # fmt: skip


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
    return lengths_chart(rows, sources=tuple(cited), **look)


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
    "systems": _panels,
    "kars-line": partial(_systems, "kars-1921"),
    "annex-iii": partial(_systems, "nakhchivan-1921", "nakhchivan-moscow-1921", "nakhchivan"),
    "lachin": partial(_with_roads, "lachin-2020", "lachin-2022"),
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


def draw(key: str, *, language: str = "en", width: str | int = "180", legs: bool = False) -> Sheet:
    """Return one figure of the gallery.

    Parameters
    ----------
    key : one of `GALLERY`.
    language : of title, names and words: en, tr, az, hy, ka, ru or fa.
    width : of the page: 85, 120 or 180 mm, or ``slide`` (16:9).
    legs : whether a figure of one border has a table of its legs below the map.

    Raises
    ------
    AraxesError : there is no such width, or no room for a table.
    KeyError : there is no such figure.

    Examples
    --------
    >>> draw("lachin", width=85).extent.kind
    'conformal-conic'
    """
    look: dict[str, Any] = {"language": language, "width": width}
    if legs and key in _OF_ONE_BORDER:
        look["legs"] = True
    return GALLERY[key](title=word(f"figure-{key}", language), **look)


def gallery(  # noqa: PLR0913 - what a gallery is made of
    folder: str | Path,
    *,
    only: Sequence[str] = (),
    language: str = "en",
    form: str = "png",
    width: str | int = "180",
    command: str = "",
    legs: bool = False,
) -> list[Path]:
    """Write the figures of the gallery with their captions, and `index.md`, which shows them.

    Parameters
    ----------
    folder : created if need be; files of an earlier run are replaced, each whole or not at all.
    only : names of figures, such as ``lachin``; all of them if empty.
    form : png, svg or pdf.
    command : the command line that makes the figures, for their captions.
    legs : whether figures of one border have a table of its legs below the map.

    Returns
    -------
    The paths of the figures and of the index.

    Raises
    ------
    AraxesError : there is no such form, width or figure.
    FileFormatError : the folder cannot be written to; says why.
    """
    figures = {
        key: (
            word(f"figure-{key}", language),
            partial(draw, key, language=language, width=width, legs=legs),
        )
        for key in GALLERY
    }
    title = word("figure-systems", language)
    return write_gallery(
        folder, figures, title=title, only=only, form=form, width=width, command=command
    )


def write_gallery(  # noqa: PLR0913 - what a gallery is made of
    folder: str | Path,
    figures: Mapping[str, tuple[str, Callable[[], Sheet]]],
    *,
    title: str,
    only: Sequence[str],
    form: str,
    width: str | int,
    command: str,
) -> list[Path]:
    """Write figures with their captions, and `index.md`, which shows them all; return the paths.

    Parameters
    ----------
    figures : name of a file without its suffix → title of its figure, and what draws it.
    title : of the index.
    only, form, width, command : as for `gallery`.

    Raises
    ------
    AraxesError : there is no such form, width or figure.
    FileFormatError : the folder cannot be written to; says why.
    """
    from borders.errors import AraxesError
    from borders.files.atomic import check_free, output_folder, together, write_text
    from maps.print.figure import beside, save_caption, save_figure
    from maps.print.sheet import page_format
    from maps.progress import steps

    if form not in FORMS:
        message = f"the form is '{form}'; known: {', '.join(FORMS)}"
        raise AraxesError(message)
    page_format(width)
    for key in only:
        if key not in figures:
            message = f"no figure '{key}'; known: {', '.join(figures)}"
            raise AraxesError(message)
    figures = {key: figures[key] for key in only or figures}
    out = output_folder(folder)
    paths = [out / f"{key}.{form}" for key in figures]
    index = out / "index.md"
    check_free(*paths, *map(beside, paths), index)
    with together(), steps(len(figures)) as step:
        for (_, drawn), target in zip(figures.values(), paths, strict=True):
            step(target.name)
            figure = drawn()
            save_figure(figure, target)
            save_caption(figure, target, command=command)
        lines = _index(title, {path: figures[path.stem][0] for path in paths})
        write_text(index, "\n".join(lines))
    return [*paths, index]


def _index(heading: str, titles: Mapping[Path, str]) -> list[str]:
    """Return the page that shows the figures, in Markdown."""
    lines = [f"# {heading}", ""]
    for n, (path, title) in enumerate(titles.items(), 1):
        # A browser shows no PDF as a picture, so it gets a link.
        mark = "" if path.suffix == ".pdf" else "!"
        lines += [f"## {n}. {title}", "", f"{mark}[{title}]({path.name})", "",
                  f"[{path.stem}.caption.md]({path.stem}.caption.md)", ""]  # fmt: skip
    return [*lines, f"Araxes {__version__}", ""]
